import { sep } from 'node:path';
import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { scanFolder, type LinkGuard } from '../../files/scan-folder.ts';
import { settle } from '../../files/file-signature.ts';
import type { AssetIndex } from '../asset-index.ts';
import { readBundle } from '../bundles/bundle-file.ts';
import { withBundle } from '../bundles/bundled-assets.ts';
import type { ResolvedAssetsOptions } from '../options.ts';
import { indexSoundSources, indexSources, type IndexedSources } from './index-sources.ts';
import { readLinkedManifests } from './linked-manifests.ts';
import { readSourceFile, type SourceFile } from './source-file.ts';

/** Reads the sources under the roots and indexes them. */
export class SourceReader {
  readonly #options: ResolvedAssetsOptions;
  readonly #hashes: XXHashAPI;
  readonly #guard: LinkGuard | undefined;

  private constructor(options: ResolvedAssetsOptions, hashes: XXHashAPI, guard: LinkGuard | undefined) {
    this.#options = options;
    this.#hashes = hashes;
    this.#guard = guard;
  }

  /**
   * Loads the digest, a WebAssembly module.
   *
   * @param guard - told of each symbolic link
   */
  static async create(options: ResolvedAssetsOptions, guard?: LinkGuard): Promise<SourceReader> {
    return new SourceReader(options, await xxhash(), guard);
  }

  /**
   * Reads and indexes everything; what may have changed since without looking different is read again.
   *
   * @throws {@link StaticUrlError} `ASSET_NOT_FOUND` for what "imports" names, `REFERENCE_BROKEN`, `BUNDLE_NOT_FOUND`,
   *   `BUNDLE_INVALID`, and what reading a tree may throw
   */
  async read(): Promise<AssetIndex> {
    const { bundle, roots } = this.#options;
    const bundled = bundle && readBundle(bundle);
    const sources = this.readSources();
    const fresh = [...sources.values()].filter(({ signature }) => signature.isFresh);
    if (fresh.length > 0) await settle();
    for (const { name, file } of fresh) sources.set(name, readSourceFile(name, file, this.#hashes));
    this.#readManifests(sources);
    return withBundle(indexSoundSources(sources, this.#options, this.#hashes).index, bundled, roots);
  }

  /**
   * Reads all files under the roots; of files with one name the first root's counts.
   *
   * @throws {@link StaticUrlError} `ROOT_NOT_FOUND`, `ROOT_NOT_A_FOLDER`, `FILE_UNREADABLE`, `FILE_CHANGED`, `LINK_BROKEN`
   */
  readSources(): Map<string, SourceFile> {
    const sources = new Map<string, SourceFile>();
    for (const root of this.#options.roots) {
      const folder = root.endsWith(sep) ? root : root + sep;
      for (const name of scanFolder(root, this.#options, this.#guard)) {
        if (!sources.has(name)) sources.set(name, readSourceFile(name, folder + name, this.#hashes));
      }
    }
    this.#readManifests(sources);
    return sources;
  }

  #readManifests(sources: Map<string, SourceFile>): void {
    readLinkedManifests(sources, ({ name, file }, isWebManifest) =>
      readSourceFile(name, file, this.#hashes, isWebManifest),
    );
  }

  /** Indexes sources, sound or not. */
  index(sources: ReadonlyMap<string, SourceFile>): IndexedSources {
    return indexSources(sources, this.#options, this.#hashes);
  }
}
