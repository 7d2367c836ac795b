import type { ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { GcsRequest } from './request.ts';
import type { Bucket, StoredGcsObject } from './stored-objects.ts';

/** Answers a GET of the public URL of an object. */
export function answerPublic(
  response: ServerResponse,
  request: GcsRequest,
  bucket: Bucket,
  isPublic: boolean,
): void {
  const object = bucket.get(request.name);
  // Who may not list a bucket is not told whether an object is there.
  if (!isPublic)
    return sendXml(
      response,
      403,
      'AccessDenied',
      'Anonymous caller does not have storage.objects.get access.',
    );
  if (object === undefined) return sendXml(response, 404, 'NoSuchKey', 'The specified key does not exist.');
  sendBytes(response, object, request);
}

/** Sends the bytes of an object; who does not accept gzip gets them decompressed. */
export function sendBytes(response: ServerResponse, object: StoredGcsObject, { headers }: GcsRequest): void {
  const { contentType, cacheControl, contentEncoding, contentDisposition, contentLanguage, generation } =
    object;
  const isDecoded =
    contentEncoding === 'gzip' && !/\bgzip\b/.test(headers['accept-encoding']?.toString() ?? '');
  response.writeHead(200, {
    'content-type': contentType ?? 'application/octet-stream',
    'cache-control': cacheControl ?? 'public, max-age=3600',
    'x-goog-generation': `${generation}`,
    ...(contentEncoding !== undefined && !isDecoded && { 'content-encoding': contentEncoding }),
    ...(contentDisposition !== undefined && { 'content-disposition': contentDisposition }),
    ...(contentLanguage !== undefined && { 'content-language': contentLanguage }),
  });
  response.end(isDecoded ? gunzipSync(object.bytes) : object.bytes);
}

function sendXml(response: ServerResponse, status: number, code: string, message: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml; charset=UTF-8' })
    .end(
      `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    );
}
