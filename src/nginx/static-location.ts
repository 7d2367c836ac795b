import { NO_STORE } from '../http/headers.ts';
import { VERSION_PATTERN } from '../core/version-format.ts';
import { assetCapture } from './asset-pattern.ts';
import {
  CACHE_CONTROL_VARIABLE,
  expiryLines,
  fileCheck,
  fileLocation,
  headerLines,
  prefixLocation,
} from './file-locations.ts';
import { block, parameter, quoted } from './nginx-text.ts';
import { resolveStaticLocation, type ResolvedStaticLocation, type StaticLocationOptions } from './options.ts';

/**
 * A snippet for nginx that serves static URLs with a long expiry, ready to `include` in a `server` block. It needs no
 * reload per deploy.
 *
 * Without `current` it cannot know which version is current, so every version is cached for seven days. With `current`,
 * a version that has a marker file there is cached for a year, `immutable`, and any other version not at all.
 *
 * @param options - `prefix` and `root`, what else nginx shall do, and `current` for the year
 * @returns configuration text of the `server` context (tested with nginx 1.22)
 * @throws {@link StaticUrlError} `NGINX_INEXPRESSIBLE` for the prefix `/`, and for a `$` or a line break in a path
 * @throws TypeError or RangeError for an option of the wrong shape or range
 *
 * @example
 * ```ts
 * import { staticLocation } from 'static-url/nginx';
 *
 * const text = staticLocation({ prefix: '/static/', root: '/srv/app/public', current: '/srv/app/current' });
 * ```
 */
export function staticLocation(options: StaticLocationOptions): string {
  const location = resolveStaticLocation(options);
  return prefixLocation(location, versionedLocations(location));
}

/** A name with an extension is hardly ever a folder: the common case goes without the check for one. */
function versionedLocations(location: ResolvedStaticLocation): string[] {
  const { root, current, dotfileRule } = location;
  const cacheControl = cacheControlLines(location);
  const headers = headerLines(location, CACHE_CONTROL_VARIABLE);
  const version = current === undefined ? VERSION_PATTERN : `(?<static_url_version>${VERSION_PATTERN})`;
  return [
    '# With a version; a name with an extension is hardly ever a folder, so only others are checked for being one.',
    fileLocation(location, root, `${version}/${assetCapture(dotfileRule, 'nameWithExtension')}`, [
      ...cacheControl,
      ...headers,
    ]),
    fileLocation(location, root, `${version}/${assetCapture(dotfileRule)}`, [
      ...cacheControl,
      fileCheck(root),
      ...headers,
    ]),
  ];
}

function cacheControlLines(location: ResolvedStaticLocation): string[] {
  const { current, unknownVersion, versionedCacheControl } = location;
  const expiry = expiryLines(CACHE_CONTROL_VARIABLE, versionedCacheControl);
  if (current === undefined) return expiry;
  const isUnknown = `if (!-f ${quoted(`${current}/$static_url_version`)})`;
  if (unknownVersion === 'not-found')
    return [...markerCheck(location, current, `${isUnknown} { return 404; }`), ...expiry];
  // Of several that hold, the last one's headers are sent.
  return [...expiry, ...markerCheck(location, current, block(isUnknown, unknownVersionLines(location)))];
}

/** The headers of bytes that need not be those of the version: nobody may store them. */
function unknownVersionLines(location: ResolvedStaticLocation): string[] {
  return [
    ...headerLines(location, NO_STORE),
    '# No validators: a download begun on another host must not go on with these bytes.',
    'add_header ETag "";',
    'add_header Last-Modified "";',
  ];
}

/** Where links are refused, the way to the marker folder may lead over some, as the way to the root may. */
function markerCheck(
  { root, refuseSymlinks }: ResolvedStaticLocation,
  current: string,
  check: string,
): string[] {
  if (!refuseSymlinks) return [check];
  return [
    '# The same directive watches over the marker and the file, each in its own folder.',
    'disable_symlinks on from=$static_url_folder;',
    `set $static_url_folder ${parameter('current', current)};`,
    check,
    `set $static_url_folder ${parameter('root', root)};`,
  ];
}
