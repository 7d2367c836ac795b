import { posix } from 'node:path';
import { cacheFor, YEAR_SECONDS } from '../http/headers.ts';
import { checkOptions, quote } from '../core/options.ts';
import { unknownVersionOption, type UnknownVersionAnswer } from '../http/unknown-version.ts';
import {
  LOCATION_OPTIONS,
  resolveLocation,
  type LocationOptions,
  type ResolvedLocation,
} from './location-options.ts';
import { folderPath, secondsOption } from './location-values.ts';

/** Options of {@link staticLocation}. */
export interface StaticLocationOptions extends LocationOptions {
  /**
   * A folder with a marker file for the version that is current (`static-url url --mark`): an absolute path. URLs of
   * that version get `public, max-age=…, immutable` with {@link StaticLocationOptions.maxAgeSeconds}, all other versions
   * `no-store`.
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
   * With `current`: what a version without marker gets, the current bytes with `no-store`, or a 404.
   *
   * @defaultValue `'current-bytes'`
   */
  readonly unknownVersion?: 'current-bytes' | 'not-found';
}

/** {@link StaticLocationOptions} with everything decided. */
export interface ResolvedStaticLocation extends ResolvedLocation {
  readonly current: string | undefined;
  readonly versionedCacheControl: string;
  readonly unknownVersion: UnknownVersionAnswer;
}

const WEEK_SECONDS = 7 * 24 * 60 * 60;

const KNOWN = ['prefix', 'root', 'current', 'maxAgeSeconds', 'unknownVersion', ...LOCATION_OPTIONS] as const;

/**
 * Validates and defaults what {@link staticLocation} is given.
 *
 * @throws TypeError, RangeError, {@link StaticUrlError} `NGINX_INEXPRESSIBLE`
 */
export function resolveStaticLocation(options: StaticLocationOptions): ResolvedStaticLocation {
  if (options === undefined) throw new TypeError('staticLocation() needs the options "prefix" and "root".');
  checkOptions('staticLocation()', options, KNOWN);
  const current = options.current === undefined ? undefined : folderPath('option "current"', options.current);
  const maxAgeSeconds = secondsOption(
    'maxAgeSeconds',
    options.maxAgeSeconds,
    current === undefined ? WEEK_SECONDS : YEAR_SECONDS,
  );
  if (options.unknownVersion !== undefined && current === undefined) {
    throw new TypeError(
      'The option "unknownVersion" needs the option "current": without markers nginx knows no version.',
    );
  }
  const location = resolveLocation(options);
  if (current !== undefined) refuseInside(current, location.root);
  return {
    ...location,
    current,
    versionedCacheControl: cacheFor(maxAgeSeconds, current !== undefined),
    unknownVersion: unknownVersionOption(options.unknownVersion),
  };
}

/** A marker among the files would be served, and a version of their content would change with each marker. */
function refuseInside(current: string, root: string): void {
  const [below, folder] = [posix.normalize(current), posix.normalize(root)];
  if (below !== folder && !below.startsWith(`${folder}/`)) return;
  throw new TypeError(
    `The option "current" ${quote(current)} lies in the root ${quote(root)}, so that its markers would count among the files. Choose a folder beside the root.`,
  );
}
