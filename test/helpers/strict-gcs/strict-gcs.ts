import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionContext } from 'ava';
import { bodyOf, firstFault } from '../faults.ts';
import { listen } from '../listen.ts';
import { answerApi } from './api.ts';
import { answerPublic } from './public-object.ts';
import { Refusal, refusal, sendRefusal } from './refusal.ts';
import { requestOf, type GcsRequest } from './request.ts';
import { putObject, type Bucket, type StoredGcsObject } from './stored-objects.ts';
import { Sessions } from './uploads.ts';

/** What becomes of a request instead of its answer. */
export type Fault =
  /** An error of the JSON API; with `html`, as a proxy words it. */
  | { readonly status: number; readonly reason?: string; readonly message?: string; readonly html?: true }
  /** The connection breaks once so many bytes of the body have arrived. */
  | { readonly cutAfterBytes: number }
  /** The request is carried out, and the connection breaks before its answer. */
  | 'lose the answer'
  /** Nothing is ever answered. */
  | 'hang'
  /** An answer with status 200 that is no JSON. */
  | 'garbage'
  /** The bytes that arrive are not those that were sent. */
  | 'wrong bytes';

/** Says what becomes of a request; `undefined`: it is answered. */
type FaultRule = (request: GcsRequest) => Fault | undefined;

/** A running server. */
export interface StrictGcs {
  /** The URL of its JSON API, for `gcsTarget({ endpoint })`. */
  readonly endpoint: string;
  /** What stands before the names of a bucket's objects in their public URLs, with a slash at its end. */
  publicUrl(bucket: string): string;
  /** The objects of a bucket, which is made when it is not there. */
  objects(bucket: string): Bucket;
  /** Buckets whose objects are not public. */
  readonly privateBuckets: Set<string>;
  /** All requests so far. */
  readonly requests: GcsRequest[];
  /** Asked in turn, until one names a fault. */
  readonly faults: FaultRule[];
  /** How many resumable uploads are under way. */
  readonly openUploads: number;
  /** Its clock, in milliseconds since 1970. */
  now: () => number;
  /** Writes an object as another tool does. */
  put(
    bucket: string,
    name: string,
    bytes: string | Uint8Array,
    more?: Partial<StoredGcsObject>,
  ): StoredGcsObject;
}

interface StrictGcsOptions {
  /** Those that are there at the start. */
  readonly buckets?: readonly string[];
  /**
   * How many objects a page of a listing has at most.
   *
   * @defaultValue 1000, as at Google
   */
  readonly pageObjects?: number;
}

/**
 * A server of our own that stands in for Google Cloud Storage: it enforces what the official emulator does not, as documented for the
 * JSON API. These are preconditions on generations, the MD5 of an upload, the pages of listings, the rules for parts of resumable
 * uploads, and buckets that are not there. It breaks on demand, too. It checks no credentials.
 *
 * The objects of a bucket are public at `/bucket/name`, as at storage.googleapis.com.
 */
export async function startStrictGcs(
  t: Pick<ExecutionContext, 'teardown'>,
  { buckets = ['site'], pageObjects = 1000 }: StrictGcsOptions = {},
): Promise<StrictGcs> {
  const stored = new Map<string, Bucket>(buckets.map((bucket) => [bucket, new Map()]));
  const sessions = new Sessions();
  const server: Omit<StrictGcs, 'endpoint' | 'publicUrl'> = {
    objects(bucket) {
      const objects = stored.get(bucket) ?? new Map<string, StoredGcsObject>();
      stored.set(bucket, objects);
      return objects;
    },
    privateBuckets: new Set(),
    requests: [],
    faults: [],
    get openUploads() {
      return sessions.openCount;
    },
    now: Date.now,
    put(bucket, name, bytes, more = {}) {
      const objects = server.objects(bucket);
      const object = {
        ...putObject(objects, name, Buffer.from(bytes), {}, new URLSearchParams(), server.now()),
        ...more,
      };
      objects.set(name, object);
      return object;
    },
  };

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = requestOf(incoming);
    server.requests.push(request);
    const fault = await firstFault(server.faults, request);
    if (fault === 'hang') return;
    const limit = typeof fault === 'object' && 'cutAfterBytes' in fault ? fault.cutAfterBytes : Infinity;
    const body = await bodyOf(incoming, limit);
    if (body === undefined) return void incoming.socket.destroy();
    if (typeof fault === 'object' && 'status' in fault) return sendFault(response, fault);
    if (fault === 'garbage') return void response.end('<html>Welcome to our network. Please sign in.</html>');
    if (fault === 'lose the answer') response.end = () => response.destroy();
    if (fault === 'wrong bytes') body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 0xff;
    const bucket = stored.get(request.bucket);
    if (bucket === undefined) throw refusal(404, 'notFound', 'The specified bucket does not exist.');
    const place = {
      bucket,
      sessions,
      pageObjects,
      now: server.now(),
      origin: `http://${incoming.headers.host}`,
    };
    if (request.kind === 'public')
      answerPublic(response, request, bucket, !server.privateBuckets.has(request.bucket));
    else answerApi(response, request, body, place);
  }

  const { url } = await listen(t as ExecutionContext, (incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      if (error instanceof Refusal) sendRefusal(response, error);
      else response.destroy();
    });
  });
  return Object.assign(server, {
    endpoint: url,
    publicUrl: (bucket: string) => `${url}/${bucket}/`,
  }) as StrictGcs;
}

function sendFault(
  response: ServerResponse,
  {
    status,
    reason = 'backendError',
    message = 'We encountered an internal error.',
    html,
  }: Extract<Fault, { status: number }>,
): void {
  if (html === undefined) return sendRefusal(response, refusal(status, reason, message));
  response
    .writeHead(status, { 'content-type': 'text/html' })
    .end(`<html><h1>${status}</h1>${message}</html>`);
}
