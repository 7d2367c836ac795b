import { NO_STORE } from '../http/headers.ts';
import { NAMES_PATH } from '../releases/options.ts';
import { VERSION_PATTERN } from '../core/version-format.ts';
import { assetCapture } from './asset-pattern.ts';
import {
  DELTA_VARIABLE,
  deltaHeaderLines,
  deltaLines,
  LITERAL_NAMES,
  type ResolvedDeltas,
} from './deltas.ts';
import {
  CACHE_CONTROL_VARIABLE,
  expiryLines,
  fileCheck,
  fileLocation,
  headerLines,
  NOT_FOUND,
  prefixLocation,
  symlinkLine,
} from './file-locations.ts';
import type { ResolvedLocation } from './location-options.ts';
import { CURRENT_FOLDER, NAMES_FOLDER } from './location-values.ts';
import { block, parameter, quoted } from './nginx-text.ts';
import {
  resolveReleasesLocation,
  type ReleasesLocationOptions,
  type ResolvedReleasesLocation,
} from './options.ts';

/**
 * A snippet for nginx that serves releases, ready to `include` in a `server` block. It needs no reload per deploy.
 *
 * Every URL of a release that is on disk gets the bytes of that release, for a year, `immutable`. A version that is not,
 * as on a host that a deploy has yet to reach, gets the current bytes of `root`, which nobody may store; so does what is
 * no longer in `root`, with or without a version: the newest bytes that a kept release has by its name.
 *
 * @param options - `prefix`, `root` and `releases`, and what else nginx shall do
 * @returns configuration text of the `server` context (tested with nginx 1.22)
 * @throws {@link StaticUrlError} `NGINX_INEXPRESSIBLE` for the prefix `/`, and for a `$` or a line break in a path
 * @throws TypeError or RangeError for an option of the wrong shape or range
 *
 * @example
 * ```ts
 * import { releasesLocation } from 'static-url/nginx';
 *
 * const text = releasesLocation({ prefix: '/static/', root: '/srv/app/public', releases: '/srv/app/releases' });
 * ```
 */
export function releasesLocation(options: ReleasesLocationOptions): string {
  const location = resolveReleasesLocation(options);
  return prefixLocation(
    location,
    [
      ...releasedLines(location),
      ...(location.unknownVersion === 'current-bytes' ? ['', ...currentBytesLines(location)] : []),
      '',
      ...keptNamesLines(location),
    ],
    goOn(location, NAMES_FOLDER),
  );
}

/** The locations of what was released: with deltas, one for the names that have them, and one for the others. */
function releasedLines(location: ResolvedReleasesLocation): string[] {
  const { deltas } = location;
  if (deltas === undefined) return ['# Under a version that was released.', releasedLocation(location)];
  return [
    '# Under a version that was released, by a name that stands for itself in a pattern of URLs.',
    releasedLocation(location, deltas),
    '',
    '# By any other name, which nginx cannot escape. There are few, and each location would keep as many files open.',
    releasedLocation({ ...location, maxOpenFiles: 0 }),
  ];
}

/** @param deltas - for names that have them */
function releasedLocation(location: ResolvedReleasesLocation, deltas?: ResolvedDeltas): string {
  const { releases, releasedCacheControl, unknownVersion, refuseSymlinks } = location;
  const release = `${releases}/$static_url_version`;
  const otherwise = unknownVersion === 'not-found' ? NOT_FOUND : goOn(location, CURRENT_FOLDER);
  const names = deltas === undefined ? '' : LITERAL_NAMES;
  return fileLocation(
    location,
    release,
    `(?<static_url_version>${VERSION_PATTERN})/${names}${assetCapture(location.dotfileRule)}`,
    [
      ...openFileLines(location),
      ...(refuseSymlinks ? [symlinkLine(releases)] : []),
      fileCheck(release, otherwise),
      ...expiryLines(CACHE_CONTROL_VARIABLE, releasedCacheControl),
      ...(deltas === undefined ? [] : deltaLines(release, deltas)),
      ...headerLines(location, CACHE_CONTROL_VARIABLE),
      ...(deltas === undefined ? [] : deltaHeaderLines(deltas)),
    ],
    deltas === undefined ? '' : DELTA_VARIABLE,
  );
}

/** A file that is not there yet is asked for anew each time: the next deploy may bring it. */
function openFileLines({ maxOpenFiles }: ResolvedReleasesLocation): string[] {
  if (maxOpenFiles === 0) return [];
  return [
    '# What was released never changes, so it may stay open.',
    `open_file_cache max=${maxOpenFiles} inactive=1h;`,
    'open_file_cache_valid 1h;',
    'open_file_cache_min_uses 1;',
    'open_file_cache_errors off;',
  ];
}

/** Goes on to an internal location with the captured asset. */
function goOn({ prefix }: Pick<ResolvedLocation, 'prefix'>, below: string): string {
  return `rewrite ^ ${quoted(`${prefix}${below}$static_url_asset`)} last;`;
}

/** The location of the current bytes, for a version that was not released, and the comment on it. */
function currentBytesLines(location: ResolvedReleasesLocation): string[] {
  const { root } = location;
  return [
    '# Under any other version: the current bytes, which are not its own, so nobody may store them.',
    borrowedLocation(location, CURRENT_FOLDER, root, [fileCheck(root, goOn(location, NAMES_FOLDER))]),
  ];
}

/** The location of what kept releases have by name, for old tabs, and the comment on it. */
function keptNamesLines(location: ResolvedReleasesLocation): string[] {
  const names = `${location.releases}/${NAMES_PATH}`;
  return [
    '# What is no longer there: the newest bytes that a kept release has by this name. Old tabs ask for them.',
    borrowedLocation(location, NAMES_FOLDER, names, [
      ...(location.refuseSymlinks ? [symlinkLine(names)] : []),
      '# Beside a file may lie the file of another release, which is no compressed copy of it.',
      ...(location.gzipStatic ? ['gzip_static off;'] : []),
      fileCheck(names),
    ]),
  ];
}

/** A location that only others go on to, for bytes that are not those of the URL. */
function borrowedLocation(
  location: ResolvedReleasesLocation,
  below: string,
  folder: string,
  lines: readonly string[],
): string {
  return block(`location ^~ ${parameter('prefix', location.prefix + below)}`, [
    'internal;',
    ...headerLines(location, NO_STORE, ' always'),
    '# No validators: a download begun on another host must not go on with these bytes.',
    'etag off;',
    'if_modified_since off;',
    'add_header Last-Modified "";',
    `alias ${parameter('folder', `${folder}/`)};`,
    ...lines,
  ]);
}
