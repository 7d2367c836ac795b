import { contentType, PAGE_SUFFIX, STORED_TYPES, type StoredType } from '../pages/rules/index.ts';
import { block, parameter, quoted } from './nginx-text.ts';
import { memcachedLocations } from './memcached-pages.ts';
import type { FilePages } from './page-sources.ts';
import {
  resolvePagesLocation,
  type PagesLocationOptions,
  type ResolvedPagesLocation,
} from './pages-options.ts';
import { preloadedLocation } from './preloaded-location.ts';
import { answerLines, appLocation } from './stored-answers.ts';

/**
 * What nginx needs in the `server` block of a site to answer with stored pages, and to ask the app for all else: the
 * location `/`, beside any other locations. Stored pages are answered while the app is down, too.
 *
 * @param options - those that {@link pagesHttp} is given
 * @returns configuration text of the `server` context (tested with nginx 1.22)
 * @throws {@link StaticUrlError} `NGINX_INEXPRESSIBLE` for what nginx's configuration cannot say
 * @throws TypeError for an option of the wrong shape, or a pattern that nginx would read in another way
 *
 * @example
 * ```ts
 * import { pagesLocation } from 'static-url/nginx';
 *
 * const text = pagesLocation({
 *   sites: ['https://www.example.com'],
 *   urls: ['/', '/posts/:slug'],
 *   folder: '/srv/app/pages',
 *   upstream: 'http://127.0.0.1:3000',
 * });
 * ```
 */
export function pagesLocation(options: PagesLocationOptions): string {
  const location = resolvePagesLocation('pagesLocation()', options);
  const { source, preload } = location;
  return `${[
    [
      `# For the server block of ${location.rules.sites.join(' and ')}: stored pages, and the app for all else.`,
      '# What is said elsewhere in the http block for the same sites must come from the same options.',
      '# A Host that is none of the sites is passed to the app as well. Unless it should be, add a server of your own:',
      '# server { listen 80 default_server; return 444; }',
    ].join('\n'),
    ...(source.kind === 'files'
      ? [block('location /', fileLines(location, source))]
      : memcachedLocations(location, source)),
    block(`location ${appLocation(location)}`, appLines(location)),
    ...(preload === undefined ? [] : ['# Preloaded views.', preloadedLocation(preload).trimEnd()]),
  ].join('\n\n')}\n`;
}

// The types' names are the keys.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const TYPES = Object.entries(STORED_TYPES) as [StoredType, string][];

function fileLines(location: ResolvedPagesLocation, { root }: FilePages): string[] {
  const { name, refuseSymlinks } = location;
  const folder = `$${name}_folder`;
  const app = appLocation(location);
  return [
    `if (${folder} = "") { return 418; }`,
    '# Nor does a page that cannot be read, or goes just now, keep a visitor from the app.',
    `error_page 403 404 418 500 = ${app};`,
    "# The server's own error_page is for an app that does not answer.",
    'recursive_error_pages on;',
    '',
    `root ${parameter('folder', root)};`,
    `try_files ${TYPES.map(([, end]) => quoted(`/\${${name}_folder}\${${name}_target}${PAGE_SUFFIX}${end}`)).join('\n    ')}\n    ${app};`,
    ...(refuseSymlinks
      ? [
          "# The link to the current pages is the store's own; among a site's pages there are none.",
          `disable_symlinks on from=$document_root/${folder};`,
        ]
      : []),
    '# A descriptor kept open would send a page that is gone.',
    'open_file_cache off;',
    'log_not_found off;',
    '',
    'default_type application/octet-stream;',
    '# With their charset, so that nginx has not to find out which types have one.',
    'charset off;',
    block(
      'types',
      TYPES.map(([type, end]) => `${parameter('type', contentType(type))} ${end};`),
    ),
    '# The store makes the compressed copies; nginx itself knows these types by no gzip_types.',
    'gzip_static on;',
    '# Said below: for gzip_vary nginx would look for the compressed page in vain, where a client takes none.',
    'gzip_vary off;',
    '',
    "# The tag is made of the page's time, which the store makes of its content. A date would be wrong.",
    'etag on;',
    'if_modified_since off;',
    'add_header Last-Modified "";',
    ...answerLines(location),
  ];
}

function appLines({ upstream, name }: ResolvedPagesLocation): string[] {
  return [
    `proxy_pass ${upstream};`,
    'proxy_http_version 1.1;',
    '# A proxy_set_header here drops those of the server.',
    `proxy_set_header Host $${name}_host;`,
    `proxy_set_header X-Forwarded-Host $${name}_host;`,
    'proxy_set_header X-Forwarded-Proto $scheme;',
    'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
    'proxy_set_header Upgrade $http_upgrade;',
    `proxy_set_header Connection $${name}_connection;`,
    'proxy_connect_timeout 2s;',
    '# What the app answers is passed on as it is.',
    'proxy_intercept_errors off;',
  ];
}
