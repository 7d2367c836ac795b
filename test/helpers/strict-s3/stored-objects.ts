import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { S3Refusal } from './refusal.ts';
import type { S3Request } from './request.ts';

/** An object of a bucket. */
export interface StoredS3Object {
  readonly bytes: Buffer;
  /** Without quotes. */
  readonly etag: string;
  /** In milliseconds since 1970; S3 tells the second alone. */
  readonly modifiedAt: number;
  /** Those that are kept, `x-amz-website-redirect-location` too. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An upload in parts that is under way. */
interface MultipartUpload {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, Buffer>;
}

const KEPT = [
  'content-type',
  'cache-control',
  'content-encoding',
  'content-disposition',
  'content-language',
  'expires',
  'x-amz-website-redirect-location',
];

/** No part but the last is shorter. */
const LEAST_PART_BYTES = 5 * 1024 * 1024;

/** The objects of a bucket. */
export class S3Bucket {
  readonly objects: Map<string, StoredS3Object> = new Map();
  /** By their ids. */
  readonly uploads: Map<string, MultipartUpload> = new Map();

  /** Writes an object whole. */
  put(key: string, bytes: Buffer, headers: IncomingHttpHeaders, now: number): StoredS3Object {
    return this.store(key, bytes, md5Of(bytes), keptHeaders(headers), now);
  }

  store(
    key: string,
    bytes: Buffer,
    etag: string,
    headers: Readonly<Record<string, string>>,
    now: number,
  ): StoredS3Object {
    const object = { bytes, etag, headers, modifiedAt: Math.floor(now / 1000) * 1000 };
    this.objects.set(key, object);
    return object;
  }

  startUpload(key: string, headers: IncomingHttpHeaders): string {
    const id = randomUUID();
    this.uploads.set(id, { key, headers: keptHeaders(headers), parts: new Map() });
    return id;
  }

  upload({ query, key }: S3Request): MultipartUpload {
    const upload = this.uploads.get(query.get('uploadId') ?? '');
    if (upload?.key === key) return upload;
    throw new S3Refusal(404, 'NoSuchUpload', 'The specified upload does not exist.');
  }

  /** Makes an object of the parts that are named: its ETag is of their MD5s. */
  endUpload(request: S3Request, body: string, now: number): StoredS3Object {
    const { key, headers, parts } = this.upload(request);
    const named = [...body.matchAll(/<Part>.*?<\/Part>/gs)].map(([part]) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      etag: (/<ETag>(.*?)<\/ETag>/.exec(part)?.[1] ?? '').replaceAll(/"|&quot;/g, ''),
    }));
    const pieces = named.map(({ number, etag }, index) => {
      const piece = parts.get(number);
      if (piece === undefined || md5Of(piece) !== etag)
        throw new S3Refusal(400, 'InvalidPart', 'One or more of the parts could not be found.');
      if (index < named.length - 1 && piece.length < LEAST_PART_BYTES)
        throw new S3Refusal(400, 'EntityTooSmall', 'A part is smaller than the minimum allowed size.');
      return piece;
    });
    if (pieces.length === 0) throw new S3Refusal(400, 'MalformedXML', 'There is no part.');
    this.uploads.delete(request.query.get('uploadId') ?? '');
    const etag = `${md5(Buffer.concat(pieces.map(md5))).toString('hex')}-${pieces.length}`;
    return this.store(key, Buffer.concat(pieces), etag, headers, now);
  }
}

/** Refuses bytes that are not those that were meant. */
export function requireChecksums(headers: IncomingHttpHeaders, body: Buffer): void {
  const contentMd5 = headers['content-md5'];
  if (contentMd5 !== undefined && contentMd5 !== md5(body).toString('base64'))
    throw new S3Refusal(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
  const crc = headers['x-amz-checksum-crc32'];
  const sum = Buffer.alloc(4);
  if (crc !== undefined) sum.writeUInt32BE(crc32(body));
  if (crc !== undefined && crc !== sum.toString('base64'))
    throw new S3Refusal(400, 'BadDigest', 'The CRC32 you specified did not match the calculated checksum.');
}

/** Refuses a write whose condition does not hold. */
export function requireConditions(headers: IncomingHttpHeaders, object: StoredS3Object | undefined): void {
  if (headers['if-none-match'] === '*' && object !== undefined)
    throw new S3Refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions did not hold.');
  const tag = headers['if-match'];
  if (tag === undefined) return;
  if (object === undefined) throw new S3Refusal(404, 'NoSuchKey', 'The specified key does not exist.');
  if (tag.replaceAll('"', '') !== object.etag)
    throw new S3Refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions did not hold.');
}

/** The headers that are kept with an object. */
export function keptHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    KEPT.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

/** In hexadecimal. */
export function md5Of(bytes: Buffer): string {
  return md5(bytes).toString('hex');
}

function md5(bytes: Buffer): Buffer {
  return createHash('md5').update(bytes).digest();
}
