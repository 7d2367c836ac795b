import type { ServerResponse } from 'node:http';
import { sendObject } from './api.ts';
import { S3Refusal } from './refusal.ts';
import type { S3Request } from './request.ts';
import type { S3Bucket, StoredS3Object } from './stored-objects.ts';

/** Answers who has not signed: an object's own URL, or the website of the bucket, which knows folders and redirects. */
export function answerPublic(
  response: ServerResponse,
  { bucket: name, key, isWebsite }: S3Request,
  { objects }: S3Bucket,
  isPublic: boolean,
): void {
  // Who may not list a bucket is not told whether an object is there.
  if (!isPublic) throw new S3Refusal(403, 'AccessDenied', 'Access Denied');
  if (!isWebsite) return sendObject(response, found(objects.get(key)));
  const base = `/website/${name}/`;
  const object = objects.get(key === '' || key.endsWith('/') ? `${key}index.html` : key);
  const location = object?.headers['x-amz-website-redirect-location'];
  if (location !== undefined) return redirect(response, 301, location);
  if (object !== undefined) return sendObject(response, object);
  if (!key.endsWith('/') && objects.has(`${key}/index.html`))
    return redirect(response, 302, `${base}${encodeURI(key)}/`);
  const notFound = objects.get('404.html');
  response.writeHead(404, { 'content-type': 'text/html' }).end(notFound?.bytes ?? 'Not found');
}

function redirect(response: ServerResponse, status: number, location: string): void {
  response.writeHead(status, { location, 'content-length': 0 }).end();
}

function found(object: StoredS3Object | undefined): StoredS3Object {
  if (object !== undefined) return object;
  throw new S3Refusal(404, 'NoSuchKey', 'The specified key does not exist.');
}
