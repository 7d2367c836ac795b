import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { encodeAssetName } from '../assets/index.ts';
import { FRAMING_BYTES, framingOf } from '../compression/delta-framing.ts';
import { DELTA_CODING, DELTA_VARY, usableDictionary, useAsDictionary } from '../http/dictionaries.ts';
import { deltaName } from '../releases/options.ts';
import type { ContentDigest } from './content-digest.ts';
import { FoundFiles } from './found-files.ts';
import { piecesOf, type OpenedFile } from './opened-file.ts';
import type { RootBoundary } from './root-boundary.ts';
import { Representation } from './served-file.ts';

/** A file as the difference from an older version of it, which the client has. */
export class Delta extends Representation {
  /** Its first bytes, which name that version. */
  readonly framing: Buffer;

  constructor(path: string, { signature }: OpenedFile, hash: string, framing: Buffer) {
    super(path, signature, hash);
    this.framing = framing;
  }

  override get encoding(): string {
    return DELTA_CODING;
  }
}

/** The deltas in the folders of a releases folder: looked for on disk when they are asked for. */
export class Deltas {
  readonly #prefixPath: string;
  readonly #releases: string;
  readonly #files: FoundFiles<Delta>;
  readonly #digest: ContentDigest;

  /**
   * @param prefixPath - the prefix's path, percent-encoded, with a slash at both ends
   * @param releases - the releases folder
   * @param boundary - what files must be inside of; `undefined` when symbolic links may point anywhere
   */
  constructor(
    prefixPath: string,
    releases: string,
    boundary: RootBoundary | undefined,
    digest: ContentDigest,
  ) {
    this.#prefixPath = prefixPath;
    this.#releases = releases;
    this.#files = new FoundFiles(boundary);
    this.#digest = digest;
  }

  /** Headers of every answer under a version with an asset. */
  headersOf(asset: string): Readonly<Record<string, string>> {
    const use = useAsDictionary(this.#prefixPath, encodeAssetName(asset));
    return { Vary: DELTA_VARY, ...(use !== undefined && { 'Use-As-Dictionary': use }) };
  }

  /**
   * The delta that a request may get in place of an asset's file under a version. One that was cut short, or written over,
   * or that came here otherwise than by a release, no longer has the time of its bytes.
   *
   * @throws the system's error when it cannot be read
   */
  async find(version: string, asset: string, headers: IncomingHttpHeaders): Promise<Delta | undefined> {
    const dictionary = usableDictionary(headers);
    if (dictionary === undefined) return undefined;
    const path = join(this.#releases, version, deltaName(asset, dictionary));
    const delta = await this.#files.at(path, (opened) => this.#read(path, opened));
    const framing = framingOf(Buffer.from(dictionary, 'base64'));
    return delta?.isReleased === true && delta.framing.equals(framing) ? delta : undefined;
  }

  async #read(path: string, opened: OpenedFile): Promise<Delta> {
    const framing = Buffer.alloc(FRAMING_BYTES);
    await opened.handle.read(framing, 0, FRAMING_BYTES, 0);
    return new Delta(path, opened, await this.#digest.ofPieces(piecesOf(opened)), framing);
  }
}
