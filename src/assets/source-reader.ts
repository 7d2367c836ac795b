import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import type { LinkGuard } from '../files/scan-folder.ts';
import type { AssetIndex } from './asset-index.ts';
import type { ResolvedAssetsOptions } from './options.ts';
import { indexSources, type IndexedSources } from './index-sources.ts';
import { readSources } from './read-sources.ts';
import { settle } from '../files/file-signature.ts';
import { indexSoundSources, type IndexOptions } from './sound-sources.ts';
import { readSourceFile, type SourceFile } from './source-file.ts';

type SourceOptions = IndexOptions & Pick<ResolvedAssetsOptions, 'dotfiles' | 'wellKnown'>;

/** Reads the sources under the roots and indexes them. */
export class SourceReader {
  readonly #options: SourceOptions;
  readonly #hashes: XXHashAPI;
  readonly #guard: LinkGuard | undefined;

  private constructor(options: SourceOptions, hashes: XXHashAPI, guard: LinkGuard | undefined) {
    this.#options = options;
    this.#hashes = hashes;
    this.#guard = guard;
  }

  /**
   * Loads the digest, a WebAssembly module.
   *
   * @param guard - told of each symbolic link
   */
  static async create(options: SourceOptions, guard?: LinkGuard): Promise<SourceReader> {
    return new SourceReader(options, await xxhash(), guard);
  }

  /**
   * Reads everything.
   *
   * @throws {@link StaticUrlError} `ASSET_NOT_FOUND` for what "imports" names, `REFERENCE_BROKEN`, and what reading a tree may throw
   */
  async read(): Promise<AssetIndex> {
    const sources = this.readSources();
    await this.#settle(sources);
    return indexSoundSources(sources, this.#options, this.#hashes).index;
  }

  readSources(): Map<string, SourceFile> {
    return readSources(this.#options.roots, this.#options, this.#hashes, this.#guard);
  }

  /** Reads again what may have changed once more since it was read, and look the same. */
  async #settle(sources: Map<string, SourceFile>): Promise<void> {
    const fresh = [...sources.values()].filter(({ signature }) => signature.isFresh);
    if (fresh.length === 0) return;
    await settle();
    for (const { name, file } of fresh) sources.set(name, readSourceFile(name, file, this.#hashes));
  }

  index(sources: ReadonlyMap<string, SourceFile>): IndexedSources {
    const { modules, prefix, imports } = this.#options;
    return indexSources(sources, modules, prefix, this.#hashes, imports);
  }
}
