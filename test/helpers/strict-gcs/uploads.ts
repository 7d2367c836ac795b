import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { refusal } from './refusal.ts';
import type { StoredGcsObject } from './stored-objects.ts';

/** A multiple of which every part of a resumable upload must be long, but for the last. */
const PART_BYTES = 256 * 1024;

/** A resumable upload that is under way. */
export interface Session {
  readonly bucket: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly query: URLSearchParams;
  /** What has arrived. */
  bytes: Buffer;
  /** What it became, once all of it has arrived. */
  made?: StoredGcsObject;
}

/** Resumable uploads by their ids. */
export class Sessions {
  readonly #open = new Map<string, Session>();

  start(session: Omit<Session, 'bytes' | 'made'>): string {
    const id = randomUUID();
    this.#open.set(id, { ...session, bytes: Buffer.alloc(0) });
    return id;
  }

  find(id: string): Session {
    const session = this.#open.get(id);
    if (session === undefined) throw refusal(410, 'gone', 'The upload session is gone.');
    return session;
  }

  /** How many are under way. */
  get openCount(): number {
    return [...this.#open.values()].filter(({ made }) => made === undefined).length;
  }
}

/**
 * Takes a part of a resumable upload.
 *
 * @returns whether it was the last one
 */
export function takePart(session: Session, body: Buffer, contentRange: string | undefined): boolean {
  const asked = /^bytes \*\/(\d+|\*)$/.exec(contentRange ?? '');
  if (asked !== null) return Number(asked[1]) === session.bytes.length;
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(contentRange ?? '') ?? [];
  if (first === undefined || Number(last) - Number(first) + 1 !== body.length)
    throw refusal(400, 'invalid', `Invalid Content-Range: ${String(contentRange)}.`);
  const start = Number(first);
  if (start > session.bytes.length)
    throw refusal(
      400,
      'invalid',
      `${session.bytes.length} bytes have arrived, and the part begins at ${start}.`,
    );
  const isLast = Number(last) + 1 === Number(total);
  if (!isLast && body.length % PART_BYTES !== 0)
    throw refusal(400, 'invalid', `A part of ${body.length} bytes is no multiple of 256 KiB.`);
  // What arrived before is kept as it is.
  session.bytes = Buffer.concat([session.bytes, body.subarray(session.bytes.length - start)]);
  return isLast;
}

/** The metadata and the bytes of an upload in one request. */
export function splitMultipart(
  body: Buffer,
  headers: IncomingHttpHeaders,
): { metadata: Readonly<Record<string, unknown>>; bytes: Buffer } {
  const boundary = /boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) throw refusal(400, 'invalid', 'The upload has no boundary.');
  const mark = Buffer.from(`--${boundary}`);
  const second = body.indexOf(mark, mark.length);
  const end = body.lastIndexOf(Buffer.from(`\r\n--${boundary}--`));
  if (second === -1 || end < second) throw refusal(400, 'invalid', 'The upload is cut.');
  const json = body.subarray(0, second).toString('utf8').split('\r\n\r\n', 2)[1] ?? '{}';
  const bytes = body.subarray(body.indexOf('\r\n\r\n', second) + 4, end);
  const metadata: Readonly<Record<string, unknown>> = JSON.parse(json);
  return { metadata, bytes };
}
