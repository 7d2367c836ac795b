import { cacheFor, NO_STORE, YEAR_SECONDS } from '../http/cache-control.ts';

/** How long an answer may be kept, and whether its URL promises certain bytes. */
export interface Delivery {
  readonly cacheControl: string;
  readonly isVersioned: boolean;
}

/** Under a version: the bytes of that version, for ever. */
export const IMMUTABLE: Delivery = { cacheControl: cacheFor(YEAR_SECONDS, true), isVersioned: true };
/** Under a version that nobody knows: whatever is there, for once. */
export const CURRENT_BYTES: Delivery = { cacheControl: NO_STORE, isVersioned: false };
