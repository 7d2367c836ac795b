import { choice, type Kind } from '../core/option-kinds.ts';

/** What a version that a server does not know gets: the current bytes, which nobody may store, or a 404. */
export type UnknownVersionAnswer = 'current-bytes' | 'not-found';

/** The option `unknownVersion` of all servers. */
export const UNKNOWN_VERSION: Kind<UnknownVersionAnswer> = choice('current-bytes', 'not-found');
