import type { Storage } from '@google-cloud/storage';
import { absolutePath } from '../../../core/option-kinds.ts';
import { loadSdk } from '../sdk.ts';
import type { ResolvedGcsTarget } from './options.ts';

/** A request to the JSON API. */
interface BucketRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the bucket: `/o/key`; or absolute. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly json?: Readonly<Record<string, unknown>>;
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer to a {@link BucketRequest}. */
export interface BucketAnswer {
  readonly status: number;
  /** Parsed, where it is JSON. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** What asks a bucket: once, and with the credentials of the SDK. */
export interface BucketRequests {
  /** @throws what the SDK does */
  readonly ask: (request: BucketRequest) => Promise<BucketAnswer>;
  /** The bytes of an object as they are stored, and its generation. */
  readonly read: (name: string) => Promise<{ readonly bytes: Buffer; readonly generation: string }>;
  /** Where uploads go. */
  readonly uploadUrl: string;
}

const TIMEOUT_MILLISECONDS = 60_000;
/** A slower connection than this is taken for a broken one. */
const LEAST_BYTES_PER_SECOND = 16_384;

/**
 * Opens a bucket with the SDK, which finds the credentials, signs in, and sends. Its own retries are off: they end without an answer
 * where their time is up, and one request turns them off for all that are under way.
 */
export async function openBucket(
  options: ResolvedGcsTarget,
  timeoutMilliseconds: number = TIMEOUT_MILLISECONDS,
): Promise<BucketRequests> {
  const sdk = await loadSdk('gcsTarget()', '@google-cloud/storage', () => import('@google-cloud/storage'));
  const { bucket, projectId, keyFilename, credentials, endpoint } = options;
  const storage = new sdk.Storage({
    timeout: timeoutMilliseconds,
    retryOptions: { autoRetry: false },
    ...(projectId !== undefined && { projectId }),
    ...(keyFilename !== undefined && { keyFilename: absolutePath('key file', keyFilename) }),
    ...(credentials !== undefined && { credentials: { ...credentials } }),
    ...(endpoint !== undefined && { apiEndpoint: endpoint }),
  });
  return {
    uploadUrl: `${storage.apiEndpoint}/upload/storage/v1/b/${bucket}/o`,
    ask: (request) => askOnce(storage, bucket, request, timeoutMilliseconds),
    read: (name) => readOnce(storage, bucket, name, timeoutMilliseconds),
  };
}

function askOnce(
  storage: Storage,
  bucket: string,
  request: BucketRequest,
  timeoutMilliseconds: number,
): Promise<BucketAnswer> {
  const { method = 'GET', path, query, json, body, headers } = request;
  const timeout = timeoutMilliseconds + ((body?.length ?? 0) / LEAST_BYTES_PER_SECOND) * 1000;
  return new Promise((resolve, reject) => {
    // Version 8 of the SDK has lost its own: there the connection stays open until the other end closes it.
    const timer = setTimeout(() => reject(noBytes()), timeout);
    storage.request(
      {
        method,
        uri: path.startsWith('/') ? `/b/${bucket}${path}` : path,
        ...(query !== undefined && { qs: { ...query } }),
        ...(json !== undefined && { json }),
        ...(body !== undefined && { body }),
        ...(headers !== undefined && { headers: { ...headers } }),
        // The only place where the SDK lets a single request have a time of its own.
        interceptors_: [{ request: (settings) => ({ uri: '', ...settings, timeout }) }],
      },
      (error, answer, response) => {
        clearTimeout(timer);
        const status = response?.statusCode ?? 0;
        // Of an upload in parts, that more is to come.
        if (error !== null && status !== 308) reject(error);
        else resolve({ status, body: answer, headers: { ...response?.headers } });
      },
    );
  });
}

function noBytes(): DOMException {
  return new DOMException('No bytes came.', 'TimeoutError');
}

/** Through a stream: as an answer of the SDK, bytes would be taken for text. */
async function readOnce(
  storage: Storage,
  bucket: string,
  name: string,
  timeoutMilliseconds: number,
): Promise<{ bytes: Buffer; generation: string }> {
  const stream = storage.bucket(bucket).file(name).createReadStream({ validation: false, decompress: false });
  let generation = '';
  stream.on('response', ({ headers }: { headers: Readonly<Record<string, string>> }) => {
    generation = headers['x-goog-generation'] ?? '';
  });
  const timer = setTimeout(() => {
    stream.destroy(noBytes());
  }, timeoutMilliseconds);
  const pieces: Buffer[] = [];
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      timer.refresh();
      pieces.push(piece);
    }
  } finally {
    clearTimeout(timer);
  }
  return { bytes: Buffer.concat(pieces), generation };
}
