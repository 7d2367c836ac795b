import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { encodeAssetName } from '../assets/index.ts';
import { FRAMING_BYTES, framingOf } from '../compression/delta-framing.ts';
import { DELTA_CODING, DELTA_VARY, usableDictionary, useAsDictionary } from '../http/dictionaries.ts';
import { deltaName } from '../releases/options.ts';
import type { CatalogueSettings } from './catalogue.ts';
import type { ContentDigest } from './content-digest.ts';
import { FoundFiles } from './found-files.ts';
import { piecesOf, type OpenedFile } from './opened-file.ts';
import type { RootBoundary } from './root-boundary.ts';
import { Representation } from './served-file.ts';

/** In bytes: a longer delta is read from the disk each time. */
const LONGEST_IN_MEMORY = 64 * 1024;

/** What part of the bytes that files may take in memory deltas may take besides. */
const SHARE_OF_MEMORY = 1 / 16;

/** A file as the difference from an older version of it, which the client has. */
export class Delta extends Representation {
  override get encoding(): string {
    return DELTA_CODING;
  }
}

/** The deltas in the folders of a releases folder: looked for on disk when they are asked for, short ones once. */
export class Deltas {
  readonly #prefixPath: string;
  readonly #releases: string;
  readonly #boundary: RootBoundary | undefined;
  readonly #digest: ContentDigest;
  #files: FoundFiles<Delta>;
  /** By path: what is in memory is right whatever becomes of the file. */
  readonly #inMemory = new Map<string, Delta>();
  readonly #memoryBytes: number;
  #freeBytes: number;

  /** @param releases - the releases folder */
  constructor({ prefixPath, memoryBudgetBytes, boundary, digest }: CatalogueSettings, releases: string) {
    this.#prefixPath = prefixPath;
    this.#releases = releases;
    this.#boundary = boundary;
    this.#digest = digest;
    this.#files = new FoundFiles(boundary);
    this.#memoryBytes = memoryBudgetBytes * SHARE_OF_MEMORY;
    this.#freeBytes = this.#memoryBytes;
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
    // With slashes side by side, as base64 may have them: paths that differ are of different dictionaries.
    const path = `${join(this.#releases, version)}/${deltaName(asset, dictionary)}`;
    const kept = this.#inMemory.get(path);
    if (kept !== undefined) return kept;
    const delta = await this.#files.at(path, (opened) => this.#read(path, dictionary, opened));
    if (delta?.isReleased !== true) return undefined;
    if (delta.bytes !== undefined) this.#keep(path, delta);
    return delta;
  }

  async #read(path: string, dictionary: string, opened: OpenedFile): Promise<Delta> {
    const { signature } = opened;
    const isShort = signature.size <= Math.min(LONGEST_IN_MEMORY, this.#memoryBytes);
    const start = Buffer.alloc(isShort ? signature.size : FRAMING_BYTES);
    await opened.handle.read(start, 0, start.length, 0);
    const hash = isShort ? this.#digest.ofBytes(start) : await this.#digest.ofPieces(piecesOf(opened));
    const framing = framingOf(Buffer.from(dictionary, 'base64'));
    const isNamedRight = start.subarray(0, FRAMING_BYTES).equals(framing);
    const delta = new Delta(path, signature, isNamedRight ? hash : undefined);
    if (isShort && delta.isReleased) delta.bytes = start;
    return delta;
  }

  /** Forgets all where one has no room: those that are asked for most are soon there again. */
  #keep(path: string, delta: Delta): void {
    if (this.#inMemory.has(path)) return;
    if (delta.size > this.#freeBytes) {
      this.#inMemory.clear();
      this.#files = new FoundFiles(this.#boundary);
      this.#freeBytes = this.#memoryBytes;
    }
    this.#inMemory.set(path, delta);
    this.#freeBytes -= delta.size;
  }
}
