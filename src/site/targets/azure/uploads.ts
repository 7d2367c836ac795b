import { createHash } from 'node:crypto';
import type { BlockBlobClient } from '@azure/storage-blob';
import { CheckedReading } from '../checked-reading.ts';
import type { TargetContent, TargetHeaders } from '../target.ts';
import { blobHeaders, md5Bytes } from './blob-properties.ts';
import { watched } from './container.ts';

/** A file that is longer is uploaded in blocks of this length. */
export const BLOCK_BYTES: number = 8 * 1024 * 1024;

/** Azure takes no more blocks of a blob. */
const MOST_BLOCKS = 50_000;

/** When a blob may be written, by its ETag. */
export interface BlobConditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
}

/** Asks until an answer comes or no more tries are left. */
type Trying = <Answer>(ask: (before: number) => Promise<Answer>) => Promise<Answer>;

/** What an upload is answered with. */
export interface UploadAnswer {
  readonly etag?: string;
  /** Computed by Azure from what arrived. */
  readonly contentMD5?: Uint8Array;
}

/** Uploads a small file in one request. */
export function uploadAtOnce(
  blob: BlockBlobClient,
  content: TargetContent,
  bytes: Uint8Array,
  headers: TargetHeaders,
  conditions: BlobConditions,
): Promise<UploadAnswer> {
  // The newer SDKs send it, though their types do not tell; for the older ones the answer is checked.
  const checked = { transactionalContentMD5: md5Bytes(content.md5) };
  return watched((watch) =>
    blob.upload(bytes, bytes.length, {
      ...checked,
      ...watch,
      conditions,
      blobHTTPHeaders: blobHeaders(headers, content.md5),
    }),
  );
}

/** Uploads a large file in blocks, which become a blob at once. Those of an upload that was given up go by themselves after a week. */
export async function uploadInBlocks(
  blob: BlockBlobClient,
  content: TargetContent,
  headers: TargetHeaders,
  trying: Trying,
): Promise<UploadAnswer> {
  const blockBytes = Math.max(BLOCK_BYTES, Math.ceil(content.size / MOST_BLOCKS));
  const reading = new CheckedReading(content, blob.name);
  const ids: string[] = [];
  for (let start = 0; start < content.size; start += blockBytes) {
    const id = blockId(content.md5, ids.length);
    const bytes = Buffer.from(await reading.read(start, Math.min(start + blockBytes, content.size)));
    const transactionalContentMD5 = createHash('md5').update(bytes).digest();
    await trying(() =>
      watched((watch) => blob.stageBlock(id, bytes, bytes.length, { ...watch, transactionalContentMD5 })),
    );
    ids.push(id);
  }
  // Azure keeps the MD5 that it is told of blocks, without a look.
  reading.verify();
  const { etag } = await trying(() =>
    watched(({ abortSignal }) =>
      blob.commitBlockList(ids, { abortSignal, blobHTTPHeaders: blobHeaders(headers, content.md5) }),
    ),
  );
  return etag === undefined ? {} : { etag };
}

/** All ids of a blob's blocks have one length, those that a killed upload left too. */
function blockId(md5: string, index: number): string {
  return Buffer.from(`${md5}-${`${index}`.padStart(6, '0')}`).toString('base64');
}
