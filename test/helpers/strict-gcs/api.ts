import type { ServerResponse } from 'node:http';
import { sendBytes } from './public-object.ts';
import { refusal, sendJson } from './refusal.ts';
import type { GcsRequest } from './request.ts';
import {
  checkConditions,
  missing,
  patchObject,
  putObject,
  resourceOf,
  type Bucket,
  type StoredGcsObject,
} from './stored-objects.ts';
import { splitMultipart, takePart, type Sessions } from './uploads.ts';

/** Where a request is carried out. */
export interface Place {
  readonly bucket: Bucket;
  readonly sessions: Sessions;
  readonly pageObjects: number;
  readonly now: number;
  /** Of the server's own URLs. */
  readonly origin: string;
}

/** Answers a request to the JSON API. */
export function answerApi(response: ServerResponse, request: GcsRequest, body: Buffer, place: Place): void {
  const { kind, name, query } = request;
  const { bucket, now } = place;
  const send = (object: StoredGcsObject): void =>
    sendJson(response, 200, resourceOf(request.bucket, name, object));
  switch (kind) {
    case 'list':
      return sendJson(response, 200, listing(request, place));
    case 'inspect':
      return send(found(request, bucket));
    case 'read':
      return sendBytes(response, found(request, bucket), request);
    case 'upload': {
      if (query.get('uploadType') !== 'multipart') throw refusal(400, 'invalid', 'Not known here.');
      const { metadata, bytes } = splitMultipart(body, request.headers);
      return send(putObject(bucket, name, bytes, metadata, query, now));
    }
    case 'start upload':
      return startUpload(response, request, body, place);
    case 'upload part':
      return takeUploadPart(response, request, body, place);
    case 'patch':
      return send(patchObject(bucket, name, JSON.parse(body.toString()), query, now));
    case 'delete':
      checkConditions(found(request, bucket), query);
      bucket.delete(name);
      response.writeHead(204).end();
      return;
    case 'public':
      throw refusal(404, 'notFound', 'Not Found');
  }
}

function found({ name }: GcsRequest, bucket: Bucket): StoredGcsObject {
  const object = bucket.get(name);
  if (object === undefined) throw missing(name);
  return object;
}

function listing(
  { bucket: bucketName, query }: GcsRequest,
  { bucket, pageObjects }: Place,
): Record<string, unknown> {
  const prefix = query.get('prefix') ?? '';
  const after = Buffer.from(query.get('pageToken') ?? '', 'base64').toString();
  const names = [...bucket.keys()]
    .filter((name) => name.startsWith(prefix) && (after === '' || isBefore(after, name)))
    .toSorted((one, other) => (isBefore(one, other) ? -1 : 1));
  const count = Math.min(pageObjects, Number(query.get('maxResults') ?? 1000));
  const page = names.slice(0, count);
  const items = page.flatMap((name) => {
    const object = bucket.get(name);
    return object === undefined ? [] : [resourceOf(bucketName, name, object)];
  });
  const isLast = names.length <= count;
  return {
    kind: 'storage#objects',
    ...(items.length > 0 && { items }),
    ...(!isLast && { nextPageToken: Buffer.from(page.at(-1) ?? '').toString('base64') }),
  };
}

/** By the bytes of UTF-8, as Google lists. */
function isBefore(one: string, other: string): boolean {
  return Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;
}

function startUpload(response: ServerResponse, request: GcsRequest, body: Buffer, place: Place): void {
  const { bucket, name, query } = request;
  checkConditions(place.bucket.get(name), query);
  const metadata: Readonly<Record<string, unknown>> = body.length === 0 ? {} : JSON.parse(body.toString());
  const id = place.sessions.start({ bucket, name, metadata, query });
  const location = `${place.origin}/upload/storage/v1/b/${bucket}/o?uploadType=resumable&upload_id=${id}`;
  response.writeHead(200, { location }).end();
}

function takeUploadPart(response: ServerResponse, request: GcsRequest, body: Buffer, place: Place): void {
  const id = request.query.get('upload_id') ?? '';
  const session = place.sessions.find(id);
  const { bucket, name, metadata, query } = session;
  // Who lost the last answer asks again.
  if (session.made !== undefined) return sendJson(response, 200, resourceOf(bucket, name, session.made));
  if (!takePart(session, body, request.headers['content-range'])) {
    const received = session.bytes.length;
    response.writeHead(308, received > 0 ? { range: `bytes=0-${received - 1}` } : {}).end();
    return;
  }
  session.made = putObject(place.bucket, name, session.bytes, metadata, query, place.now);
  sendJson(response, 200, resourceOf(bucket, name, session.made));
}
