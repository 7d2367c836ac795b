import { holdsContent } from '../compression/compressed-content.ts';
import { ENCODED_FORMS } from '../compression/content-encodings.ts';
import { isSameButForStatus, settledSignature, type FileSignature } from '../files/file-signature.ts';
import { hexadecimal } from '../core/hash.ts';
import { inPieces, type ContentDigest } from './content-digest.ts';
import { openFile, piecesOf } from './opened-file.ts';
import { Representation } from './representation.ts';

/**
 * The compressed forms of a file that lie beside it, by the server's preference; none is known to be right yet.
 *
 * @param find - looks for a file by its path
 */
export function findSidecars(
  path: string,
  find: (path: string) => FileSignature | undefined,
): readonly Representation[] {
  const sidecars: Representation[] = [];
  for (const form of ENCODED_FORMS) {
    const sidecar = path + form.suffix;
    const signature = find(sidecar);
    if (signature !== undefined) sidecars.push(new Representation({ path: sidecar, signature, form }));
  }
  return sidecars;
}

/**
 * Makes sure, once for each, that a sidecar holds the content of its file. One that was left behind by an older build
 * would else be kept for ever under the URL of the new one, and times do not tell: a checkout or a copy sets them anew.
 */
export class SidecarProofs {
  readonly #digest: ContentDigest;
  readonly #proofs = new WeakMap<Representation, Promise<boolean>>();

  constructor(digest: ContentDigest) {
    this.#digest = digest;
  }

  /**
   * Decompresses what would be sent of a sidecar, and compares; its own digest is known afterwards.
   *
   * @param original - the file as it is
   * @throws the system's error when that cannot be told, as with too many open files; it is tried again the next time
   */
  async prove(sidecar: Representation, original: Representation): Promise<boolean> {
    const proof = this.#proofs.get(sidecar) ?? this.#compare(sidecar, original);
    this.#proofs.set(sidecar, proof);
    try {
      return await proof;
    } catch (error) {
      this.#proofs.delete(sidecar);
      throw error;
    }
  }

  async #compare(sidecar: Representation, original: Representation): Promise<boolean> {
    const { path, bytes } = sidecar;
    if (bytes !== undefined) {
      sidecar.hash = await this.#hashIfFit(sidecar, inPieces(bytes), original);
      return sidecar.hash !== undefined;
    }
    const opened = await openFile(path);
    if (opened === undefined) return false;
    try {
      const signature = await settledSignature(opened.handle);
      // In its place there may be a link by now that leads out of the roots.
      if (!isSameButForStatus(sidecar.signature, signature)) return false;
      sidecar.hash = await this.#hashIfFit(sidecar, piecesOf(opened), original);
      // A change since then would show in the status.
      sidecar.signature = signature;
      return sidecar.hash !== undefined;
    } finally {
      await opened.handle.close();
    }
  }

  /** The digest of a sidecar's bytes, if they hold the content; read once, so that both are of the same bytes. */
  async #hashIfFit(
    { form }: Representation,
    pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
    { hash = '', size }: Representation,
  ): Promise<string | undefined> {
    if (form === undefined) return undefined;
    const { hashes } = this.#digest;
    const digest = hashes.create64();
    async function* digested(): AsyncGenerator<Buffer> {
      for await (const piece of pieces) {
        digest.update(piece);
        yield piece;
      }
    }
    const isFit = await holdsContent(digested(), form, { hash, size }, hashes);
    return isFit ? hexadecimal(digest.digest()) : undefined;
  }
}
