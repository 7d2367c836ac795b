import { join } from 'node:path';
import { ENCODED_FORMS } from '../compression/content-encodings.ts';
import { isUnchangedSince, type FileSignature } from '../files/file-signature.ts';
import type { ContentDigest } from './content-digest.ts';
import { openFile, piecesOf, signatureAt } from './opened-file.ts';
import { Representation } from './representation.ts';
import type { RootBoundary } from './root-boundary.ts';
import { ServedFile } from './served-file.ts';
import { findSidecars } from './sidecars.ts';

/** How many files of earlier releases are kept in mind. */
const REMEMBERED = 10_000;

/** A file of a release, as it was when it was read. */
interface FoundFile {
  readonly signature: FileSignature;
  readonly file: Promise<ServedFile | undefined>;
}

/**
 * The files of earlier releases, which no manifest names any more: looked for on disk when they are asked for. What is
 * found is remembered for as long as it is the same file, since a release that was pruned may be written again; what is
 * missing is not, since the next deploy may bring it.
 */
export class RetainedReleases {
  readonly #folder: string;
  readonly #boundary: RootBoundary | undefined;
  readonly #digest: ContentDigest;
  readonly #found = new Map<string, FoundFile>();

  /**
   * @param folder - the releases folder
   * @param boundary - what files must be inside of; `undefined` when links may lead anywhere
   */
  constructor(folder: string, boundary: RootBoundary | undefined, digest: ContentDigest) {
    this.#folder = folder;
    this.#boundary = boundary;
    this.#digest = digest;
  }

  /** The file of an asset in a release; its content is digested when it is first found. */
  async find(version: string, asset: string): Promise<ServedFile | undefined> {
    const path = join(this.#folder, version, asset);
    const signature = await signatureAt(path);
    if (signature === undefined) {
      this.#found.delete(path);
      return undefined;
    }
    const known = this.#found.get(path);
    if (known !== undefined && isUnchangedSince(known.signature, signature)) return known.file;
    const found = { signature, file: this.#read(path, asset) };
    if (this.#found.size >= REMEMBERED) this.#found.clear();
    this.#found.set(path, found);
    let file: ServedFile | undefined;
    try {
      file = await found.file;
    } finally {
      if (file === undefined && this.#found.get(path) === found) this.#found.delete(path);
    }
    return file;
  }

  async #read(path: string, asset: string): Promise<ServedFile | undefined> {
    if (this.#boundary !== undefined && (await this.#boundary.realFile(path)) === undefined) return undefined;
    const opened = await openFile(path);
    if (opened === undefined) return undefined;
    try {
      const hash = await this.#digest.ofPieces(piecesOf(opened));
      const beside = new Map<string, FileSignature>();
      for (const { suffix } of ENCODED_FORMS) {
        const found = await signatureAt(path + suffix);
        if (found !== undefined) beside.set(path + suffix, found);
      }
      const sidecars = findSidecars(path, (sidecar) => beside.get(sidecar));
      const { signature } = opened;
      return new ServedFile(asset, new Representation({ path, signature }, hash), sidecars);
    } finally {
      await opened.handle.close();
    }
  }
}
