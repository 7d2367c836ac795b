import { holdsContent } from '../compression/compressed-content.ts';
import { hexadecimal } from '../core/hash.ts';
import { isSameButForStatus } from '../files/file-signature.ts';
import { settledSignature } from '../files/settled-signature.ts';
import { inPieces, type ContentDigest } from './content-digest.ts';
import { openFile, piecesOf } from './opened-file.ts';
import type { CompressedCopy, Representation } from './served-file.ts';

/**
 * Makes sure, once for each, that a compressed copy holds the content of its file. One that was left behind by an older
 * build would otherwise be kept for ever under the URL of the new one, and times do not tell: a checkout or a copy sets
 * them anew.
 */
export class CopyProofs {
  readonly #digest: ContentDigest;
  readonly #proofs = new WeakMap<CompressedCopy, Promise<boolean>>();

  constructor(digest: ContentDigest) {
    this.#digest = digest;
  }

  /**
   * Decompresses what would be sent of a copy, and compares; the copy's own digest is known afterwards.
   *
   * @param original - the file as it is
   * @throws the system's error when that cannot be told, as with too many open files; it is tried again the next time
   */
  async prove(copy: CompressedCopy, original: Representation): Promise<boolean> {
    const proof = this.#proofs.get(copy) ?? this.#compare(copy, original);
    this.#proofs.set(copy, proof);
    try {
      return await proof;
    } catch (error) {
      this.#proofs.delete(copy);
      throw error;
    }
  }

  async #compare(copy: CompressedCopy, original: Representation): Promise<boolean> {
    if (copy.bytes !== undefined) return this.#comparePieces(copy, inPieces(copy.bytes), original);
    const opened = await openFile(copy.path);
    if (opened === undefined) return false;
    try {
      const signature = await settledSignature(opened.handle);
      // There may be a symbolic link in its place by now that points outside the roots.
      if (!isSameButForStatus(copy.signature, signature)) return false;
      const isFit = await this.#comparePieces(copy, piecesOf(opened), original);
      // A change since then would show in the status.
      copy.signature = signature;
      return isFit;
    } finally {
      await opened.handle.close();
    }
  }

  /** Reads the pieces once, so that what is compared and the copy's digest are of the same bytes. */
  async #comparePieces(
    copy: CompressedCopy,
    pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
    { hash = '', size }: Representation,
  ): Promise<boolean> {
    const { hashes } = this.#digest;
    const digest = hashes.create64();
    async function* digested(): AsyncGenerator<Buffer> {
      for await (const piece of pieces) {
        digest.update(piece);
        yield piece;
      }
    }
    const isFit = (await holdsContent(digested(), copy.form, { hash, size }, hashes)) === true;
    if (isFit) copy.hash = hexadecimal(digest.digest());
    return isFit;
  }
}
