import { haveSameHeaders } from '../targets/same-headers.ts';
import type { StoredObject, TargetHeaders, TargetObject } from '../targets/target.ts';
import type { LocalFile } from './local-site.ts';
import type { PublishedFile } from './manifest.ts';

/** A file of the site with the headers that it should have at the target. */
export interface WantedFile {
  readonly file: LocalFile;
  readonly headers: TargetHeaders;
}

/** What has to be done so that an object is as the site wants it. */
export type Comparison =
  | { readonly kind: 'same' }
  | { readonly kind: 'upload' | 'headers'; readonly reason: string }
  /** The listing does not tell: the object itself has to be asked for. */
  | { readonly kind: 'ask' };

const SAME: Comparison = { kind: 'same' };

/**
 * Compares a file with what the listing and the manifest tell of its object.
 *
 * @param record - what the last publish left
 */
export function compareListed(
  { file, headers }: WantedFile,
  object: TargetObject | undefined,
  record: PublishedFile | undefined,
): Comparison {
  if (object === undefined)
    return { kind: 'upload', reason: record === undefined ? 'new' : 'deleted by others' };
  const isUntouched = record?.revision === object.revision;
  if (isUntouched) {
    if (record.md5 !== file.md5 || record.size !== file.size)
      return { kind: 'upload', reason: 'other bytes' };
    return haveSameHeaders(record.headers, headers) ? SAME : { kind: 'headers', reason: 'other headers' };
  }
  const isOther =
    object.size !== file.size ||
    (isMd5(object.md5) && isMd5OfBytes(object, record) && object.md5 !== file.md5);
  if (!isOther) return { kind: 'ask' };
  const isByOthers = record?.md5 === file.md5 && record.size === file.size;
  return { kind: 'upload', reason: isByOthers ? 'changed by others' : 'other bytes' };
}

/**
 * Compares a file with its object, which was asked for.
 *
 * @param hasSameBytes - whether the target's checksum is that of the file
 */
export function compareStored(
  { headers }: WantedFile,
  object: StoredObject | undefined,
  record: PublishedFile | undefined,
  hasSameBytes: boolean,
): Comparison {
  if (object === undefined) return { kind: 'upload', reason: 'deleted by others' };
  if (!hasSameBytes)
    return { kind: 'upload', reason: record === undefined ? 'other bytes' : 'changed by others' };
  if (haveSameHeaders(object.headers, headers)) return SAME;
  const isByOthers = record !== undefined && haveSameHeaders(record.headers, headers);
  return { kind: 'headers', reason: isByOthers ? 'headers changed by others' : 'other headers' };
}

function isMd5(text: string | undefined): boolean {
  return text !== undefined && /^[0-9a-f]{32}$/.test(text);
}

/** With encryption by a key of AWS KMS, what looks like an MD5 is none: then what was written has another one than its record. */
function isMd5OfBytes({ tag, md5 }: TargetObject, record: PublishedFile | undefined): boolean {
  return record?.tag !== tag || record.md5 === md5;
}
