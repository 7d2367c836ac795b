import { randomUUID } from 'node:crypto';
import { quote } from '../../../core/text.ts';
import type { TargetContent, TargetHeaders } from '../target.ts';
import { TargetError } from '../target-error.ts';

import type { BucketAnswer, BucketRequests } from './bucket-requests.ts';
import { statusOf } from './gcs-failure.ts';
import { metadataOfUpload, type ObjectResource } from './object-resource.ts';

/** A file that is longer is uploaded in parts of this length, a multiple of 256 KiB. */
export const PART_BYTES: number = 8 * 1024 * 1024;

/** Asks until an answer comes or no more tries are left. */
type Trying = <Answer>(ask: (before: number) => Promise<Answer>) => Promise<Answer>;

/** What is uploaded, and where to. */
export interface Upload {
  /** With the prefix. */
  readonly name: string;
  readonly content: TargetContent;
  readonly headers: TargetHeaders;
  /** Preconditions. */
  readonly query: Readonly<Record<string, string | number>>;
}

/** Uploads a small file in one request: metadata, then bytes. */
export async function uploadAtOnce(
  { ask, uploadUrl }: BucketRequests,
  { name, content, headers, query }: Upload,
  bytes: Uint8Array,
): Promise<ObjectResource> {
  const boundary = randomUUID();
  const metadata = JSON.stringify(metadataOfUpload(headers, content));
  const type = headers['content-type'] ?? 'application/octet-stream';
  const body = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${metadata}\r\n--${boundary}\r\nContent-Type: ${type}\r\n\r\n`,
    ),
    bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const answer = await ask({
    method: 'POST',
    path: uploadUrl,
    query: { ...query, uploadType: 'multipart', name },
    body,
    headers: { 'Content-Type': `multipart/related; boundary=${boundary}` },
  });
  return Object(answer.body);
}

/**
 * Uploads a large file in parts. One that fails is sent again from where the server has it; an upload that is given up leaves nothing
 * that anybody sees, and goes by itself after a week.
 *
 * @see https://cloud.google.com/storage/docs/performing-resumable-uploads
 */
export async function uploadInParts(
  requests: BucketRequests,
  { name, content, headers, query }: Upload,
  trying: Trying,
): Promise<ObjectResource> {
  const session = await trying(async () => {
    const answer = await requests.ask({
      method: 'POST',
      path: requests.uploadUrl,
      query: { ...query, uploadType: 'resumable', name },
      json: metadataOfUpload(headers, content),
      headers: {
        'X-Upload-Content-Type': headers['content-type'] ?? 'application/octet-stream',
        'X-Upload-Content-Length': `${content.size}`,
      },
    });
    return String(answer.headers['location']);
  });
  for (let start = 0; ;) {
    const end = Math.min(start + PART_BYTES, content.size);
    const bytes = Buffer.from(await content.bytes(start, end));
    const answer = await trying(async (before) => {
      if (before > 0) {
        const state = await sendPart(requests, session, `bytes */${content.size}`, Buffer.alloc(0));
        if (state.status !== 308 || received(state) !== start) return state;
      }
      return await sendPart(requests, session, `bytes ${start}-${end - 1}/${content.size}`, bytes);
    });
    if (answer.status !== 308) return Object(answer.body);
    const next = received(answer);
    if (next <= start)
      throw new TargetError('other', `The upload of ${quote(name)} makes no progress. Publish again.`);
    start = next;
  }
}

async function sendPart(
  requests: BucketRequests,
  session: string,
  range: string,
  body: Buffer,
): Promise<BucketAnswer> {
  try {
    return await requests.ask({ method: 'PUT', path: session, body, headers: { 'Content-Range': range } });
  } catch (error) {
    if (![404, 410].includes(statusOf(error))) throw error;
    // Otherwise it would look as though the bucket or the object were gone.
    throw new TargetError('busy', 'Google has forgotten an upload that was under way. Publish again.');
  }
}

/** How many bytes the server has. */
function received({ headers }: BucketAnswer): number {
  const last = /^bytes=0-(\d+)$/.exec(String(headers['range']))?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}
