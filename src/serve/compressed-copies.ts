import { holdsContent } from '../compression/compressed-content.ts';
import { hexadecimal } from '../core/hash.ts';
import { isSameButForStatus, settledSignature } from '../files/file-signature.ts';
import { inPieces, type ContentDigest } from './content-digest.ts';
import { openFile, piecesOf } from './opened-file.ts';
import type { CompressedCopy, Representation } from './served-file.ts';

/**
 * Makes sure, once for each, that a compressed copy holds the content of its file. One that was left behind by an older
 * build would otherwise be kept for ever under the URL of the new one, and times do not tell: a checkout or a copy sets
 * them anew. Decompresses what would be sent, and compares; the copy's own digest is known afterwards.
 *
 * @param original - the file as it is
 * @throws the system's error when that cannot be told, as with too many open files; it is tried again the next time
 */
export async function proveCopy(
  copy: CompressedCopy,
  original: Representation,
  digest: ContentDigest,
): Promise<boolean> {
  copy.proof ??= compare(copy, original, digest);
  try {
    return await copy.proof;
  } catch (error) {
    copy.proof = undefined;
    throw error;
  }
}

async function compare(
  copy: CompressedCopy,
  original: Representation,
  digest: ContentDigest,
): Promise<boolean> {
  if (copy.bytes !== undefined) return comparePieces(copy, inPieces(copy.bytes), original, digest);
  const opened = await openFile(copy.path);
  if (opened === undefined) return false;
  try {
    const signature = await settledSignature(opened.handle);
    // By now there may be a symbolic link in its place that points outside the roots.
    if (!isSameButForStatus(copy.signature, signature)) return false;
    const isFit = await comparePieces(copy, piecesOf(opened), original, digest);
    // A change since then would show in the status.
    copy.signature = signature;
    return isFit;
  } finally {
    await opened.handle.close();
  }
}

/** Reads the pieces once, so that what is compared and the copy's digest are of the same bytes. */
async function comparePieces(
  copy: CompressedCopy,
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  { hash = '', size }: Representation,
  { hashes }: ContentDigest,
): Promise<boolean> {
  const digest = hashes.create64();
  async function* digested(): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      digest.update(piece);
      yield piece;
    }
  }
  const isFit = await holdsContent(digested(), copy.form, { hash, size }, hashes);
  if (isFit) copy.hash = hexadecimal(digest.digest());
  return isFit;
}
