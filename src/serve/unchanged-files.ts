import { stat } from 'node:fs/promises';
import {
  isSameButForStatus,
  isUnchangedSince,
  signatureOf,
  type FileSignature,
} from '../assets/file-signature.ts';
import { settledSignature } from '../assets/settled-signature.ts';
import type { ContentDigest } from './content-digest.ts';
import type { Representation } from './representation.ts';

/** Tells whether files still have the bytes that were indexed. */
export class UnchangedFiles {
  readonly #digest: ContentDigest;
  /** What is being read again. */
  readonly #readings = new Map<Representation, Promise<void>>();

  constructor(digest: ContentDigest) {
    this.#digest = digest;
  }

  /**
   * Whether a representation's file, of which this is the signature now, has its bytes still. Where only the status has
   * changed, as by a release that gives the file one more name, or the file was written a moment before it was indexed,
   * it is read again, once.
   */
  async isUnchanged(representation: Representation, now: FileSignature): Promise<boolean> {
    if (isUnchangedSince(representation.signature, now)) return true;
    if (!isSameButForStatus(representation.signature, now)) return false;
    const reading = this.#readings.get(representation) ?? this.#readAgain(representation);
    this.#readings.set(representation, reading);
    await reading.finally(() => this.#readings.delete(representation));
    return isUnchangedSince(representation.signature, now);
  }

  /** Whether the file at a representation's path has its bytes still. */
  async isUnchangedOnDisk(representation: Representation): Promise<boolean> {
    try {
      return await this.isUnchanged(representation, signatureOf(await stat(representation.path)));
    } catch {
      return false;
    }
  }

  async #readAgain(representation: Representation): Promise<void> {
    const { path, hash } = representation;
    const before = await settledSignature(path);
    const isEqual =
      isSameButForStatus(representation.signature, before) && hash === (await this.#digest.ofFile(path));
    if (isEqual && isUnchangedSince(before, signatureOf(await stat(path)))) representation.signature = before;
  }
}
