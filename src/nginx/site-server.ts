import { VERSION_PATTERN } from '../core/version-format.ts';
import { cacheFor, NO_STORE, REVALIDATE, YEAR_SECONDS } from '../http/headers.ts';
import { assetPathOf, originPath } from '../site/hosting/index.ts';
import { CACHE_CONTROL_VARIABLE as CACHE_CONTROL, FINAL_ANSWER, mediaTypeLines } from './file-locations.ts';
import { folderPath, mediaTypesByExtension } from './location-values.ts';
import { block, literalPattern, parameter, quoted } from './nginx-text.ts';
import { headerVariables } from './site-headers.ts';
import {
  exactLocations,
  pageLocations,
  RAW_PATH,
  topLocations,
  typedLocations,
  unlistedPaths,
} from './site-locations.ts';
import { resolveSiteServer, type SiteServerOptions } from './site-options.ts';
import { redirectLocations } from './site-redirects.ts';

/** The variable that has the methods which are allowed, where another was tried. */
const ALLOW = '$static_url_allow';

/** What names no file on any host: empty segments, dot segments, encoded slashes, backslashes. */
const HOSTILE = String.raw`^[^?]*(?://|/(?:\.|%2e){1,2}(?:[/?]|$)|%2f|%5c|\\)`;

/**
 * A whole `server` block for nginx that serves an exported site as `static-url site serve` does: each page at one URL, the
 * 404 page with status 404, redirects and headers, and a year for assets with a version.
 *
 * @param options - `root` and `origin`, and what the site was exported with
 * @returns configuration text of the `http` context (tested with nginx 1.22)
 * @throws {@link StaticUrlError} `NGINX_INEXPRESSIBLE` for a `$` or a line break in a path or a header
 * @throws TypeError for an option of the wrong shape
 *
 * @example
 * ```ts
 * import { siteServer } from 'static-url/nginx';
 *
 * const text = siteServer({ root: '/srv/www/site', origin: 'https://www.example.com', prefix: '/static/' });
 * ```
 */
export function siteServer(options: SiteServerOptions): string {
  const site = resolveSiteServer(options);
  const root = folderPath(site.root, 'root');
  const base = decodeURIComponent(originPath(site.origin));
  const { hostname } = new URL(site.origin);
  const assets = site.prefix === undefined ? undefined : assetPathOf(site.prefix, site.origin);
  return `${block('server', [
    `listen ${site.listen};`,
    `server_name ${hostname};`,
    `root ${parameter('root', root)};`,
    ...mediaTypeLines(mediaTypesByExtension(site.mediaTypes)),
    ...(site.gzipStatic ? ['gzip_static on;'] : []),
    'gzip_vary on;',
    'etag on;',
    'if_modified_since before;',
    '# An export changes the bytes of a path: a descriptor kept open would send the old ones.',
    'open_file_cache off;',
    '# Redirects name no host and no port, of which a proxy may have others.',
    'absolute_redirect off;',
    '',
    '# Decided before anything is looked for.',
    `set ${CACHE_CONTROL} ${quoted(site.unversionedCacheControl)};`,
    ...headerVariables(site.headers, base),
    ...(assets === undefined ? [] : versionedLines(base, assets)),
    '# Headers are added before nginx reads a range, which it may refuse.',
    `if ($http_range) { set ${CACHE_CONTROL} ${REVALIDATE}; }`,
    '# In this place alone: an add_header further in would take all of these away.',
    `add_header Cache-Control ${CACHE_CONTROL} always;`,
    `set ${ALLOW} "";`,
    `add_header Allow ${ALLOW} always;`,
    'add_header X-Content-Type-Options nosniff always;',
    '',
    'if ($request_method !~ "^(?:GET|HEAD)$") { return 405; }',
    '# Nginx would tidy these up, and serve a file under a second URL.',
    `if ($request_uri ~* ${quoted(HOSTILE)}) { return 404; }`,
    `if ($request_uri ~ "^(?<static_url_raw_path>[^?]*)") { set ${RAW_PATH} $static_url_raw_path; }`,
    '',
    `error_page 403 404 =404 @static_url_missing;`,
    'error_page 405 =405 @static_url_not_allowed;',
    'error_page 416 @static_url_no_such_range;',
    block('location @static_url_missing', [
      ...FINAL_ANSWER,
      `set ${CACHE_CONTROL} ${NO_STORE};`,
      `try_files ${parameter('notFound', `/${site.notFound}`)} =404;`,
    ]),
    block('location @static_url_not_allowed', [
      ...FINAL_ANSWER,
      `set ${CACHE_CONTROL} ${NO_STORE};`,
      `set ${ALLOW} "GET, HEAD";`,
      'return 405;',
    ]),
    block('location @static_url_no_such_range', [
      ...FINAL_ANSWER,
      '# The headers were added before nginx read the range: no more of them.',
      'add_header Cache-Control "";',
      'return 416;',
    ]),
    '',
    ...exactLocations([
      ...redirectLocations(site.redirects, site.origin),
      ...unlistedPaths(base, site.notFound),
      ...typedLocations(site.headers, root, base, site.trailingSlash),
      ...topLocations(root, base),
    ]),
    '# Hidden files.',
    block(`location ~ ${quoted(String.raw`(?s)^${literalPattern(base)}(?:\.(?!well-known/)|.*/\.)`)}`, [
      'return 404;',
    ]),
    ...pageLocations(root, base, site.trailingSlash),
  ])}\n`;
}

function versionedLines(base: string, assetPath: string): string[] {
  const pattern = `^${literalPattern(base.slice(0, -1) + decodeURIComponent(assetPath))}${VERSION_PATTERN}/`;
  return [
    '# Only where a version stands in the URL its bytes never change.',
    block(`if ($uri ~ ${quoted(pattern)})`, [
      `set ${CACHE_CONTROL} ${quoted(cacheFor(YEAR_SECONDS, true))};`,
    ]),
  ];
}
