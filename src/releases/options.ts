import type { ModulesMode } from '../assets/index.ts';
import {
  ASSETS_OPTIONS,
  resolveSources,
  SOURCE_OPTIONS,
  type ResolvedAssetsOptions,
  type SourceOptions,
} from '../assets/options.ts';
import {
  absolutePath,
  amount,
  BOOLEAN,
  callback,
  PATH,
  switchOrNumber,
  wholeNumber,
} from '../core/option-kinds.ts';
import { resolveOptions, type Table } from '../core/options.ts';
import type { LinkRule } from '../files/roots.ts';

export { deltaName, NAMES_PATH, timeOfContent } from './release-layout.ts';

/** How far a release has come. */
export interface ReleaseProgress {
  readonly stage:
    | 'reading'
    | 'waiting for a prune'
    | 'copying'
    | 'compressing'
    | 'making deltas'
    | 'linking'
    | 'naming';
  /** How many of `total` files are done. */
  readonly done: number;
  /** 0 where the number is not known. */
  readonly total: number;
}

/** Options of {@link writeRelease}. */
export interface ReleaseOptions extends SourceOptions {
  /** The releases folder. Made if it is not there. */
  readonly releases: string | URL;
  /**
   * How JavaScript modules get their fingerprints. As for `openAssets`.
   *
   * @defaultValue `'group'`
   */
  readonly modules?: ModulesMode;
  /**
   * Lays compressed copies beside the files: `.br`, `.gz`, and `.zst` where this Node can write it.
   *
   * @defaultValue `false`
   */
  readonly compress?: boolean;
  /**
   * Lays deltas beside what is new: how it differs from the last kept releases, 3 or as many as are given. For browsers
   * that still have the files of one of them (RFC 9842).
   *
   * @defaultValue `false`
   */
  readonly deltas?: boolean | number;
  /** Where to write a copy of the manifest, which the app opens its release with. */
  readonly manifest?: string | URL;
  /**
   * Changes nothing, and only says what would be done.
   *
   * @defaultValue `false`
   */
  readonly dryRun?: boolean;
  /** Called as the release progresses. */
  readonly onProgress?: (progress: ReleaseProgress) => void;
}

/** Options of {@link pruneReleases}. */
export interface PruneOptions {
  /** The releases folder. */
  readonly releases: string | URL;
  /**
   * How many of the newest releases stay in any case: at least one.
   *
   * @defaultValue 5
   */
  readonly keep?: number;
  /**
   * How long ago a release must have been replaced before it may be removed; 0 counts releases alone. In seconds.
   *
   * @defaultValue 2592000 (30 days)
   */
  readonly olderThanSeconds?: number;
  /**
   * Changes nothing, and only says what would be done.
   *
   * @defaultValue `false`
   */
  readonly dryRun?: boolean;
}

const DRY_RUN = {
  ...BOOLEAN,
  flag: '--dry-run',
  default: false,
  help: 'Changes nothing, and only says what would be done.',
};

/** The options of {@link writeRelease}. */
export const RELEASE_OPTIONS: Table<ReleaseOptions, 'imports' | 'bundle' | 'manifest' | 'onProgress'> = {
  ...SOURCE_OPTIONS,
  releases: {
    ...PATH,
    flag: '--releases <folder>',
    required: true,
    help: 'The releases folder.',
  },
  modules: { ...ASSETS_OPTIONS.modules, default: 'group' },
  compress: {
    ...BOOLEAN,
    flag: '--compress',
    default: false,
    help: 'Lays compressed copies beside the files: .br, .gz, and .zst where this Node can write it.',
  },
  deltas: {
    ...switchOrNumber('releases', 1),
    flag: '--deltas [releases]',
    default: false,
    help: 'Lays deltas beside what is new: how it differs from the last kept releases, 3 or as many as are given.',
  },
  manifest: {
    ...PATH,
    flag: '--manifest <file>',
    help: 'Where to write a copy of the manifest, which the app opens its release with.',
  },
  dryRun: DRY_RUN,
  onProgress: { ...callback(), help: 'Called as the release progresses.' },
};

/** The options of {@link pruneReleases}. */
export const PRUNE_OPTIONS: Table<PruneOptions> = {
  releases: { ...PATH, flag: '--releases <folder>', required: true, help: 'The releases folder.' },
  keep: {
    ...wholeNumber('releases', 1),
    flag: '--keep <number>',
    default: 5,
    help: 'How many of the newest releases stay in any case: at least one.',
  },
  olderThanSeconds: {
    ...amount('seconds', { kind: 'duration' }),
    flag: '--older-than <duration>',
    default: 30 * 24 * 60 * 60,
    defaultText: '30 days',
    help: 'How long ago a release must have been replaced before it may be removed; 0 counts releases alone.',
  },
  dryRun: DRY_RUN,
};

/** Visitors of older releases are few. */
const DELTA_RELEASES = 3;

/** {@link ReleaseOptions} with everything decided. */
export interface ResolvedReleaseOptions {
  readonly assets: ResolvedAssetsOptions;
  readonly symlinks: LinkRule;
  /** Absolute. */
  readonly releases: string;
  readonly compress: boolean;
  /** How many of the last kept releases there are to be deltas against; 0 for none. */
  readonly deltas: number;
  /** Absolute. */
  readonly manifest: string | undefined;
  readonly dryRun: boolean;
  readonly onProgress: (progress: ReleaseProgress) => void;
}

/**
 * Checks and defaults what {@link writeRelease} is given.
 *
 * @throws TypeError
 */
export function resolveReleaseOptions(options: ReleaseOptions): ResolvedReleaseOptions {
  const resolved = resolveOptions('writeRelease()', options, RELEASE_OPTIONS);
  const { releases, symlinks, modules, compress, deltas, manifest, dryRun, onProgress = () => {} } = resolved;
  return {
    assets: resolveSources(resolved, modules),
    symlinks,
    releases: absolutePath('option "releases"', releases),
    compress,
    deltas: deltas === true ? DELTA_RELEASES : Number(deltas),
    manifest: manifest === undefined ? undefined : absolutePath('option "manifest"', manifest),
    dryRun,
    onProgress,
  };
}

/** {@link PruneOptions} with everything decided. */
export interface ResolvedPruneOptions {
  /** Absolute. */
  readonly releases: string;
  readonly keep: number;
  readonly olderThanMilliseconds: number;
  readonly dryRun: boolean;
}

/**
 * Checks and defaults what {@link pruneReleases} is given.
 *
 * @throws TypeError, RangeError
 */
export function resolvePruneOptions(options: PruneOptions): ResolvedPruneOptions {
  const { releases, olderThanSeconds, ...others } = resolveOptions('pruneReleases()', options, PRUNE_OPTIONS);
  return {
    ...others,
    releases: absolutePath('option "releases"', releases),
    olderThanMilliseconds: olderThanSeconds * 1000,
  };
}
