import { NO_STORE, REVALIDATE } from '../core/cache-control.ts';
import { VERSION_PATTERN } from '../core/version-format.ts';
import { mediaTypeLines } from './media-type-lines.ts';
import { block, identifier, literalPattern, parameter, quoted } from './nginx-text.ts';
import { resolveStaticLocation, type ResolvedStaticLocation, type StaticLocationOptions } from './static-options.ts';

/**
 * A snippet for nginx that serves static URLs with a long expiry, ready to `include` in a `server` block. It needs no
 * reload per deploy.
 *
 * Without `current` it cannot know which version is current, so every version is cached for seven days. With `current`,
 * a version that has a marker file there is cached for a year, `immutable`, and any other version not at all.
 *
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
  const missing = `@static_url_missing_${identifier(location.prefix)}`;
  const notAllowed = `@static_url_not_allowed_${identifier(location.prefix)}`;
  return `${[
    block(`location ^~ ${parameter('prefix', location.prefix)}`, [
      ...fileLines(location),
      '',
      '# 301 is what nginx says to a folder without a slash at the end.',
      `error_page 301 403 404 =404 ${missing};`,
      `error_page 405 ${notAllowed};`,
      '',
      ...versionedLocations(location),
      '',
      '# Without a version the bytes of a URL may change: kept, but asked about each time.',
      fileLocation(location, '', NAME, [FOLDER_CHECK, ...headerLines(location, quoted(location.unversionedCacheControl))]),
      '',
      '# Folders, dotfiles and whatever else is left.',
      'return 404;',
    ]),
    block(`location ${missing}`, [...headerLines(location, NO_STORE, ' always'), 'return 404;']),
    block(`location ${notAllowed}`, [
      ...headerLines(location, NO_STORE, ' always'),
      'add_header Allow "GET, HEAD" always;',
      'return 405;',
    ]),
  ].join('\n\n')}\n`;
}

/** A path segment that is not empty and does not start with a dot. */
const NAME = '[^./][^/]*';
const NAME_WITH_EXTENSION = String.raw`[^./][^/]*\.[^/]*`;

/** Without it nginx would send a redirect; one more look at the disk, so only where a folder is to be expected. */
const FOLDER_CHECK = 'folder check';

/** What all files have in common. */
function fileLines({ root, refuseSymlinks, gzipStatic, mediaTypes }: ResolvedStaticLocation): string[] {
  return [
    ...mediaTypeLines(mediaTypes),
    ...(gzipStatic ? ['gzip_static on;'] : []),
    'gzip_vary on;',
    '',
    '# Any date that is not older than the file is good enough for a 304.',
    'if_modified_since before;',
    '# A deploy changes the bytes of a path: a descriptor kept open would send the old ones.',
    'open_file_cache off;',
    ...(refuseSymlinks ? [`disable_symlinks on from=${parameter('root', root)};`] : []),
  ];
}

/** A name with an extension is hardly ever a folder: the common case goes without the check for one. */
function versionedLocations(location: ResolvedStaticLocation): string[] {
  const lines = [...cacheControlLines(location), ...headerLines(location, '$static_url_cache_control')];
  const version = location.current === undefined ? VERSION_PATTERN : `(?<static_url_version>${VERSION_PATTERN})`;
  return [
    '# With a version; a name with an extension is hardly ever a folder, so only others are checked for being one.',
    fileLocation(location, `${version}/`, NAME_WITH_EXTENSION, lines),
    fileLocation(location, `${version}/`, NAME, [FOLDER_CHECK, ...lines]),
  ];
}

/** add_header works before the range filter (a 416 would get the long expiry too), so the request's header decides. */
function cacheControlLines({ current, unknownVersion, versionedCacheControl }: ResolvedStaticLocation): string[] {
  const decide = (variable: string): string[] => [
    `set ${variable} ${quoted(versionedCacheControl)};`,
    `if ($http_range) { set ${variable} ${REVALIDATE}; }`,
  ];
  if (current === undefined) return decide('$static_url_cache_control');
  const marker = quoted(`${current}/$static_url_version`);
  if (unknownVersion === 'not-found') return [`if (!-f ${marker}) { return 404; }`, ...decide('$static_url_cache_control')];
  return [
    ...decide('$static_url_expiry'),
    `set $static_url_cache_control ${NO_STORE};`,
    `if (-f ${marker}) { set $static_url_cache_control $static_url_expiry; }`,
  ];
}

/**
 * A location for the files whose last segment matches. The pattern ends in `\z`, since `$` would match before a line
 * break too; the file is captured from the decoded path, so nothing has to be rewritten.
 */
function fileLocation(
  { prefix, root, wellKnown }: ResolvedStaticLocation,
  version: string,
  lastSegment: string,
  lines: readonly string[],
): string {
  const folders = `${wellKnown ? String.raw`(?:\.well-known/)?` : ''}(?:${NAME}/)*`;
  const pattern = String.raw`^${literalPattern(prefix)}${version}(?<static_url_asset>${folders}${lastSegment})\z`;
  const file = quoted(`${root}/$static_url_asset`);
  return block(
    `location ~ ${quoted(pattern)}`,
    [...lines, `alias ${file};`].map((line) => (line === FOLDER_CHECK ? `if (!-f ${file}) { return 404; }` : line)),
  );
}

function headerLines({ headers }: ResolvedStaticLocation, cacheControl: string, always = ''): string[] {
  return [
    `add_header Cache-Control ${cacheControl}${always};`,
    'add_header X-Content-Type-Options nosniff always;',
    ...headers.map(([name, value]) => `add_header ${name} ${quoted(value)} always;`),
  ];
}
