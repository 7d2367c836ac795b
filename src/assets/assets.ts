import { EventEmitter } from 'node:events';
import type { XXHashAPI } from 'xxhash-wasm';
import { StaticUrlError } from '../core/errors.ts';
import { versionOf } from '../core/hash.ts';
import { choice } from '../core/option-kinds.ts';
import { didYouMean, quote } from '../core/text.ts';
import type { Prefix } from '../core/prefix.ts';
import type { Asset, AssetIndex } from './asset-index.ts';
import { urlFrom, urlsOf, workerUrl } from './asset-urls.ts';
import { integrityOf } from './integrity.ts';
import { type Manifest, manifestOf } from './manifest.ts';
import { nameInUrl } from './name-suggester.ts';

/** What a change of watched assets did. */
export interface AssetsChange {
  /** The names of the assets whose URLs are new, were added or are gone, sorted. */
  readonly changed: readonly string[];
}

/** What the URL of an asset is for. */
export interface UrlOptions {
  /** The asset whose reference a browser follows; the URL is the one it will ask for then. */
  readonly from?: string;
  /**
   * `'worker'`: a page starts it as a worker. Workers see no import map, so the version covers all that it imports, as with
   * `modules: 'group'`. Not with `from`.
   */
  readonly as?: 'worker';
}

const PURPOSE = choice('worker');

/** What is known of assets with a version of their own each, as tags for templates ask for it. */
export interface AssetLookup {
  /**
   * The static URL of an asset.
   *
   * @param path - its name: relative to its root, with `/` between segments
   * @param options - what the URL is for, where that is not the asset itself
   * @throws {@link StaticUrlError} `ASSET_NOT_FOUND`, with the nearest name
   * @throws TypeError for options that do not go together
   */
  url(path: string, options?: UrlOptions): string;
  /**
   * The asset's `integrity` attribute (Subresource Integrity): `sha384-…`.
   *
   * @throws {@link StaticUrlError} `ASSET_NOT_FOUND`; `FILE_CHANGED` when the file has no longer the bytes of its URL;
   *   `FILE_UNREADABLE`
   */
  integrity(path: string): string;
  /** Whether there is an asset of this name. */
  has(path: string): boolean;
  /** The names of all assets, sorted. */
  paths(): readonly string[];
  /** Bare module names and the assets that they stand for, as given to {@link openAssets} or to the release. */
  readonly imports: ReadonlyMap<string, string>;
  /** One version over all assets, for caches that depend on any of them: 16 hexadecimal digits. */
  readonly version: string;
  /** Everything that is known of the assets, as JSON. */
  manifest(): Manifest;
}

/** {@link AssetLookup} over an index that may be replaced. */
export class AssetCollection extends EventEmitter<{ change: [AssetsChange] }> implements AssetLookup {
  readonly prefix: Prefix;
  /** Where the assets come from, for messages. */
  readonly #origin: string;
  readonly #hashes: XXHashAPI;
  #index: AssetIndex;
  #urls: ReadonlyMap<string, string>;
  #version: string | undefined;
  readonly #integrities = new Map<string, string>();
  readonly #urlsFrom = new Map<string, string>();

  constructor(prefix: Prefix, origin: string, index: AssetIndex, hashes: XXHashAPI) {
    super();
    this.prefix = prefix;
    this.#origin = origin;
    this.#hashes = hashes;
    this.#index = index;
    this.#urls = urlsOf(index, prefix.href);
  }

  /** The assets as they are now. */
  get index(): AssetIndex {
    return this.#index;
  }

  get imports(): ReadonlyMap<string, string> {
    return this.#index.imports;
  }

  /** Takes over a new index, then tells the listeners what is different. */
  replace(index: AssetIndex): void {
    const [before, { assets: assetsBefore }] = [this.#urls, this.#index];
    this.#index = index;
    this.#urls = urlsOf(index, this.prefix.href);
    this.#version = undefined;
    this.#integrities.clear();
    this.#urlsFrom.clear();
    const names = new Set([...before.keys(), ...this.#urls.keys()]);
    const isChanged = (name: string): boolean =>
      before.get(name) !== this.#urls.get(name) ||
      assetsBefore.get(name)?.workerFingerprint !== index.assets.get(name)?.workerFingerprint;
    const changed = [...names].filter(isChanged).toSorted();
    if (changed.length > 0) this.emit('change', { changed });
  }

  url(path: string, options?: UrlOptions): string {
    if (options?.as !== undefined) return this.#workerUrl(path, options);
    if (options?.from !== undefined) return this.#urlFrom(path, options.from);
    return this.#urls.get(path) ?? this.asset(path).name;
  }

  #workerUrl(path: string, { as, from }: UrlOptions): string {
    if (!PURPOSE.check(as)) throw PURPOSE.refusal(as, 'as');
    if (from !== undefined)
      throw new TypeError(
        'A URL takes either "from" or "as". Leave "as" out: what a module starts has the URL of its reference.',
      );
    return workerUrl(this.asset(path), this.prefix.href);
  }

  #urlFrom(path: string, from: string): string {
    const key = `${from}\0${path}`;
    const known = this.#urlsFrom.get(key);
    if (known !== undefined) return known;
    const url = urlFrom(this.#index, this.prefix.href, this.asset(from), this.asset(path).name);
    if (url === undefined) {
      throw new StaticUrlError(
        'ASSET_NOT_FOUND',
        `Nothing leads from the asset ${quote(from)} to ${quote(path)}. Leave "from" out for the asset's own URL.`,
      );
    }
    this.#urlsFrom.set(key, url);
    return url;
  }

  /**
   * What is known of an asset.
   *
   * @throws TypeError
   * @throws {@link StaticUrlError} `ASSET_NOT_FOUND`, with the nearest name
   */
  asset(path: string): Asset {
    if (typeof path !== 'string') throw new TypeError(`An asset is named by a string, not ${quote(path)}.`);
    const asset = this.#index.assets.get(path);
    if (asset !== undefined) return asset;
    const { assets } = this.#index;
    const meant = nameInUrl(path, this.prefix);
    throw new StaticUrlError(
      'ASSET_NOT_FOUND',
      `Cannot find the asset ${quote(path)} under ${this.#origin}.${didYouMean(meant, assets.has(meant) ? [meant] : [...assets.keys()])}`,
    );
  }

  integrity(path: string): string {
    const asset = this.asset(path);
    const known = asset.integrity ?? this.#integrities.get(path);
    if (known !== undefined) return known;
    const integrity = integrityOf(asset, this.#hashes);
    this.#integrities.set(path, integrity);
    return integrity;
  }

  has(path: string): boolean {
    return this.#urls.has(path);
  }

  paths(): readonly string[] {
    return [...this.#urls.keys()].toSorted();
  }

  get version(): string {
    this.#version ??= versionOf(
      [
        ...this.paths().map((path) => `${path}\0${this.asset(path).fingerprint}\n`),
        // Pages have them in their import maps.
        ...[...this.imports].map(([name, target]) => `\0${name}\0${target}\n`),
        // And these in their tags.
        ...[...this.#index.bundle].map(
          ([name, { module = '', stylesheets }]) => `\0\0${[name, module, ...stylesheets].join('\0')}\n`,
        ),
      ].join(''),
    );
    return this.#version;
  }

  manifest(): Manifest {
    return manifestOf(this.#index, this.version);
  }

  async close(): Promise<void> {
    this.removeAllListeners();
  }
}

/**
 * Refuses what is no collection of assets, above all the promise of one.
 *
 * @param method - one that is called
 * @throws TypeError
 */
export function requireAssets(caller: string, assets: unknown, method: string): void {
  if (hasMethod(assets, method)) return;
  throw new TypeError(
    hasMethod(assets, 'then')
      ? `${caller} takes what openAssets() returned, not a Promise. Did you forget "await"?`
      : `${caller} takes what openAssets() returned, not ${quote(assets)}.`,
  );
}

function hasMethod(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function';
}
