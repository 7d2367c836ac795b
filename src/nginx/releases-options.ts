import { cacheFor, YEAR_SECONDS } from '../http/headers.ts';
import { checkOptions } from '../core/options.ts';
import { unknownVersionOption, type UnknownVersionAnswer } from '../http/unknown-version.ts';
import {
  LOCATION_OPTIONS,
  resolveLocation,
  type LocationOptions,
  type ResolvedLocation,
} from './location-options.ts';
import {
  countOption,
  CURRENT_FOLDER,
  folderPath,
  refuseLongLocation,
  secondsOption,
} from './location-values.ts';

/** Options of {@link releasesLocation}. */
export interface ReleasesLocationOptions extends LocationOptions {
  /** The releases folder (`static-url release --out`): an absolute path on the host of nginx. */
  readonly releases: string;
  /**
   * How long the URLs of released assets may be cached, in seconds.
   *
   * @defaultValue 31536000 (a year)
   */
  readonly maxAgeSeconds?: number;
  /**
   * What a version gets under which the asset was not released here: the current bytes with `no-store`, or a 404.
   *
   * @defaultValue `'current-bytes'`
   */
  readonly unknownVersion?: 'current-bytes' | 'not-found';
  /**
   * How many released files each worker of nginx keeps open (`open_file_cache`); 0: none. Each takes one of the worker's
   * file descriptors, as each connection does, so raise `worker_rlimit_nofile` (1024 on most systems) with it.
   *
   * @defaultValue 200, which fits in beside Debian's 768 connections
   */
  readonly maxOpenFiles?: number;
}

/** {@link ReleasesLocationOptions} with everything decided. */
export interface ResolvedReleasesLocation extends ResolvedLocation {
  /** Without a slash at the end. */
  readonly releases: string;
  readonly releasedCacheControl: string;
  readonly unknownVersion: UnknownVersionAnswer;
  readonly maxOpenFiles: number;
}

const DEFAULT_OPEN_FILES = 200;
/** Linux allows a process no more than this by default (`fs.nr_open`). */
const MOST_OPEN_FILES = 1_048_576;

const KNOWN = [
  'prefix',
  'root',
  'releases',
  'maxAgeSeconds',
  'unknownVersion',
  'maxOpenFiles',
  ...LOCATION_OPTIONS,
] as const;

/**
 * Validates and defaults what {@link releasesLocation} is given.
 *
 * @throws TypeError, RangeError, {@link StaticUrlError} `NGINX_INEXPRESSIBLE`
 */
export function resolveReleasesLocation(options: ReleasesLocationOptions): ResolvedReleasesLocation {
  if (options === undefined)
    throw new TypeError('releasesLocation() needs the options "prefix", "root" and "releases".');
  checkOptions('releasesLocation()', options, KNOWN);
  const location = resolveLocation(options);
  refuseLongLocation(location.prefix, CURRENT_FOLDER);
  return {
    ...location,
    releases: folderPath('option "releases"', options.releases),
    releasedCacheControl: cacheFor(secondsOption('maxAgeSeconds', options.maxAgeSeconds, YEAR_SECONDS), true),
    unknownVersion: unknownVersionOption(options.unknownVersion),
    maxOpenFiles: openFilesOption(options.maxOpenFiles),
  };
}

/** Validates and defaults the option `maxOpenFiles`. */
export function openFilesOption(value: unknown): number {
  return countOption('maxOpenFiles', value, 'files', MOST_OPEN_FILES, DEFAULT_OPEN_FILES);
}
