import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** What a request is for. */
type GcsRequestKind =
  | 'list'
  | 'inspect'
  | 'read'
  | 'upload'
  | 'start upload'
  | 'upload part'
  | 'patch'
  | 'delete'
  /** A GET of the public URL. */
  | 'public';

/** A request, understood. */
export interface GcsRequest {
  readonly kind: GcsRequestKind;
  readonly bucket: string;
  /** Of the object; empty for a listing. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** Understands a request. The root of the API may be left out, as the SDK does for emulators. */
export function requestOf({ method = 'GET', url = '/', headers }: IncomingMessage): GcsRequest {
  const { pathname, searchParams: query } = new URL(url, 'http://localhost');
  const [, isUpload, bucket = '', encodedName] =
    /^(\/upload)?(?:\/storage\/v1)?\/b\/([^/]+)\/o(?:\/([^/]+))?$/.exec(pathname) ?? [];
  if (bucket === '') {
    const [, publicBucket = '', path = ''] = /^\/([^/]+)\/(.*)$/.exec(pathname) ?? [];
    return { kind: 'public', bucket: publicBucket, name: decodeURIComponent(path), query, headers };
  }
  const name = encodedName === undefined ? (query.get('name') ?? '') : decodeURIComponent(encodedName);
  return { kind: kindOf(method, isUpload !== undefined, name, query), bucket, name, query, headers };
}

function kindOf(method: string, isUpload: boolean, name: string, query: URLSearchParams): GcsRequestKind {
  if (isUpload && method === 'PUT') return 'upload part';
  if (isUpload) return query.get('uploadType') === 'resumable' ? 'start upload' : 'upload';
  if (method === 'PATCH') return 'patch';
  if (method === 'DELETE') return 'delete';
  if (name === '') return 'list';
  return query.get('alt') === 'media' ? 'read' : 'inspect';
}
