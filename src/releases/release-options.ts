import { resolve } from 'node:path';
import { booleanOption, checkOptions, quote, requiredPath } from '../core/options.ts';
import type { ModulesMode } from '../assets/index.ts';
import { resolveAssetsOptions, type ResolvedAssetsOptions } from '../assets/options.ts';
import { linkRuleOption, type LinkRule } from '../files/roots.ts';

/** How far a release has come. */
export interface ReleaseProgress {
  readonly stage: 'reading' | 'waiting for a prune' | 'copying' | 'compressing' | 'linking';
  /** How many of `total` files are done. */
  readonly done: number;
  /** 0 where the number is not known. */
  readonly total: number;
}

/** Options of {@link writeRelease}. */
export interface ReleaseOptions {
  /**
   * The folder with the files, a path relative to the working folder or a `file:` URL; or several: of files with one name
   * the first folder's wins.
   */
  readonly roots: string | URL | readonly (string | URL)[];
  /** The folder that the release is added to; made if it is not there. */
  readonly releases: string | URL;
  /**
   * What static URLs start with.
   *
   * @defaultValue `'/static/'`
   */
  readonly prefix?: string;
  /**
   * How modules get their fingerprints; as for `openAssets`.
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
   * Bare module names and the assets that they stand for; as for `openAssets`.
   *
   * @defaultValue none
   */
  readonly imports?: Readonly<Record<string, string>>;
  /**
   * `'inside'`: a symbolic link that leads out of the roots is an error. `'follow'`: what it leads to is released.
   *
   * @defaultValue `'inside'`
   */
  readonly symlinks?: LinkRule;
  /**
   * Whether compressed copies are laid beside the files: `.br`, `.gz`, and `.zst` where this Node can write it.
   *
   * @defaultValue `false`
   */
  readonly compress?: boolean;
  /** Where a copy of the manifest is written, for the app to name its own release by. */
  readonly manifest?: string | URL;
  /**
   * Whether it only says what it would do.
   *
   * @defaultValue `false`
   */
  readonly dryRun?: boolean;
  /** Called as the release comes forward. */
  readonly onProgress?: (progress: ReleaseProgress) => void;
}

/** {@link ReleaseOptions} with everything decided. */
export interface ResolvedReleaseOptions {
  readonly assets: ResolvedAssetsOptions;
  readonly symlinks: LinkRule;
  /** Absolute. */
  readonly releases: string;
  readonly compress: boolean;
  /** Absolute. */
  readonly manifest: string | undefined;
  readonly dryRun: boolean;
  readonly onProgress: (progress: ReleaseProgress) => void;
}

const KNOWN = [
  'roots',
  'releases',
  'prefix',
  'modules',
  'dotfiles',
  'wellKnown',
  'imports',
  'symlinks',
  'compress',
  'manifest',
  'dryRun',
  'onProgress',
] as const;

/**
 * Validates and defaults what {@link writeRelease} is given.
 *
 * @throws TypeError
 */
export function resolveReleaseOptions(options: ReleaseOptions): ResolvedReleaseOptions {
  if (options === undefined) throw new TypeError('writeRelease() needs the options "roots" and "releases".');
  checkOptions('writeRelease()', options, KNOWN);
  const { roots, prefix = '/static/', manifest, onProgress = () => {} } = options;
  const { modules, dotfiles, wellKnown, imports } = options;
  if (roots === undefined) throw new TypeError('writeRelease() needs the option "roots".');
  if (typeof onProgress !== 'function')
    throw new TypeError(`The option "onProgress" is a function, not ${quote(onProgress)}.`);
  return {
    assets: resolveAssetsOptions({
      prefix,
      roots,
      strict: true,
      ...(modules !== undefined && { modules }),
      ...(dotfiles !== undefined && { dotfiles }),
      ...(wellKnown !== undefined && { wellKnown }),
      ...(imports !== undefined && { imports }),
    }),
    symlinks: linkRuleOption(options.symlinks),
    releases: resolve(requiredPath('option "releases"', options.releases)),
    compress: booleanOption('compress', options.compress, false),
    manifest: manifest === undefined ? undefined : resolve(requiredPath('option "manifest"', manifest)),
    dryRun: booleanOption('dryRun', options.dryRun, false),
    onProgress,
  };
}
