import type { StoredObject, TargetContent, TargetHeaders, TargetObject } from '../target.ts';

/** What the JSON API tells of an object. Numbers of 64 bits are strings. */
export interface ObjectResource {
  readonly name?: string;
  readonly size?: string | number;
  readonly generation?: string | number;
  readonly metageneration?: string | number;
  readonly updated?: string;
  /** In base64; an object that was composed of others has none. */
  readonly md5Hash?: string;
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
}

/** The fields of {@link ObjectResource} that a listing needs. */
export const LISTED_FIELDS = 'name,size,generation,metageneration,updated,md5Hash';

/** Which field of an object is which header. */
const FIELD_OF_HEADER = {
  'content-type': 'contentType',
  'cache-control': 'cacheControl',
  'content-encoding': 'contentEncoding',
  'content-disposition': 'contentDisposition',
  'content-language': 'contentLanguage',
} as const;

/** The headers that Google keeps with an object. */
export const GCS_HEADERS: readonly string[] = Object.keys(FIELD_OF_HEADER);

/** An object as a listing tells of it. */
export function targetObject(key: string, resource: ObjectResource): TargetObject {
  const { size, generation, metageneration, updated, md5Hash } = resource;
  return {
    key,
    size: Number(size),
    tag: `${generation}`,
    // Google counts the changes of headers alone by the second number.
    revision: `${generation}/${metageneration}`,
    modifiedAt: Date.parse(updated ?? ''),
    ...(md5Hash !== undefined && { md5: Buffer.from(md5Hash, 'base64').toString('hex') }),
  };
}

/** An object with its headers. */
export function storedObject(key: string, resource: ObjectResource): StoredObject {
  const headers = Object.entries(FIELD_OF_HEADER).flatMap(([header, field]) => {
    const value = resource[field];
    return value === undefined || value === '' ? [] : [[header, value]];
  });
  return { ...targetObject(key, resource), headers: Object.fromEntries(headers) };
}

/** The metadata of an object with these headers and no others: what is not given is cleared. */
export function metadataOf(headers: TargetHeaders): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(FIELD_OF_HEADER).map(([header, field]) => [field, headers[header] ?? null]),
  );
}

/** The metadata of a new object, with the MD5 that its bytes must have. */
export function metadataOfUpload(headers: TargetHeaders, content: TargetContent): Record<string, string> {
  const given = Object.entries(metadataOf(headers)).filter(
    (pair): pair is [string, string] => pair[1] !== null,
  );
  return { ...Object.fromEntries(given), md5Hash: Buffer.from(content.md5, 'hex').toString('base64') };
}
