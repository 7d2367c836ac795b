import { createHash } from 'node:crypto';
import { inParallel } from '../../../core/in-parallel.ts';
import { CheckedReading } from '../checked-reading.ts';
import { md5OfParts } from '../multipart-md5.ts';
import type { TargetContent } from '../target.ts';
import { tagOf } from './bucket-object.ts';
import type { S3Connection } from './bucket.ts';
import { ForeignAnswer, told } from './genuine-answer.ts';
import type { HeaderFields } from './object-headers.ts';
import { readError } from './s3-failure.ts';

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
 * @param isStored - whether the object has an ETag, and the headers that are wanted
 * @returns the ETag
 */
export async function uploadInParts(
  connection: S3Connection,
  place: ObjectPlace,
  content: TargetContent,
  trying: Trying,
  isStored: (tag: string) => Promise<boolean>,
): Promise<string> {
  const { sdk, client } = connection;
  const { Bucket, Key } = place;
  const abort = async (UploadId: string): Promise<void> => {
    await trying(async () => {
      try {
        await client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
      } catch (error) {
        if (!isUploadGone(error)) throw error;
      }
    });
  };
  for (const left of await uploadsOf(connection, place, trying)) await abort(left);
  const UploadId = await trying(async () =>
    told((await client.send(new sdk.CreateMultipartUploadCommand(withAnyAcl(place)))).UploadId),
  );
  try {
    const reading = new CheckedReading(content, Key);
    const partBytes = Math.max(PART_BYTES, Math.ceil(content.size / MOST_PARTS));
    const Parts = Array.from({ length: Math.ceil(content.size / partBytes) }, (_, index) => ({
      PartNumber: index + 1,
      ETag: '',
    }));
    await inParallel(
      Parts,
      async (part) => {
        const start = (part.PartNumber - 1) * partBytes;
        const Body = await reading.read(start, Math.min(start + partBytes, content.size));
        const ContentMD5 = createHash('md5').update(Body).digest('base64');
        const { PartNumber } = part;
        const sent = { Bucket, Key, UploadId, PartNumber, Body, ContentMD5 };
        part.ETag = await trying(async () => told((await client.send(new sdk.UploadPartCommand(sent))).ETag));
      },
      PARALLEL_PARTS,
    );
    reading.verify();
    const order = { Bucket, Key, UploadId, MultipartUpload: { Parts } };
    const tag = md5OfParts(Parts.map(({ ETag }) => Buffer.from(tagOf(ETag), 'hex')));
    return await trying(async (before) => {
      try {
        const { ETag } = await client.send(new sdk.CompleteMultipartUploadCommand(order));
        // Ceph tells an empty one.
        if (tagOf(ETag) !== '') return tagOf(ETag);
        if (await isStored(tag)) return tag;
      } catch (error) {
        // A try before may have been carried out, and only its answer lost.
        if (before > 0 && isUploadGone(error) && (await isStored(tag))) return tag;
        throw error;
      }
      throw new ForeignAnswer();
    });
  } catch (error) {
    // What went wrong counts more than that this fails too.
    await abort(UploadId).catch(() => {});
    throw error;
  }
}

/** The ids of the uploads of an object that nobody has ended. */
async function uploadsOf(
  { sdk, client }: S3Connection,
  { Bucket, Key }: ObjectPlace,
  trying: Trying,
): Promise<string[]> {
  const ids: string[] = [];
  let KeyMarker: string | undefined;
  let UploadIdMarker: string | undefined;
  do {
    const order = { Bucket, Prefix: Key, KeyMarker, UploadIdMarker };
    const page = await trying(() => client.send(new sdk.ListMultipartUploadsCommand(order)));
    for (const { Key: key, UploadId } of page.Uploads ?? [])
      if (key === Key && UploadId !== undefined) ids.push(UploadId);
    KeyMarker = page.IsTruncated === true ? page.NextKeyMarker : undefined;
    UploadIdMarker = page.NextUploadIdMarker;
  } while (KeyMarker !== undefined);
  return ids;
}

function isUploadGone(error: unknown): boolean {
  return readError(error).code === 'NoSuchUpload';
}
