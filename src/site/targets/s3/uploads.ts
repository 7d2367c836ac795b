import { createHash } from 'node:crypto';
import { inParallel } from '../../../core/in-parallel.ts';
import type { TargetContent } from '../target.ts';
import type { S3Connection } from './bucket.ts';
import type { HeaderFields } from './object-headers.ts';

/** A file that is longer is uploaded in parts of this length. */
export const PART_BYTES: number = 16 * 1024 * 1024;

/** S3 takes no more parts of an object. */
const MOST_PARTS = 10_000;

/** How many parts of a file are under way at once. */
const PARALLEL_PARTS = 3;

/** Asks until an answer comes or no more tries are left. */
type Trying = <Answer>(ask: (before: number) => Promise<Answer>) => Promise<Answer>;

/** Where an object is, and how it is written. */
export interface ObjectPlace extends HeaderFields {
  readonly Bucket: string;
  /** With the prefix. */
  readonly Key: string;
  readonly ACL?: string;
}

/** Its type names the ACLs that the SDK knows; the service decides. */
export function withAnyAcl(place: ObjectPlace): Omit<ObjectPlace, 'ACL'> & { readonly ACL?: 'private' } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return place as Omit<ObjectPlace, 'ACL'> & { readonly ACL?: 'private' };
}

/** The MD5 of an upload (RFC 1864). */
export function contentMd5(md5: string): string {
  return Buffer.from(md5, 'hex').toString('base64');
}

/**
 * Uploads a large file in parts, which become an object at once. One that cannot be ended is taken back, and so is what a publish left
 * that was killed: unfinished uploads cost money, and no listing shows them.
 *
 * @returns the ETag
 */
export async function uploadInParts(
  { sdk, client }: S3Connection,
  place: ObjectPlace,
  content: TargetContent,
  trying: Trying,
): Promise<string | undefined> {
  const { Bucket, Key } = place;
  const abort = async (UploadId: string): Promise<void> => {
    await trying(() => client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId })));
  };
  const left = await trying(() => client.send(new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: Key })));
  for (const { Key: key, UploadId } of left.Uploads ?? [])
    if (key === Key && UploadId !== undefined) await abort(UploadId);
  const { UploadId = '' } = await trying(() =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    client.send(new sdk.CreateMultipartUploadCommand(withAnyAcl(place))),
  );
  try {
    const partBytes = Math.max(PART_BYTES, Math.ceil(content.size / MOST_PARTS));
    const Parts = Array.from({ length: Math.ceil(content.size / partBytes) }, (_, index) => ({
      PartNumber: index + 1,
      ETag: '',
    }));
    await inParallel(
      Parts,
      async (part) => {
        const start = (part.PartNumber - 1) * partBytes;
        const Body = await content.bytes(start, Math.min(start + partBytes, content.size));
        const ContentMD5 = createHash('md5').update(Body).digest('base64');
        const { PartNumber } = part;
        const sent = await trying(() =>
          client.send(new sdk.UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ContentMD5 })),
        );
        part.ETag = sent.ETag ?? '';
      },
      PARALLEL_PARTS,
    );
    const { ETag } = await trying(() =>
      client.send(
        new sdk.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
      ),
    );
    return ETag;
  } catch (error) {
    // What went wrong counts more than that this fails too.
    await abort(UploadId).catch(() => {});
    throw error;
  }
}
