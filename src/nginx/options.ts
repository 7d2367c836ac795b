import { posix } from 'node:path';
import { optionError } from '../core/errors.ts';
import { BOOLEAN, wholeNumber } from '../core/option-kinds.ts';
import { resolveOptions, type Spec, type Table } from '../core/options.ts';
import { quote } from '../core/text.ts';
import { cacheFor, YEAR_SECONDS } from '../http/headers.ts';
import { UNKNOWN_VERSION, type UnknownVersionAnswer } from '../core/version-format.ts';
import {
  COMPRESSION_MODULES,
  dictionaryTemplate,
  refuseDictionaryHeader,
  type CompressionModule,
  type ResolvedDeltas,
} from './deltas.ts';
import {
  LOCATION_OPTIONS,
  resolveLocation,
  type LocationOptions,
  type ResolvedLocation,
} from './location-options.ts';
import { CURRENT_FOLDER, FOLDER, folderPath, refuseLongLocation } from './location-values.ts';

/** Options of {@link staticLocation}. */
export interface StaticLocationOptions extends LocationOptions {
  /**
   * The folder of version markers (`static-url mark`). An absolute path on the host of nginx. URLs of a marked version get
   * `public, max-age=…, immutable` with {@link StaticLocationOptions.maxAgeSeconds}, all other versions `no-store`.
   *
   * @defaultValue none: every version gets `maxAgeSeconds`
   */
  readonly current?: string;
  /**
   * How long URLs with a version may be cached, in seconds.
   *
   * @defaultValue 604800 (seven days), with `current` 31536000 (a year)
   */
  readonly maxAgeSeconds?: number;
  /**
   * What nginx answers for a version it does not know: the current bytes with `no-store`, or a 404. Needs `current`.
   *
   * @defaultValue `'current-bytes'`
   */
  readonly unknownVersion?: UnknownVersionAnswer;
}

/** Options of {@link releasesLocation}. */
export interface ReleasesLocationOptions extends LocationOptions {
  /** The releases folder: an absolute path on the host of nginx. */
  readonly releases: string;
  /**
   * How long URLs with a version may be cached, in seconds.
   *
   * @defaultValue 31536000 (a year)
   */
  readonly maxAgeSeconds?: number;
  /**
   * What nginx answers for a version it does not know: the current bytes with `no-store`, or a 404.
   *
   * @defaultValue `'current-bytes'`
   */
  readonly unknownVersion?: UnknownVersionAnswer;
  /**
   * How many released files each worker of nginx keeps open (`open_file_cache`); 0: none. Each takes one of the worker's
   * file descriptors, as each connection does, so raise `worker_rlimit_nofile` (1024 on most systems) with it.
   *
   * @defaultValue 200, which fits beside Debian's 768 connections
   */
  readonly maxOpenFiles?: number;
  /**
   * Sends deltas of the release (`writeRelease({ deltas: true })`) to browsers that have an older version of the file
   * (RFC 9842). Where nginx has `brotli on` or `zstd on`, give {@link ReleasesLocationOptions.compressionModules} too.
   *
   * @defaultValue `false`
   */
  readonly deltas?: boolean;
  /**
   * Modules by which this nginx compresses answers, beside its own gzip: `['brotli', 'zstd']`. For deltas they are switched
   * off: a delta that is compressed again reaches the page as garbage.
   *
   * @defaultValue none
   */
  readonly compressionModules?: readonly CompressionModule[];
}

/** What two functions say alike of an option, but for its default. */
type Undecided<Value> = Omit<Spec<Value>, 'default' | 'required'>;

/** An age for `max-age`. RFC 9111 §1.2.2: caches take anything above the limit for the limit. */
const MAX_AGE: Undecided<number> = {
  ...wholeNumber('seconds', 0, 2_147_483_648),
  flag: '--max-age <seconds>',
  help: 'How long URLs with a version may be cached, in seconds.',
};

const ANSWER: Undecided<UnknownVersionAnswer> = {
  ...UNKNOWN_VERSION,
  flag: '--unknown-version <answer>',
  help: 'What nginx answers for a version it does not know: the current bytes with no-store, or a 404.',
};

/** The options of {@link staticLocation}. */
export const STATIC_OPTIONS: Table<StaticLocationOptions, 'current' | 'maxAgeSeconds' | 'unknownVersion'> = {
  ...LOCATION_OPTIONS,
  current: {
    ...FOLDER,
    flag: '--current <folder>',
    help: 'The folder of version markers (static-url mark).',
  },
  maxAgeSeconds: {
    ...MAX_AGE,
    defaultText: 'seven days; with current a year',
  },
  unknownVersion: { ...ANSWER, defaultText: 'current-bytes' },
};

/** The options of {@link releasesLocation}. */
export const RELEASES_OPTIONS: Table<ReleasesLocationOptions> = {
  ...LOCATION_OPTIONS,
  releases: {
    ...FOLDER,
    flag: '--releases <folder>',
    required: true,
    help: 'The releases folder: an absolute path on the host of nginx.',
  },
  maxAgeSeconds: { ...MAX_AGE, default: YEAR_SECONDS, defaultText: 'a year' },
  unknownVersion: { ...ANSWER, default: 'current-bytes' },
  maxOpenFiles: {
    // Linux allows a process no more than this by default (`fs.nr_open`).
    ...wholeNumber('files', 0, 1_048_576),
    flag: '--max-open-files <count>',
    default: 200,
    help: 'How many released files each worker of nginx keeps open (open_file_cache); 0: none.',
  },
  deltas: {
    ...BOOLEAN,
    flag: '--deltas',
    default: false,
    help: 'Sends deltas of the release (writeRelease({ deltas: true })) to browsers that have an older version of the file (RFC 9842).',
  },
  compressionModules: {
    ...COMPRESSION_MODULES,
    flag: '--compression-module <name...>',
    default: [],
    defaultText: 'none',
    help: "Modules by which this nginx compresses answers, beside its own gzip: ['brotli', 'zstd'].",
  },
};

/** {@link StaticLocationOptions} with everything decided. */
export interface ResolvedStaticLocation extends ResolvedLocation {
  readonly current: string | undefined;
  readonly versionedCacheControl: string;
  readonly unknownVersion: UnknownVersionAnswer;
}

const WEEK_SECONDS = 7 * 24 * 60 * 60;

/**
 * Checks and defaults what {@link staticLocation} is given.
 *
 * @throws TypeError, RangeError, {@link StaticUrlError} `NGINX_INEXPRESSIBLE`
 */
export function resolveStaticLocation(options: StaticLocationOptions): ResolvedStaticLocation {
  const resolved = resolveOptions('staticLocation()', options, STATIC_OPTIONS);
  const { unknownVersion, maxAgeSeconds } = resolved;
  const current = resolved.current === undefined ? undefined : folderPath(resolved.current, 'current');
  if (unknownVersion !== undefined && current === undefined) {
    throw optionError(
      'unknownVersion',
      (name) => `${name('unknownVersion')} needs ${name('current')}: without markers nginx knows no version.`,
    );
  }
  const location = resolveLocation(resolved);
  if (current !== undefined) refuseInside(current, location.root);
  return {
    ...location,
    current,
    versionedCacheControl: cacheFor(
      maxAgeSeconds ?? (current === undefined ? WEEK_SECONDS : YEAR_SECONDS),
      current !== undefined,
    ),
    unknownVersion: unknownVersion ?? 'current-bytes',
  };
}

/** A marker among the files would be served, and a version of their content would change with each marker. */
function refuseInside(current: string, root: string): void {
  const [below, folder] = [posix.normalize(current), posix.normalize(root)];
  if (below !== folder && !below.startsWith(`${folder}/`)) return;
  throw optionError(
    'current',
    (name) =>
      `${name('current')} is ${quote(current)}, inside the root ${quote(root)}, so its markers would count among the files. Choose a folder beside the root.`,
  );
}

/** {@link ReleasesLocationOptions} with everything decided. */
export interface ResolvedReleasesLocation extends ResolvedLocation {
  /** Without a slash at the end. */
  readonly releases: string;
  readonly releasedCacheControl: string;
  readonly unknownVersion: UnknownVersionAnswer;
  readonly maxOpenFiles: number;
  /** Where there are deltas. */
  readonly deltas: ResolvedDeltas | undefined;
}

/**
 * Checks and defaults what {@link releasesLocation} is given.
 *
 * @throws TypeError, RangeError, {@link StaticUrlError} `NGINX_INEXPRESSIBLE`
 */
export function resolveReleasesLocation(options: ReleasesLocationOptions): ResolvedReleasesLocation {
  const resolved = resolveOptions('releasesLocation()', options, RELEASES_OPTIONS);
  const location = resolveLocation(resolved);
  refuseLongLocation(location.prefix, CURRENT_FOLDER);
  if (resolved.deltas) refuseDictionaryHeader(location.headers);
  return {
    ...location,
    releases: folderPath(resolved.releases, 'releases'),
    releasedCacheControl: cacheFor(resolved.maxAgeSeconds, true),
    unknownVersion: resolved.unknownVersion,
    maxOpenFiles: resolved.maxOpenFiles,
    deltas: resolved.deltas
      ? { template: dictionaryTemplate(resolved.prefix), compressionModules: resolved.compressionModules }
      : undefined,
  };
}

export { PAGES_LOCATION_OPTIONS, type PagesLocationOptions } from './pages-options.ts';
export { SITE_SERVER_OPTIONS, type SiteServerOptions } from './site-options.ts';
