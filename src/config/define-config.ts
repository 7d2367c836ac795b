import type { LinkRule } from '../files/roots.ts';
import type { ReleasesLocationOptions, StaticLocationOptions } from '../nginx/options.ts';
import type { AppSource, PagesOptions } from '../pages/options.ts';
import type { PruneOptions, ReleaseOptions } from '../releases/options.ts';
import type { SiteOptions } from '../site/options.ts';

/** What is said per call, not once for all. */
type PerCall = 'dryRun' | 'onProgress' | 'root';
/** What the configuration says in a way of its own. */
type Own = 'symlinks' | 'releases' | 'current' | 'prefix' | 'deltas';

/**
 * What `static-url.config.js` may say, once for all commands: each has the name of the option of the API. Flags win. Paths
 * are relative to the folder of that file, or `file:` URLs.
 */
export interface StaticUrlConfig
  extends
    Partial<Omit<ReleaseOptions, PerCall | Own>>,
    Omit<PruneOptions, PerCall | Own>,
    Omit<StaticLocationOptions, PerCall | Own>,
    Omit<ReleasesLocationOptions, PerCall | Own> {
  /**
   * What static URLs start with: `/static/` or `https://cdn.example.com/static/`.
   *
   * @defaultValue `'/static/'`
   */
  readonly prefix?: string;
  /** The releases folder. */
  readonly releases?: string | URL;
  /** The folder of version markers (`static-url mark`). */
  readonly current?: string | URL;
  /**
   * Which symbolic links are followed. `'inside'`: those that point outside the roots are an error for `release` and
   * `check`; nginx follows all. `'follow'`: `release` and `check` follow all too. `'refuse'`: as `'inside'`, and nginx
   * answers 404 for files behind any link.
   *
   * @defaultValue `'inside'`
   */
  readonly symlinks?: LinkRule | 'refuse';
  /**
   * Whether releases have deltas, against the last 3 that are kept or as many as are given, and nginx sends them.
   *
   * @defaultValue `false`
   */
  readonly deltas?: boolean | number;
  /**
   * The app, which `static-url pages` and `export` ask: a function that imports it, so that commands which need no app load none. The
   * app must not listen when it is imported.
   *
   * @defaultValue none
   */
  readonly app?: AppSource;
  /**
   * Which pages are kept and where: the options of `createPages()` but for `app`, which the app, the commands and nginx
   * read alike.
   *
   * @defaultValue none
   */
  readonly pages?: Omit<PagesOptions, 'app'>;
  /**
   * The site that the app is exported as: the options of `createSite()` but for `app`.
   *
   * @defaultValue none
   */
  readonly site?: Omit<SiteOptions, 'app'>;
}

/**
 * Returns the configuration as it is given: editors know by it what may be said.
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
