import type { LinkRule } from '../files/roots.ts';

/**
 * What `static-url.config.js` may say, once for all commands. Flags win. Paths are relative to the folder of that file, or
 * `file:` URLs.
 */
export interface StaticUrlConfig {
  /**
   * What static URLs start with: `/static/` or `https://cdn.example.com/static/`.
   *
   * @defaultValue `'/static/'`
   */
  readonly prefix?: string;
  /** The folder with the files, or several: of files with one name the first folder's wins. */
  readonly roots?: string | URL | readonly (string | URL)[];
  /** The releases folder, for `release`, `prune` and `nginx releases`. */
  readonly releases?: string | URL;
  /** Where `release` writes a copy of the manifest, by which the app opens its release. */
  readonly manifest?: string | URL;
  /** The folder of version markers, for `nginx static`. */
  readonly current?: string | URL;
  /**
   * How JavaScript modules get their fingerprints.
   *
   * @defaultValue `'group'`
   */
  readonly modules?: 'group' | 'importmap';
  /**
   * Bare module names and the assets that they stand for: `{ three: 'vendor/three.module.js' }`. A name that ends in `/`
   * stands for a folder: `{ 'three/addons/': 'vendor/addons/' }`.
   */
  readonly imports?: Readonly<Record<string, string>>;
  /**
   * Whether files and folders whose names start with a dot count, and nginx serves them.
   *
   * @defaultValue `false`
   */
  readonly dotfiles?: boolean;
  /**
   * Whether the folder `.well-known` at a root (RFC 8615) counts, and nginx serves it, although its name starts with a dot.
   *
   * @defaultValue `false`
   */
  readonly wellKnown?: boolean;
  /**
   * Whether `release` lays compressed copies beside the files.
   *
   * @defaultValue `false`
   */
  readonly compress?: boolean;
  /** Headers that nginx sends with every static answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Whether nginx adds `Access-Control-Allow-Origin: *`, which fonts and modules need on another origin.
   *
   * @defaultValue `false`
   */
  readonly cors?: boolean;
  /**
   * Whether nginx sends `app.css.gz` in place of `app.css` to who accepts gzip.
   *
   * @defaultValue `false`
   */
  readonly gzipStatic?: boolean;
  /**
   * `'inside'`: symbolic links that leave the roots are an error for `release` and `check`; nginx follows all.
   * `'follow'`: `release` and `check` follow all too. `'refuse'`: as `'inside'`, and nginx answers 404 for files behind
   * any link.
   *
   * @defaultValue `'inside'`
   */
  readonly symlinks?: LinkRule | 'refuse';
  /**
   * `Cache-Control` of files that nginx is asked for without a version.
   *
   * @defaultValue `'no-cache'`
   */
  readonly unversionedCacheControl?: string;
  /**
   * How long nginx lets a versioned URL be cached, in seconds.
   *
   * @defaultValue 31536000 (a year); for `nginx static` without `current` 604800 (seven days)
   */
  readonly maxAgeSeconds?: number;
  /**
   * What nginx answers for a version that it does not know, the current bytes with `no-store` or a 404: for
   * `nginx releases`, and for `nginx static` with `current`.
   *
   * @defaultValue `'current-bytes'`
   */
  readonly unknownVersion?: 'current-bytes' | 'not-found';
  /** Media types by extension that nginx sends, beside or in place of its table: `{ glb: 'model/gltf-binary' }`. */
  readonly mediaTypes?: Readonly<Record<string, string>>;
  /**
   * How many released files each worker of nginx keeps open.
   *
   * @defaultValue 200
   */
  readonly maxOpenFiles?: number;
  /**
   * How many of the newest releases `prune` leaves in any case: at least one.
   *
   * @defaultValue 5
   */
  readonly keep?: number;
  /**
   * For how long, in seconds, another release must have replaced one before `prune` may remove it.
   *
   * @defaultValue 2592000 (30 days)
   */
  readonly olderThanSeconds?: number;
}

/**
 * Returns the configuration as it is given: for editors, which know by it what may be said.
 *
 * @example
 * ```ts
 * // static-url.config.js
 * import { defineConfig } from 'static-url/config';
 *
 * export default defineConfig({
 *   prefix: '/static/',
 *   roots: 'public',
 *   releases: '../releases',
 * });
 * ```
 */
export function defineConfig<const Config extends StaticUrlConfig>(config: Config): Config {
  return config;
}
