import { DOTFILE_OPTIONS, type DotfileOptions } from '../core/dotfiles.ts';
import { optionError } from '../core/errors.ts';
import {
  absolutePath,
  BOOLEAN,
  choice,
  expected,
  isStringList,
  PATH,
  PATHS,
  strings,
} from '../core/option-kinds.ts';
import { resolveOptions, type Resolved, type Table } from '../core/options.ts';
import { parsePrefix, PREFIX, type Prefix } from '../core/prefix.ts';
import { quote } from '../core/text.ts';
import { LINK_RULE, type LinkRule, rootList } from '../files/roots.ts';
import { POLLING_OPTIONS, pollingInterval, type PollingOptions } from '../files/watch/polling.ts';
import type { ModulesMode } from './asset-index.ts';
import type { BundleSource } from './bundles/bundle-file.ts';
import { UNITS, unitsOf, type Units } from './units.ts';

/** How files that refer to each other get their fingerprints, and what is known of them besides. */
interface FingerprintOptions extends DotfileOptions {
  /**
   * How JavaScript modules get their fingerprints. `'group'`: modules that import each other, in any direction, share one;
   * one changed module renews its group. `'importmap'`: each module has its own, and pages must carry the import map.
   *
   * @defaultValue `'group'`
   */
  readonly modules?: ModulesMode;
  /**
   * Bare module names and the assets that they stand for: `{ three: 'vendor/three.module.js' }`. A name that ends in `/`
   * stands for a folder: `{ 'three/addons/': 'vendor/addons/' }`. They go into the import map.
   *
   * @defaultValue none; with `manifest` those of the release
   */
  readonly imports?: Readonly<Record<string, string>>;
  /**
   * Folders whose files share one fingerprint each, for code that makes URLs of text: `['vendor/tinymce/']`. Whatever URL a
   * script makes within such a folder has the same version; one file changed renews them all. `'./'` is the whole root.
   *
   * @defaultValue none; with `manifest` those of the release
   */
  readonly together?: readonly string[];
  /**
   * Files that may refer to what is not there, by patterns: `['vendor/mathjax/**']`. Their broken references are warnings
   * of `check`, never errors. A pattern that begins with `!` takes files out again.
   *
   * @defaultValue none
   */
  readonly optional?: readonly string[];
  /**
   * What a bundler says that it has written, for the tag `bundle()`: Vite's manifest or esbuild's metafile. Vite's paths are
   * relative to the folder that has the manifest in it, or in its `.vite`; esbuild's to the working folder, or else to the
   * metafile's. Not with `manifest`: a release has its own.
   */
  readonly bundle?: string | URL;
}

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

const FINGERPRINT_OPTIONS: Table<FingerprintOptions, 'imports' | 'bundle'> = {
  ...DOTFILE_OPTIONS,
  modules: {
    ...choice('group', 'importmap'),
    flag: '--modules <mode>',
    default: 'group',
    help: 'How JavaScript modules get their fingerprints.',
  },
  imports: {
    ...strings({ kind: 'none' }, 'module names and assets', sortedImports),
    defaultText: 'none; with manifest those of the release',
    help: "Bare module names and the assets that they stand for: { three: 'vendor/three.module.js' }.",
  },
  together: {
    ...UNITS,
    flag: '--together <folder...>',
    default: [],
    defaultText: 'none; with manifest those of the release',
    help: "Folders whose files share one fingerprint each, for code that makes URLs of text: ['vendor/tinymce/'].",
  },
  optional: {
    ...expected(
      { kind: 'strings' },
      'a list of patterns of file names, such as "vendor/**"',
      (value): value is readonly string[] => isStringList(value) && !value.includes(''),
    ),
    flag: '--optional <pattern...>',
    default: [],
    defaultText: 'none',
    help: "Files that may refer to what is not there, by patterns: ['vendor/mathjax/**'].",
  },
  bundle: {
    ...PATH,
    flag: '--bundle <file>',
    help: "What a bundler says that it has written, for the tag bundle(): Vite's manifest or esbuild's metafile.",
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

/**
 * Checks the option `imports`.
 *
 * @returns it by name, sorted
 * @throws TypeError
 */
function sortedImports(imports: Readonly<Record<string, string>>, option: string): Map<string, string> {
  for (const [name, target] of Object.entries(imports)) {
    if (/^(?:$|\.{0,2}\/)/.test(name))
      throw optionError(
        option,
        (naming) =>
          `${naming(option)} takes bare module names, not ${quote(name)}: relative imports need no map.`,
      );
    if (name.endsWith('/') !== target.endsWith('/'))
      throw optionError(
        option,
        (naming) =>
          `${naming(option)} gives ${quote(name)} the value ${quote(target)}. End both with "/" for a folder, or neither for an asset.`,
      );
  }
  return new Map(Object.entries(imports).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
