import {
  isSameButForStatus,
  isUnchangedSince,
  settledSignature,
  type FileSignature,
} from '../files/file-signature.ts';
import type { ContentDigest } from './content-digest.ts';
import { openFile, piecesOf, signatureAt } from './opened-file.ts';
import type { Representation } from './served-file.ts';

/** Tells whether files still have the bytes that were indexed. */
export class UnchangedFiles {
  readonly #digest: ContentDigest;
  /** What is being read again. */
  readonly #readings = new Map<Representation, Promise<void>>();
  /** What a file was when other bytes were read from it. */
  readonly #others = new WeakMap<Representation, FileSignature>();

  constructor(digest: ContentDigest) {
    this.#digest = digest;
  }

  /**
   * Whether a representation's file still has its bytes. When its times have changed but not its length, as by a copy of
   * the same bytes, or when it was written a moment before it was indexed, it is read again, once.
   *
   * @param now - the file's signature now
   */
  async isUnchanged(representation: Representation, now: FileSignature): Promise<boolean> {
    const { signature, isReleased } = representation;
    if (isUnchangedSince(signature, now) || (isReleased && isSameButForStatus(signature, now))) return true;
    const other = this.#others.get(representation);
    if (representation.size !== now.size || (other && isUnchangedSince(other, now))) return false;
    const reading = this.#readings.get(representation) ?? this.#readAgain(representation);
    this.#readings.set(representation, reading);
    await reading.finally(() => this.#readings.delete(representation));
    return isUnchangedSince(representation.signature, now);
  }

  /** Whether the file at a representation's path still has its bytes. */
  async isUnchangedOnDisk(representation: Representation): Promise<boolean> {
    const now = await signatureAt(representation.path);
    return now !== undefined && this.isUnchanged(representation, now);
  }

  async #readAgain(representation: Representation): Promise<void> {
    const opened = await openFile(representation.path);
    if (opened === undefined) return;
    try {
      const signature = await settledSignature(opened.handle);
      if (signature.size !== representation.size) return;
      // A change from here on would show in the status.
      const hash = await this.#digest.ofPieces(piecesOf(opened));
      if (hash === representation.hash) representation.signature = signature;
      else this.#others.set(representation, signature);
    } finally {
      await opened.handle.close();
    }
  }
}
