import {
  LENGTH_PATTERN,
  PATH_PATTERN,
  REFUSED_ACCEPT,
  siteFolder,
  TAKEN_ACCEPT,
  type DeclaredHeader,
  type GateRules,
} from '../pages/rules/index.ts';
import { entriesOf, map, nothing } from './map-text.ts';
import { memcachedHttp } from './memcached-pages.ts';
import { literalPattern } from './nginx-text.ts';
import { resolvePagesLocation, type PagesLocationOptions } from './pages-options.ts';
import { headerName, variableOf } from './stored-answers.ts';

/**
 * What nginx needs in its `http` block to answer with stored pages: it decides which requests may be, as `createPages()`
 * does by the same options.
 *
 * @param options - those that {@link pagesLocation} is given
 * @returns configuration text of the `http` context (tested with nginx 1.22)
 * @throws {@link StaticUrlError} `NGINX_INEXPRESSIBLE` for what nginx's configuration cannot say
 * @throws TypeError for an option of the wrong shape, or a pattern that nginx would read in another way
 *
 * @example
 * ```ts
 * import { pagesHttp, pagesLocation } from 'static-url/nginx';
 *
 * const options = {
 *   sites: ['https://www.example.com'],
 *   urls: ['/', '/posts/:slug'],
 *   folder: '/srv/app/pages',
 *   upstream: 'http://127.0.0.1:3000',
 * };
 * const [http, server] = [pagesHttp(options), pagesLocation(options)];
 * ```
 */
export function pagesHttp(options: PagesLocationOptions): string {
  const location = resolvePagesLocation('pagesHttp()', options);
  const { rules, headers, source } = location;
  const variable = variableOf(location);
  return `${[
    `# For the http block: which requests are answered with stored pages of ${rules.sites.join(' and ')}.`,
    '# "x" sends a request to the app.',
    map(
      '$request',
      variable('method'),
      'x',
      [['~^(?:GET|HEAD) /', '']],
      '# An absolute URL in the request line is no path.',
    ),
    map('$http_accept', variable('accept'), 'x', [
      ...nothing(''),
      [`~${BROWSER_ACCEPT}`, ''],
      [`~*${REFUSED_ACCEPT}`, 'x'],
      [`~*${TAKEN_ACCEPT}`, ''],
    ]),
    cookieMap(rules, variable('cookie')),
    ...targetMaps(rules, variable),
    map(
      '$http_host',
      variable('site'),
      '',
      rules.sites.map((site) => [`~^${literalPattern(new URL(site).host)}$`, siteFolder(site)]),
    ),
    map(
      quotedVariables([
        ...['method', 'accept', 'cookie', 'url'].map(variable),
        ...rules.headers.map(headerVariable),
      ]),
      variable('folder'),
      '',
      nothing(variable('site')),
      '# The folder of the pages that may answer; empty: the app answers.',
    ),
    map(
      '$http_host',
      variable('host'),
      '$http_host',
      [['', '$host']],
      '# For the app: with its port, which $host has not, where a visitor sends one.',
    ),
    map('$http_upgrade', variable('connection'), 'upgrade', [['', '']]),
    ...headers.flatMap((header, index) => headerMap(header, variable('path'), headerName(location, index))),
    ...(source.kind === 'memcached' ? memcachedHttp(location, source) : []),
  ].join('\n\n')}\n`;
}

/** What browsers say as they visit a page, which spares nginx to look for what they do not say. */
const BROWSER_ACCEPT = String.raw`^text/html,application/xhtml\+xml,application/xml;q=0\.9,(?:image/(?:avif|webp|apng|png|svg\+xml),)*+\*/\*;q=0\.8(?:,application/signed-exchange;v=b3;q=0\.7)?$`;

/** What most paths are, of which nothing else is to be asked. */
const PLAIN_PATH = '^(?<static_url_path>(?:/[A-Za-z0-9_-]{1,60}+){1,8}+/?+|/)$';

function headerVariable(name: string): string {
  return `$http_${name.replaceAll('-', '_')}`;
}

function quotedVariables(names: readonly string[]): string {
  return `"${names.join('')}"`;
}

function cookieMap({ cookies }: GateRules, variable: string): string {
  const { pattern, matters } = cookies.nginx;
  return matters
    ? map('$http_cookie', variable, '', [[`~${pattern}`, 'x']])
    : map('$http_cookie', variable, 'x', [
        ['', ''],
        [`~${pattern}`, ''],
      ]);
}

/** The target without trackers, its path where the whole is canonical, and what the patterns say of the path. */
function targetMaps({ query, urls, exclude }: GateRules, variable: (part: string) => string): string[] {
  const { trackersOnly, trackersAround, pageQuery = '' } = query.nginx;
  const target = variable('target');
  const path = '(?<static_url_path>[^?]*+)';
  return [
    map(
      '$request_uri',
      target,
      '$request_uri',
      trackersOnly === undefined || trackersAround === undefined
        ? []
        : [
            ['~^[^?]*+$', '$request_uri'],
            [String.raw`~^${path}\?${trackersOnly}`, '$static_url_path'],
            [
              String.raw`~^${path}\?${trackersAround('static_url_query')}`,
              '$static_url_path?$static_url_query',
            ],
          ],
      '# The path with its query, without parameters that only scripts read.',
    ),
    map(
      target,
      variable('path'),
      '',
      [
        [`~${PLAIN_PATH}`, '$static_url_path'],
        [
          `~^${LENGTH_PATTERN}(?<static_url_path>${PATH_PATTERN})${pageQuery === '' ? '' : `(?:${pageQuery})?`}$`,
          '$static_url_path',
        ],
      ],
      '# The path, where it and the query are in their one form.',
    ),
    map(variable('path'), variable('url'), 'x', [
      ['', 'x'],
      ...entriesOf(exclude, 'x'),
      ...entriesOf(urls, ''),
    ]),
  ];
}

function headerMap({ values, otherwise }: DeclaredHeader, path: string, variable: string): string[] {
  if (values.length === 0) return [];
  return [
    map(
      path,
      variable,
      otherwise ?? '',
      values.flatMap(({ urls, value }) => entriesOf(urls, value)),
    ),
  ];
}
