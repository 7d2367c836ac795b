import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** What a request is for. */
type S3RequestKind =
  | 'list'
  | 'inspect'
  | 'read'
  | 'write'
  | 'copy'
  | 'delete'
  | 'list uploads'
  | 'start upload'
  | 'upload part'
  | 'end upload'
  | 'abort upload'
  /** A GET without a signature: of an object's URL, or of the bucket's website. */
  | 'public';

/** A request, understood. */
export interface S3Request {
  readonly kind: S3RequestKind;
  readonly bucket: string;
  /** Of the object; empty for what is asked of a bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Whether it is asked of the bucket's website. */
  readonly isWebsite: boolean;
}

/** Understands a request: the bucket is in the path; its website is below `/website/`. */
export function requestOf({ method = 'GET', url = '/', headers }: IncomingMessage): S3Request {
  const { pathname, searchParams: query } = new URL(url, 'http://localhost');
  const [, website, bucket = '', path = ''] = /^(\/website)?\/([^/]+)\/?(.*)$/s.exec(pathname) ?? [];
  const key = decodeURIComponent(path);
  const isWebsite = website !== undefined;
  const isPublic = isWebsite || headers.authorization === undefined;
  const kind = isPublic ? 'public' : kindOf(method, key, query, headers);
  return { kind, bucket, key, query, headers, isWebsite };
}

function kindOf(
  method: string,
  key: string,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): S3RequestKind {
  if (method === 'HEAD') return 'inspect';
  if (method === 'POST') return query.has('uploads') ? 'start upload' : 'end upload';
  if (method === 'DELETE') return query.has('uploadId') ? 'abort upload' : 'delete';
  if (method === 'PUT') {
    if (query.has('uploadId')) return 'upload part';
    return headers['x-amz-copy-source'] === undefined ? 'write' : 'copy';
  }
  if (key !== '') return 'read';
  return query.has('uploads') ? 'list uploads' : 'list';
}
