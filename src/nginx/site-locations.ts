import { REVALIDATE } from '../http/headers.ts';
import type { SiteHeaders, TrailingSlash } from '../site/hosting/index.ts';
import { CACHE_CONTROL_VARIABLE } from './file-locations.ts';
import { block, literalPattern, parameter, quoted } from './nginx-text.ts';
import { typedPaths } from './site-headers.ts';

/** The variable that has the path as the client has sent it, without its query. */
export const RAW_PATH = '$static_url_raw';

/** The variable that has the path of the site, decoded, without the path of its origin. */
const SITE_PATH = '$static_url_path';

/** A location for one path, decoded. */
export type ExactLocation = readonly [path: string, lines: readonly string[]];

/** Of several for one path the first counts; nginx takes but one. */
export function exactLocations(locations: readonly ExactLocation[]): string[] {
  return [...new Map(locations.toReversed())]
    .toReversed()
    .map(([path, lines]) => block(`location = ${parameter('path', path)}`, lines));
}

/** What is in the folder, and has no URL. */
export function unlistedPaths(base: string, notFound: string): ExactLocation[] {
  const page = notFound.replace(/\.html$/, '');
  const names = new Set(['_headers', '_redirects', notFound, page, page.replace(/\/index$/, '')]);
  return [...names].map((name) => [base + name, ['return 404;']]);
}

/** The paths whose media type is declared: the extension does not count there. */
export function typedLocations(
  headers: readonly SiteHeaders[],
  root: string,
  base: string,
  slash: TrailingSlash,
): ExactLocation[] {
  return typedPaths(headers)
    .filter(([path]) => path === '/' || slash === 'always' || !path.endsWith('/'))
    .map(([path, type]) => [
      base.slice(0, -1) + path,
      [
        'types { }',
        `default_type ${parameter('Content-Type', type)};`,
        'charset off;',
        `set ${SITE_PATH} ${parameter('path', path)};`,
        ...(path.endsWith('/') ? [PAGE_OF_FOLDER] : pageLines(root, slash)),
      ],
    ]);
}

/** The page at the top, and what leads to it. */
export function topLocations(root: string, base: string): ExactLocation[] {
  const top = redirectTo(encodeURI(base));
  const check = `if (!-f ${quoted(`${root}/index.html`)}) { return 404; }`;
  return [
    [base, ['try_files /index.html =404;']],
    [`${base}index.html`, [check, ...top]],
    ...(base === '/' ? [] : [[base.slice(0, -1), top] as const]),
  ];
}

/** The page of a path with a slash at its end. */
const INDEX_FILE = '${static_url_path}index.html';
const PAGE_OF_FOLDER = `try_files ${INDEX_FILE} =404;`;

/** A redirect to another form of the path that the client has sent. */
function redirectTo(path: string): string[] {
  return [`set ${CACHE_CONTROL_VARIABLE} ${REVALIDATE};`, `return 301 ${quoted(`${path}$is_args$args`)};`];
}

/** What answers all other paths of the site, by their shape. */
export function pageLocations(root: string, base: string, slash: TrailingSlash): string[] {
  const below = literalPattern(base.slice(0, -1));
  const check = `if (!-f ${quoted(root + INDEX_FILE)}) { return 404; }`;
  return [
    "# The URL of a page's file leads to the page.",
    block(`location ~ ${quoted(String.raw`(?s)^${below}(?<static_url_path>/.+/)index\.html\z`)}`, [
      check,
      ...redirectWithout(slash === 'always' ? 'index.html' : '/index.html'),
    ]),
    block(
      `location ~ ${quoted(String.raw`(?s)^${below}(?<static_url_path>/.+/)\z`)}`,
      slash === 'always' ? [PAGE_OF_FOLDER] : [check, ...redirectWithout('/')],
    ),
    block(
      `location ~ ${quoted(String.raw`(?s)^${below}(?<static_url_path>/.*[^/])\z`)}`,
      pageLines(root, slash),
    ),
    block('location /', ['return 404;']),
  ];
}

/** A redirect to the path without what it ends in, unless the client has spelled that in another way. */
function redirectWithout(end: string): string[] {
  const pattern = String.raw`^(?<static_url_page>/[^?]+)${literalPattern(end)}(?:\?|$)`;
  return [block(`if ($request_uri ~ ${quoted(pattern)})`, redirectTo('$static_url_page')), 'return 404;'];
}

/** What answers a path without a slash at its end. */
function pageLines(root: string, slash: TrailingSlash): string[] {
  if (slash === 'never') return [`try_files ${SITE_PATH} ${SITE_PATH}/index.html ${SITE_PATH}.html =404;`];
  return [
    block(`if (-f ${quoted(`${root}${SITE_PATH}/index.html`)})`, redirectTo(`${RAW_PATH}/`)),
    `try_files ${SITE_PATH} ${SITE_PATH}.html =404;`,
  ];
}
