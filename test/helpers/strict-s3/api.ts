import type { ServerResponse } from 'node:http';
import { element, S3Refusal, sendXml } from './refusal.ts';
import type { S3Request } from './request.ts';
import {
  keptHeaders,
  md5Of,
  requireChecksums,
  requireConditions,
  type S3Bucket,
  type StoredS3Object,
} from './stored-objects.ts';

/** What an answer is made of. */
export interface S3Place {
  readonly bucket: S3Bucket;
  readonly pageObjects: number;
  readonly now: number;
  /** Whether conditions of writes count. */
  readonly conditions: boolean;
}

/** Answers a request that is signed. */
export function answerApi(response: ServerResponse, request: S3Request, body: Buffer, place: S3Place): void {
  const { bucket, now, conditions } = place;
  const { kind, key, query, headers } = request;
  const { objects } = bucket;
  if (headers['content-length'] === undefined && ['write', 'upload part'].includes(kind))
    throw new S3Refusal(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  switch (kind) {
    case 'list':
      return sendXml(response, 200, listing(request, place));
    case 'inspect':
    case 'read':
      return sendObject(response, found(objects.get(key)));
    case 'write': {
      requireChecksums(headers, body);
      if (conditions) requireConditions(headers, objects.get(key));
      const { etag } = bucket.put(key, body, headers, now);
      return void response.writeHead(200, { etag: `"${etag}"`, 'content-length': 0 }).end();
    }
    case 'copy': {
      const source = decodeURIComponent(String(headers['x-amz-copy-source'])).replace(/^\/?[^/]+\//, '');
      const object = found(objects.get(source));
      if (source === key && headers['x-amz-metadata-directive'] !== 'REPLACE')
        throw new S3Refusal(400, 'InvalidRequest', 'This copy request is illegal: it changes nothing.');
      const condition = headers['x-amz-copy-source-if-match'];
      if (condition !== undefined && String(condition).replaceAll('"', '') !== object.etag)
        throw new S3Refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions did not hold.');
      const copy = bucket.put(key, object.bytes, keptHeaders(headers), now);
      return sendXml(
        response,
        200,
        element('CopyObjectResult', {
          ETag: `"${copy.etag}"`,
          LastModified: new Date(copy.modifiedAt).toISOString(),
        }),
      );
    }
    case 'delete':
      objects.delete(key);
      return void response.writeHead(204).end();
    case 'list uploads':
      return sendXml(response, 200, uploadListing(request, place));
    case 'start upload':
      return sendXml(
        response,
        200,
        element('InitiateMultipartUploadResult', { Key: key, UploadId: bucket.startUpload(key, headers) }),
      );
    case 'upload part': {
      requireChecksums(headers, body);
      bucket.upload(request).parts.set(Number(query.get('partNumber')), body);
      return void response.writeHead(200, { etag: `"${md5Of(body)}"` }).end();
    }
    case 'end upload': {
      const { etag } = bucket.endUpload(request, body.toString('utf8'), now);
      return sendXml(
        response,
        200,
        element('CompleteMultipartUploadResult', { Key: key, ETag: `"${etag}"` }),
      );
    }
    case 'abort upload':
      bucket.upload(request);
      bucket.uploads.delete(query.get('uploadId') ?? '');
      return void response.writeHead(204).end();
    default:
      throw new S3Refusal(
        501,
        'NotImplemented',
        'A header or query implies functionality that is not implemented.',
      );
  }
}

/** Sends the bytes of an object with its headers. */
export function sendObject(response: ServerResponse, object: StoredS3Object): void {
  const { bytes, etag, modifiedAt, headers } = object;
  response
    .writeHead(200, {
      'content-type': 'binary/octet-stream',
      ...headers,
      'content-length': bytes.length,
      etag: `"${etag}"`,
      'last-modified': new Date(modifiedAt).toUTCString(),
    })
    .end(response.req.method === 'HEAD' ? undefined : bytes);
}

function listing({ query }: S3Request, { bucket: { objects }, pageObjects }: S3Place): string {
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const after = token === null ? '' : Buffer.from(token, 'base64url').toString('utf8');
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).toSorted();
  const page = keys.slice(0, Math.min(pageObjects, Number(query.get('max-keys') ?? 1000)));
  const isTruncated = page.length < keys.length;
  const contents = page.map((key) => {
    const { bytes, etag, modifiedAt } = found(objects.get(key));
    const parts = { Key: key, Size: bytes.length, ETag: `"${etag}"` };
    return element('Contents', { ...parts, LastModified: new Date(modifiedAt).toISOString() });
  });
  const next = Buffer.from(page.at(-1) ?? '').toString('base64url');
  const parts = {
    KeyCount: page.length,
    IsTruncated: isTruncated,
    ...(isTruncated && { NextContinuationToken: next }),
  };
  return element('ListBucketResult', parts).replace(
    '</ListBucketResult>',
    `${contents.join('')}</ListBucketResult>`,
  );
}

/** By key, and then by id. */
function uploadListing({ query }: S3Request, { bucket: { uploads }, pageObjects }: S3Place): string {
  const prefix = query.get('prefix') ?? '';
  const after = `${query.get('key-marker') ?? ''}\n${query.get('upload-id-marker') ?? ''}`;
  const all = [...uploads]
    .map(([UploadId, { key: Key }]) => ({ Key, UploadId, place: `${Key}\n${UploadId}` }))
    .filter(({ Key, place }) => Key.startsWith(prefix) && place > after)
    .toSorted((one, other) => (one.place < other.place ? -1 : 1));
  const page = all.slice(0, pageObjects);
  const { Key = '', UploadId = '' } = page.at(-1) ?? {};
  const parts = {
    IsTruncated: page.length < all.length,
    ...(page.length < all.length && { NextKeyMarker: Key, NextUploadIdMarker: UploadId }),
  };
  return element('ListMultipartUploadsResult', parts).replace(
    '</ListMultipartUploadsResult>',
    `${page.map((upload) => element('Upload', { Key: upload.Key, UploadId: upload.UploadId })).join('')}</ListMultipartUploadsResult>`,
  );
}

function found(object: StoredS3Object | undefined): StoredS3Object {
  if (object !== undefined) return object;
  throw new S3Refusal(404, 'NoSuchKey', 'The specified key does not exist.');
}
