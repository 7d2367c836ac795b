import { resolve } from 'node:path';
import {
  booleanOption,
  checkOptions,
  choiceOption,
  quote,
  requiredPath,
  requiredText,
} from '../core/options.ts';
import { parsePrefix, type Prefix } from '../core/prefix.ts';
import { rootList } from '../files/roots.ts';
import type { ModulesMode } from './asset-index.ts';

/** Options of {@link openAssets}. */
export interface AssetsOptions {
  /** What static URLs start with: `/static/` or `https://cdn.example.com/static/`. */
  readonly prefix: string;
  /**
   * The folder with the files, a path relative to the working folder or a `file:` URL; or several: of files with one name
   * the first folder's wins. Not with `manifest`.
   */
  readonly roots?: string | URL | readonly (string | URL)[];
  /** The manifest of a release, read in place of the sources: a path or a `file:` URL. Needs `releases`. */
  readonly manifest?: string | URL;
  /**
   * The releases folder (`static-url release --out`). With `manifest` the files are served from there, and so are those
   * of earlier releases.
   */
  readonly releases?: string | URL;
  /**
   * Whether a reference to a file that is not there is an error.
   *
   * @defaultValue `true` with `NODE_ENV=production`
   */
  readonly strict?: boolean;
  /**
   * `'group'`: modules that import each other, in any direction, share one fingerprint; one changed module renews its
   * group. `'importmap'`: each module has its own, and pages must carry the import map.
   *
   * @defaultValue `'group'`
   */
  readonly modules?: ModulesMode;
  /**
   * Whether files and folders whose names start with a dot count.
   *
   * @defaultValue `false`
   */
  readonly dotfiles?: boolean;
  /**
   * Whether the folder `.well-known` at a root (RFC 8615) counts although its name starts with a dot.
   *
   * @defaultValue `false`
   */
  readonly wellKnown?: boolean;
  /**
   * Whether changes of files give new URLs without a restart: for development. Not with `manifest`.
   *
   * @defaultValue `false`
   */
  readonly watch?: boolean;
  /**
   * Bare module names and the assets that they stand for: `{ three: 'vendor/three.module.js' }`. A name that ends in `/`
   * stands for a folder: `{ 'three/addons/': 'vendor/addons/' }`. They go into the import map.
   *
   * @defaultValue none; with `manifest` those of the release
   */
  readonly imports?: Readonly<Record<string, string>>;
}

/** {@link AssetsOptions} with everything decided. */
export interface ResolvedAssetsOptions {
  readonly prefix: Prefix;
  /** Absolute; empty when a manifest is read. */
  readonly roots: readonly string[];
  readonly manifest: string | undefined;
  readonly releases: string | undefined;
  readonly strict: boolean;
  readonly modules: ModulesMode;
  readonly dotfiles: boolean;
  readonly wellKnown: boolean;
  readonly watch: boolean;
  /** By name, sorted; `undefined` when not given, for a release has its own. */
  readonly imports: ReadonlyMap<string, string> | undefined;
}

const KNOWN = [
  'prefix',
  'roots',
  'manifest',
  'releases',
  'strict',
  'modules',
  'dotfiles',
  'wellKnown',
  'watch',
  'imports',
] as const;

/**
 * Validates and defaults what {@link openAssets} is given.
 *
 * @throws TypeError
 */
export function resolveAssetsOptions(options: AssetsOptions): ResolvedAssetsOptions {
  if (options === undefined)
    throw new TypeError('openAssets() needs the options "prefix", and "roots" or "manifest".');
  checkOptions('openAssets()', options, KNOWN);
  const { roots, manifest, releases } = options;
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
  const watch = booleanOption('watch', options.watch, false);
  if (watch && manifest !== undefined)
    throw new TypeError('The option "watch" needs "roots": a release never changes.');
  return {
    prefix: parsePrefix(options.prefix),
    roots: roots === undefined ? [] : rootList(roots),
    manifest: manifest === undefined ? undefined : resolve(requiredPath('option "manifest"', manifest)),
    releases: releases === undefined ? undefined : resolve(requiredPath('option "releases"', releases)),
    strict: booleanOption('strict', options.strict, process.env['NODE_ENV'] === 'production'),
    modules: choiceOption('modules', options.modules, ['group', 'importmap'], 'group'),
    dotfiles: booleanOption('dotfiles', options.dotfiles, false),
    wellKnown: booleanOption('wellKnown', options.wellKnown, false),
    watch,
    imports: options.imports === undefined ? undefined : importsOption(options.imports),
  };
}

/**
 * Validates the option `imports`.
 *
 * @returns it by name, sorted
 * @throws TypeError
 */
export function importsOption(imports: unknown): Map<string, string> {
  if (typeof imports !== 'object' || imports === null || Array.isArray(imports))
    throw new TypeError(
      `The option "imports" is an object of module names and assets, not ${quote(imports)}.`,
    );
  const names = Object.entries(imports).map(([name, asset]): readonly [string, string] => {
    if (/^\.{0,2}\//.test(requiredText('name in "imports"', name)))
      throw new TypeError(
        `The option "imports" takes bare module names, not ${quote(name)}: relative imports need no map.`,
      );
    const target = requiredText(`asset of ${quote(name)} in "imports"`, asset);
    if (name.endsWith('/') !== target.endsWith('/'))
      throw new TypeError(
        `In "imports" the name ${quote(name)} stands for ${quote(target)}. End both with "/" for a folder, or none for an asset.`,
      );
    return [name, target];
  });
  return new Map(names.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
