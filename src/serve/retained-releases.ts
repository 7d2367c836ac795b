import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AssetIndex } from '../assets/index.ts';
import { ENCODED_FORMS } from '../compression/content-encodings.ts';
import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { isSameButForStatus, isUnchangedSince, type FileSignature } from '../files/file-signature.ts';
import { NAMES_PATH } from '../releases/options.ts';
import type { ContentDigest } from './content-digest.ts';
import { openFile, piecesOf, signatureAt } from './opened-file.ts';
import type { RootBoundary } from './root-boundary.ts';
import { CompressedCopy, Representation, ServedFile } from './served-file.ts';

/**
 * Makes sure that a releases folder holds the current release: without its bytes every answer would be a 404.
 *
 * @throws {@link StaticUrlError} `RELEASE_NOT_FOUND`
 */
export function requireRelease(folder: string, { members }: AssetIndex): void {
  const there = new Set(namesIn(folder));
  const missing = [...members].filter(([fingerprint]) => !there.has(fingerprint));
  const [first] = missing;
  if (first === undefined) return;
  const [fingerprint, [name]] = first;
  throw new StaticUrlError(
    'RELEASE_NOT_FOUND',
    `The releases folder ${quote(folder)} lacks ${missing.length} of the ${members.size} folders that the manifest names, such as ${quote(fingerprint)} of ${quote(name)}: the release was pruned, or never written there. Run "static-url release" with the sources of this deploy.`,
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new StaticUrlError(
      'RELEASE_NOT_FOUND',
      `Cannot find a releases folder at ${quote(folder)}. Name the folder that "static-url release" writes to.`,
      { cause: error },
    );
  }
}

/** How many files of earlier releases are remembered. */
const REMEMBERED = 10_000;

/** A file of a release, as it was when it was read. */
interface FoundFile {
  readonly signature: FileSignature;
  readonly file: Promise<ServedFile | undefined>;
}

/** Whether a file is what it was. */
async function isStill({ signature, file }: FoundFile, now: FileSignature): Promise<boolean> {
  if (isUnchangedSince(signature, now)) return true;
  if (!isSameButForStatus(signature, now)) return false;
  const { identity } = (await file.catch(() => undefined)) ?? {};
  return identity?.isReleased === true;
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
   * @param boundary - what files must be inside of; `undefined` when symbolic links may point anywhere
   */
  constructor(folder: string, boundary: RootBoundary | undefined, digest: ContentDigest) {
    this.#folder = folder;
    this.#boundary = boundary;
    this.#digest = digest;
  }

  /** The file of an asset in a release; its content is digested when it is first found. */
  async find(version: string, asset: string): Promise<ServedFile | undefined> {
    return this.#findIn(version, asset);
  }

  /** The newest file that a kept release has by name. */
  async findByName(asset: string): Promise<ServedFile | undefined> {
    return this.#findIn(NAMES_PATH, asset);
  }

  async #findIn(folder: string, asset: string): Promise<ServedFile | undefined> {
    const path = join(this.#folder, folder, asset);
    const signature = await signatureAt(path);
    if (signature === undefined) {
      this.#found.delete(path);
      return undefined;
    }
    const known = this.#found.get(path);
    // Other releases give and take its names.
    if (known !== undefined && (await isStill(known, signature))) return known.file;
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
    const opened = await openFile(path, this.#boundary);
    if (opened === undefined) return undefined;
    try {
      const hash = await this.#digest.ofPieces(piecesOf(opened));
      const copies: CompressedCopy[] = [];
      for (const form of ENCODED_FORMS) {
        const signature = await signatureAt(path + form.suffix);
        if (signature !== undefined) copies.push(new CompressedCopy(path, form, signature, hash));
      }
      return new ServedFile(asset, new Representation(path, opened.signature, hash), copies);
    } finally {
      await opened.handle.close();
    }
  }
}
