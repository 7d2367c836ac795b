import { isDeepStrictEqual } from 'node:util';
import { systemErrorCode, StaticUrlError } from '../../core/errors.ts';
import { TreeWatch, type TreeWatchOptions } from '../../files/watch/tree-watch.ts';
import type { AssetIndex } from '../asset-index.ts';
import type { Bundle, BundleEntry } from '../bundles/bundle.ts';
import { readBundle, type BundleSource } from '../bundles/bundle-file.ts';
import { bundleError, findBundledAssets } from '../bundles/bundled-assets.ts';

/** What a bundler says that it has written, followed from build to build. */
export class WatchedBundle {
  readonly #source: BundleSource;
  readonly #watch: TreeWatch;
  #bundle: Bundle;
  /** A bundler that begins a build removes what the last one has written. */
  #isThere = true;

  /**
   * Reads the bundle and begins to watch it.
   *
   * @throws {@link StaticUrlError} `BUNDLE_NOT_FOUND`, `BUNDLE_INVALID`
   */
  constructor(source: BundleSource, options: Omit<TreeWatchOptions, 'paths'>) {
    this.#source = source;
    this.#bundle = readBundle(source);
    this.#watch = new TreeWatch({ ...options, paths: [source.file] });
    this.#look();
  }

  /** As last read. */
  get bundle(): Bundle {
    return this.#bundle;
  }

  /**
   * Reads it again.
   *
   * @param report - told why it cannot be read; the last one stays
   * @returns whether it is different
   */
  read(report: (error: StaticUrlError) => void): boolean {
    this.#look();
    const before = this.#bundle;
    try {
      this.#bundle = readBundle(this.#source);
      this.#isThere = true;
    } catch (error) {
      if (!(error instanceof StaticUrlError)) throw error;
      this.#isThere = systemErrorCode(error.cause) !== 'ENOENT';
      if (this.#isThere) report(error);
    }
    return !isDeepStrictEqual(before, this.#bundle);
  }

  /**
   * Its entries as assets.
   *
   * @param report - told of what is no asset, unless a build is under way
   */
  entries(
    { assets }: AssetIndex,
    roots: readonly string[],
    report: (error: StaticUrlError) => void,
  ): ReadonlyMap<string, BundleEntry> {
    const bundled = findBundledAssets(this.#bundle, assets, roots);
    const error = bundleError(this.#bundle, bundled);
    if (error !== undefined && this.#isThere) report(error);
    return bundled.entries;
  }

  /** Ends watching. */
  close(): void {
    this.#watch.close();
  }

  /** The file is no folder, nor always there: to look is only to watch the way to it. */
  #look(): void {
    this.#watch.look(() => {});
  }
}
