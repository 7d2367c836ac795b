import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AssetIndex } from '../assets/index.ts';
import { ENCODED_FORMS } from '../compression/content-encodings.ts';
import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { NAMES_PATH } from '../releases/options.ts';
import type { ContentDigest } from './content-digest.ts';
import { FoundFiles } from './found-files.ts';
import { piecesOf, signatureAt, type OpenedFile } from './opened-file.ts';
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

/** The files of earlier releases, which no manifest names any more: looked for on disk when they are asked for. */
export class RetainedReleases {
  readonly #folder: string;
  readonly #files: FoundFiles<ServedFile>;
  readonly #digest: ContentDigest;

  /**
   * @param folder - the releases folder
   * @param boundary - what files must be inside of; `undefined` when symbolic links may point anywhere
   */
  constructor(folder: string, boundary: RootBoundary | undefined, digest: ContentDigest) {
    this.#folder = folder;
    this.#files = new FoundFiles(boundary);
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
    return this.#files.at(path, (opened) => this.#read(path, asset, opened));
  }

  async #read(path: string, asset: string, opened: OpenedFile): Promise<ServedFile> {
    const hash = await this.#digest.ofPieces(piecesOf(opened));
    const copies: CompressedCopy[] = [];
    for (const form of ENCODED_FORMS) {
      const signature = await signatureAt(path + form.suffix);
      if (signature !== undefined) copies.push(new CompressedCopy(path, form, signature, hash));
    }
    return new ServedFile(asset, new Representation(path, opened.signature, hash), copies);
  }
}
