import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionContext } from 'ava';
import { s3Target, type S3TargetOptions, type Target } from '../../../src/site/index.ts';
import { bodyOf, firstFault } from '../faults.ts';
import { listen } from '../listen.ts';
import { answerApi } from './api.ts';
import { S3Refusal, sendRefusal } from './refusal.ts';
import { requestOf, type S3Request } from './request.ts';
import { CREDENTIALS, requireSignature } from './signature.ts';
import { S3Bucket } from './stored-objects.ts';
import { answerPublic } from './website.ts';

/** What becomes of a request instead of its answer. */
type S3Fault =
  /** An error as S3 words it; with `html`, as a proxy does. */
  | { readonly status: number; readonly code?: string; readonly message?: string; readonly html?: true }
  /** The connection breaks once so many bytes of the body have arrived. */
  | { readonly cutAfterBytes: number }
  /** The request is carried out, and the connection breaks before its answer. */
  | 'lose the answer'
  /** Nothing is ever answered. */
  | 'hang'
  /** An answer with status 200 that is no XML. */
  | 'garbage'
  /** The bytes that arrive are not those that were sent. */
  | 'wrong bytes';

/** Says what becomes of a request; `undefined`: it is answered. */
export type S3FaultRule = (request: S3Request) => S3Fault | undefined | Promise<S3Fault | undefined>;

/** A running server. */
export interface StrictS3 {
  readonly endpoint: string;
  /** What stands before the keys in the URLs of a bucket's objects, with a slash at its end. */
  publicUrl(bucket?: string): string;
  /** What stands before the paths of a bucket's website, with a slash at its end. */
  websiteUrl(bucket?: string): string;
  /** A bucket, which is made when it is not there. */
  bucket(name?: string): S3Bucket;
  /** A target that may write to it, without a public URL unless one is given. */
  target(options?: Partial<S3TargetOptions>): Target;
  /** Buckets whose objects are not public. */
  readonly privateBuckets: Set<string>;
  /** All requests so far. */
  readonly requests: S3Request[];
  /** Asked in turn, until one names a fault. */
  readonly faults: S3FaultRule[];
  /** Its clock, in milliseconds since 1970. */
  now: () => number;
}

/** How a server is. */
export interface StrictS3Options {
  /** How many objects a page of a listing has at most. */
  readonly pageObjects?: number;
  /** Whether conditions of writes count: some services do not know them. */
  readonly conditions?: boolean;
  readonly region?: string;
}

const BUCKET = 'site';

/**
 * A server of our own that stands in for S3, for what Ceph, Azurite and the emulator of Google do not enforce or cannot be made to do:
 * it breaks on demand, its clock can be set, it counts what it is asked, and it is there without an installation. It checks signatures,
 * their region and their time, MD5s and CRCs, and conditions, as AWS documents them.
 *
 * The objects of a bucket are public at `/bucket/key`, and its website is at `/website/bucket/`.
 */
export async function startStrictS3(
  t: Pick<ExecutionContext, 'teardown'>,
  { pageObjects = 1000, conditions = true, region = 'eu-central-1' }: StrictS3Options = {},
): Promise<StrictS3> {
  const buckets = new Map<string, S3Bucket>([[BUCKET, new S3Bucket()]]);
  const requests: S3Request[] = [];
  const faults: S3FaultRule[] = [];
  const privateBuckets = new Set<string>();

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = requestOf(incoming);
    requests.push(request);
    const fault = await firstFault(faults, request);
    if (fault === 'hang') return;
    const limit = typeof fault === 'object' && 'cutAfterBytes' in fault ? fault.cutAfterBytes : Infinity;
    const body = await bodyOf(incoming, limit);
    if (body === undefined) return void incoming.socket.destroy();
    if (typeof fault === 'object' && 'status' in fault) return sendFault(response, fault);
    if (fault === 'garbage') return void response.end('<html>Welcome to our network. Please sign in.</html>');
    if (fault === 'lose the answer') response.end = () => response.destroy();
    const bucket = buckets.get(request.bucket);
    if (request.kind !== 'public') requireSignature(incoming, body, region, server.now());
    if (bucket === undefined)
      throw new S3Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist.');
    if (fault === 'wrong bytes') body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 0xff;
    if (request.kind === 'public')
      answerPublic(response, request, bucket, !privateBuckets.has(request.bucket));
    else answerApi(response, request, body, { bucket, pageObjects, now: server.now(), conditions });
  }

  const { url } = await listen(t as ExecutionContext, (incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      if (error instanceof S3Refusal) sendRefusal(response, error);
      else response.destroy();
    });
  });
  const server: StrictS3 = {
    endpoint: url,
    publicUrl: (bucket = BUCKET) => `${url}/${bucket}/`,
    websiteUrl: (bucket = BUCKET) => `${url}/website/${bucket}/`,
    bucket(name = BUCKET) {
      const bucket = buckets.get(name) ?? new S3Bucket();
      buckets.set(name, bucket);
      return bucket;
    },
    target: (options = {}) =>
      s3Target({
        bucket: BUCKET,
        endpoint: url,
        region,
        credentials: CREDENTIALS,
        publicUrl: false,
        ...options,
      }),
    privateBuckets,
    requests,
    faults,
    now: Date.now,
  };
  return server;
}

function sendFault(
  response: ServerResponse,
  {
    status,
    code = 'InternalError',
    message = 'We encountered an internal error.',
    html,
  }: Extract<S3Fault, { status: number }>,
): void {
  if (html === undefined) return sendRefusal(response, new S3Refusal(status, code, message));
  response
    .writeHead(status, { 'content-type': 'text/html' })
    .end(`<html><h1>${status}</h1>${message}</html>`);
}
