import { isPlainObject } from '../../core/text.ts';
import { STORED_TYPES, type StoredType } from '../rules/index.ts';
import type { PageKey, StoredPage } from '../store.ts';

/** What is kept of a page beside its body, which nginx sends as it is. */
export interface PageRecord extends PageKey {
  readonly mediaType: StoredType;
  /** With its quotes. */
  readonly etag: string;
  /** Of the body, in bytes. */
  readonly size: number;
  /** By the clock of the writer, in milliseconds. */
  readonly storedAt: number;
  readonly tags: readonly string[];
  readonly assetsVersion?: string | undefined;
  /** What binds it to the body: it stands in the flags of the page's item. */
  readonly landing: number;
}

/** The flag that nginx is told of by `memcached_gzip_flag`. */
export const GZIP_FLAG = 2;

const LANDING_BITS = 30;
/** How many landings can be told apart. */
export const LANDINGS: number = 2 ** LANDING_BITS;

/** The flags of a page's item, 32 bits. */
export function pageFlags(landing: number, isCompressed: boolean): number {
  return landing * 4 + (isCompressed ? GZIP_FLAG : 0);
}

/** The landing that flags tell of. */
export function landingOf(flags: number): number {
  return Math.floor(flags / 4);
}

export function writeRecord(record: PageRecord): Buffer {
  return Buffer.from(JSON.stringify(record));
}

/** The record of a page, where it belongs to the item with these flags. */
export function fittingRecord(bytes: Buffer | undefined, flags: number | undefined): PageRecord | undefined {
  if (bytes === undefined || flags === undefined) return undefined;
  let record: unknown;
  try {
    record = JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
  return isRecord(record) && record.landing === landingOf(flags) ? record : undefined;
}

function isRecord(value: unknown): value is PageRecord {
  return (
    isPlainObject(value) &&
    typeof value['site'] === 'string' &&
    typeof value['target'] === 'string' &&
    typeof value['mediaType'] === 'string' &&
    Object.hasOwn(STORED_TYPES, value['mediaType']) &&
    typeof value['etag'] === 'string' &&
    typeof value['size'] === 'number' &&
    typeof value['storedAt'] === 'number' &&
    Array.isArray(value['tags']) &&
    typeof value['landing'] === 'number'
  );
}

/** A page as it is listed. */
export function storedPage({
  site,
  target,
  mediaType,
  size,
  storedAt,
  tags,
  assetsVersion,
}: PageRecord): StoredPage {
  return {
    site,
    target,
    url: site + target,
    mediaType,
    size,
    storedAt: new Date(storedAt),
    tags,
    ...(assetsVersion === undefined ? {} : { assetsVersion }),
  };
}
