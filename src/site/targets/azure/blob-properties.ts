import type { StoredObject, TargetHeaders, TargetObject } from '../target.ts';

/** What Azure tells of a blob, in a listing and in an answer. */
export interface BlobProperties {
  readonly etag?: string | undefined;
  readonly lastModified?: Date | undefined;
  readonly contentLength?: number | undefined;
  /** Absent of blobs that were put together of blocks, unless it was told. */
  readonly contentMD5?: Uint8Array | undefined;
  readonly contentType?: string | undefined;
  readonly cacheControl?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly contentLanguage?: string | undefined;
}

const PROPERTY_OF_HEADER = {
  'content-type': 'contentType',
  'cache-control': 'cacheControl',
  'content-encoding': 'contentEncoding',
  'content-disposition': 'contentDisposition',
  'content-language': 'contentLanguage',
} as const;

/** The headers that Azure keeps with a blob. */
export const AZURE_HEADERS: readonly string[] = Object.keys(PROPERTY_OF_HEADER);

/** An object as a listing tells of it. Azure changes the ETag with the headers too, so it serves as tag and as revision. */
export function targetObject(key: string, properties: BlobProperties): TargetObject {
  const { etag, lastModified, contentLength = 0, contentMD5 } = properties;
  const tag = tagOf(etag);
  return {
    key,
    size: contentLength,
    tag,
    revision: tag,
    modifiedAt: lastModified?.getTime() ?? Number.NaN,
    ...(contentMD5 !== undefined &&
      contentMD5.length > 0 && { md5: Buffer.from(contentMD5).toString('hex') }),
  };
}

/** An object with its headers. */
export function storedObject(key: string, properties: BlobProperties): StoredObject {
  const headers = Object.entries(PROPERTY_OF_HEADER).flatMap(([header, property]) => {
    const value = properties[property];
    return value === undefined || value === '' ? [] : [[header, value]];
  });
  return { ...targetObject(key, properties), headers: Object.fromEntries(headers) };
}

/** Without its quotes: answers have them, listings do not. */
export function tagOf(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}

/** The headers of a blob, as the SDK names them. Azure clears what is not given, the MD5 too. */
export function blobHeaders(headers: TargetHeaders, md5: string | undefined): BlobHeaders {
  const named = {
    blobContentType: headers['content-type'],
    blobCacheControl: headers['cache-control'],
    blobContentEncoding: headers['content-encoding'],
    blobContentDisposition: headers['content-disposition'],
    blobContentLanguage: headers['content-language'],
    blobContentMD5: md5 === undefined ? undefined : md5Bytes(md5),
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

interface BlobHeaders {
  readonly blobContentType?: string;
  readonly blobCacheControl?: string;
  readonly blobContentEncoding?: string;
  readonly blobContentDisposition?: string;
  readonly blobContentLanguage?: string;
  readonly blobContentMD5?: Uint8Array;
}

/** @param md5 - in hexadecimal */
export function md5Bytes(md5: string): Uint8Array {
  return Buffer.from(md5, 'hex');
}
