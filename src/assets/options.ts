import { DOTFILE_OPTIONS } from '../core/dotfiles.ts';
import { absolutePath, BOOLEAN, PATH, PATHS } from '../core/option-kinds.ts';
import { resolveOptions, type Resolved, type Table } from '../core/options.ts';
import { parsePrefix, PREFIX, type Prefix } from '../core/prefix.ts';
import { LINK_RULE, type LinkRule, rootList } from '../files/roots.ts';
import { POLLING_OPTIONS, pollingInterval, type PollingOptions } from '../files/watch/polling.ts';
import type { ModulesMode } from './asset-index.ts';
import type { BundleSource } from './bundles/bundle-file.ts';
import { FINGERPRINT_OPTIONS, sortedImports, type FingerprintOptions } from './fingerprint-options.ts';
import { unitsOf, type Units } from './units.ts';

/** Options of {@link openAssets}. */
export interface AssetsOptions extends FingerprintOptions, PollingOptions {
  /** What static URLs start with: `/static/` or `https://cdn.example.com/static/`. */
  readonly prefix: string;
  /**
   * The folder with the files, or several: of files with one name the first folder's wins. Paths relative to the working
   * folder, or `file:` URLs. Not with `manifest`.
   */
  readonly roots?: string | URL | readonly (string | URL)[];
  /** The manifest of a release, read in place of the sources: a path or a `file:` URL. Needs `releases`. */
  readonly manifest?: string | URL;
  /**
   * The releases folder. With `manifest` the files are served from there, and so are those of earlier releases.
   */
  readonly releases?: string | URL;
  /**
   * Whether a reference to a file that is not there is an error.
   *
   * @defaultValue `true` with `NODE_ENV=production`
   */
  readonly strict?: boolean;
  /**
   * Whether changes of files give new URLs without a restart: for development. Not with `manifest`.
   *
   * @defaultValue `false`
   */
  readonly watch?: boolean;
}

/** What `release` and `check` read. */
export interface SourceOptions extends Pick<
  FingerprintOptions,
  'imports' | 'bundle' | 'together' | 'optional' | 'dotfiles' | 'wellKnown'
> {
  /** The folder with the files, or several: of files with one name the first folder's wins. */
  readonly roots: string | URL | readonly (string | URL)[];
  /**
   * What static URLs start with: `/static/` or `https://cdn.example.com/static/`.
   *
   * @defaultValue `'/static/'`
   */
  readonly prefix?: string;
  /**
   * Which symbolic links are followed: `'inside'`, those that stay inside the roots, while others are an error; or
   * `'follow'`, all.
   *
   * @defaultValue `'inside'`
   */
  readonly symlinks?: LinkRule;
}

/** Options of {@link checkAssets}. */
export interface CheckOptions extends SourceOptions {
  /**
   * Reports files that no other file refers to as well. Those that only pages refer to are among them.
   *
   * @defaultValue `false`
   */
  readonly unreferenced?: boolean;
}

/** Options of {@link assetTags}. */
export interface AssetTagsOptions {
  /**
   * Adds Subresource Integrity digests: browsers refuse bytes that are not those of the sources.
   *
   * @defaultValue `false`
   */
  readonly integrity?: boolean;
}

/** The options of {@link assetTags}. */
export const TAG_OPTIONS: Table<AssetTagsOptions> = {
  integrity: {
    ...BOOLEAN,
    default: false,
    help: 'Adds Subresource Integrity digests: browsers refuse bytes that are not those of the sources.',
  },
};

const ROOTS_HELP = "The folder with the files, or several: of files with one name the first folder's wins.";

/** The options of {@link openAssets}. */
export const ASSETS_OPTIONS: Table<
  AssetsOptions,
  'roots' | 'manifest' | 'releases' | 'bundle' | 'strict' | 'imports' | 'pollMilliseconds'
> = {
  ...FINGERPRINT_OPTIONS,
  prefix: { ...PREFIX, required: true },
  roots: { ...PATHS, help: ROOTS_HELP },
  manifest: {
    ...PATH,
    help: 'The manifest of a release, read in place of the sources: a path or a file: URL.',
  },
  releases: { ...PATH, help: 'The releases folder.' },
  strict: {
    ...BOOLEAN,
    defaultText: 'true with NODE_ENV=production',
    help: 'Whether a reference to a file that is not there is an error.',
  },
  watch: {
    ...BOOLEAN,
    default: false,
    help: 'Whether changes of files give new URLs without a restart: for development.',
  },
  ...POLLING_OPTIONS,
};

/** The options that `release` and `check` share. */
export const SOURCE_OPTIONS: Table<SourceOptions, 'imports' | 'bundle'> = {
  roots: { ...PATHS, flag: '--root <folder...>', required: true, help: ROOTS_HELP },
  prefix: { ...PREFIX, default: '/static/' },
  symlinks: {
    ...LINK_RULE,
    flag: '--symlinks <rule>',
    default: 'inside',
    help: "Which symbolic links are followed: 'inside', those that stay inside the roots, while others are an error; or 'follow', all.",
  },
  imports: { ...FINGERPRINT_OPTIONS.imports, defaultText: 'none' },
  bundle: FINGERPRINT_OPTIONS.bundle,
  together: { ...FINGERPRINT_OPTIONS.together, defaultText: 'none' },
  optional: FINGERPRINT_OPTIONS.optional,
  ...DOTFILE_OPTIONS,
};

/** The options of {@link checkAssets}. */
export const CHECK_OPTIONS: Table<CheckOptions, 'imports' | 'bundle'> = {
  ...SOURCE_OPTIONS,
  unreferenced: {
    ...BOOLEAN,
    flag: '--unreferenced',
    default: false,
    help: 'Reports files that no other file refers to as well.',
  },
};

/** {@link AssetsOptions} with everything decided. */
export interface ResolvedAssetsOptions extends Required<
  Pick<AssetsOptions, 'strict' | 'modules' | 'dotfiles' | 'wellKnown' | 'watch'>
> {
  readonly prefix: Prefix;
  /** Absolute; empty when a manifest is read. */
  readonly roots: readonly string[];
  readonly manifest: string | undefined;
  readonly releases: string | undefined;
  /** The wait between two looks at watched files; `undefined` to wait for events. */
  readonly pollMilliseconds: number | undefined;
  readonly bundle: BundleSource | undefined;
  /** By name, sorted; `undefined` when not given, for a release has its own. */
  readonly imports: ReadonlyMap<string, string> | undefined;
  readonly units: Units;
  /** Patterns of names. */
  readonly optional: readonly string[];
}

/**
 * Checks and defaults what {@link openAssets} is given.
 *
 * @throws TypeError
 */
export function resolveAssetsOptions(options: AssetsOptions): ResolvedAssetsOptions {
  const resolved = resolveOptions('openAssets()', options, ASSETS_OPTIONS);
  const { prefix, roots, manifest, releases, bundle, strict, watch, pollMilliseconds, imports } = resolved;
  if ((roots === undefined) === (manifest === undefined)) {
    throw new TypeError(
      `openAssets() takes either "roots", to read the sources, or "manifest", to read a release, not ${roots === undefined ? 'neither' : 'both'}.`,
    );
  }
  if (manifest !== undefined && releases === undefined) {
    throw new TypeError(
      'The option "manifest" needs "releases", the folder that the release was written to.',
    );
  }
  if (watch && manifest !== undefined)
    throw new TypeError('The option "watch" needs "roots": a release never changes.');
  if (bundle !== undefined && manifest !== undefined)
    throw new TypeError('The option "bundle" needs "roots": a release has what it needs of the bundle.');
  return {
    ...resolved,
    prefix: parsePrefix(prefix),
    roots: roots === undefined ? [] : rootList(roots),
    manifest: manifest === undefined ? undefined : absolutePath('option "manifest"', manifest),
    releases: releases === undefined ? undefined : absolutePath('option "releases"', releases),
    pollMilliseconds: pollingInterval(pollMilliseconds),
    bundle:
      bundle === undefined
        ? undefined
        : { file: absolutePath('option "bundle"', bundle), workingFolder: process.cwd() },
    strict: strict ?? process.env['NODE_ENV'] === 'production',
    imports: imports === undefined ? undefined : sortedImports(imports, 'imports'),
    units: unitsOf(resolved.together),
  };
}

/** {@link SourceOptions} with everything decided: the same as those of assets that are opened strictly. */
export function resolveSources(
  {
    prefix,
    roots,
    imports,
    bundle,
    together,
    optional,
    dotfiles,
    wellKnown,
  }: Resolved<SourceOptions, 'imports' | 'bundle'>,
  modules: ModulesMode = 'group',
): ResolvedAssetsOptions {
  const given = { ...(imports && { imports }), ...(bundle !== undefined && { bundle }) };
  return resolveAssetsOptions({
    prefix,
    roots,
    together,
    optional,
    dotfiles,
    wellKnown,
    modules,
    strict: true,
    ...given,
  });
}
