import { contentType, LONG_KEY_PATTERN, STORED_TYPES, type StoredType } from '../pages/rules/index.ts';
import { entriesOf, map } from './map-text.ts';
import { block, parameter } from './nginx-text.ts';
import type { MemcachedPages } from './page-sources.ts';
import type { ResolvedPagesLocation } from './pages-options.ts';
import { answerLines, appLocation, variableOf } from './stored-answers.ts';

/** Idle connections to memcached that each worker of nginx keeps. */
const KEPT_CONNECTIONS = 16;

/** What the `http` block needs beside the gate: the servers, and which location answers with a page. */
export function memcachedHttp(location: ResolvedPagesLocation, pages: MemcachedPages): string[] {
  const variable = variableOf(location);
  const byType = variable('page');
  const html = pageLocation(location, 'text/html');
  const page = pages.types.length === 0 ? html : byType;
  return [
    upstreamBlock(location, pages),
    map(
      variable('folder'),
      variable('key'),
      `${pages.keyPrefix}\${${variable('folder').slice(1)}}\${${variable('target').slice(1)}}`,
      [['', '']],
      '# The key of the page, as the app writes it; empty: the app answers.',
    ),
    ...(page === byType
      ? [
          map(
            variable('path'),
            byType,
            html,
            pages.types.flatMap(({ urls, type }) => entriesOf(urls, pageLocation(location, type))),
            '# What answers with it: an item does not say its type.',
          ),
        ]
      : []),
    map(
      variable('key'),
      variable('answer'),
      page,
      [
        ['', appLocation(location)],
        [`~${LONG_KEY_PATTERN}`, appLocation(location)],
      ],
      '# memcached takes keys of 250 bytes, and nginx sends each "%" as three.',
    ),
  ];
}

function upstreamBlock(location: ResolvedPagesLocation, { servers }: MemcachedPages): string {
  const isRing = servers.length > 1;
  return [
    ...(isRing ? ['# The ring by which the app writes: it is made of these lines, letter by letter.'] : []),
    '# max_fails=0: who has failed is asked again, and no other one, which would not have the page.',
    block(`upstream ${upstreamName(location)}`, [
      ...(isRing ? ['hash $memcached_key consistent;'] : []),
      ...servers.map(
        ({ name, weight }) => `server ${name}${weight === 1 ? '' : ` weight=${weight}`} max_fails=0;`,
      ),
      `keepalive ${KEPT_CONNECTIONS};`,
    ]),
  ].join('\n');
}

function upstreamName({ name }: ResolvedPagesLocation): string {
  return `${name}_memcached`;
}

/** The location of the pages of a type. */
function pageLocation({ name }: ResolvedPagesLocation, type: StoredType): string {
  return `@${name}_${STORED_TYPES[type]}`;
}

/** The locations of the `server` block but the app's. */
export function memcachedLocations(location: ResolvedPagesLocation, pages: MemcachedPages): string[] {
  const types = new Set<StoredType>(['text/html', ...pages.types.map(({ type }) => type)]);
  return [
    block('location /', [
      `error_page 418 = ${variableOf(location)('answer')};`,
      "# The server's own error_page is for an app that does not answer.",
      'recursive_error_pages on;',
      'return 418;',
    ]),
    ...Array.from(types, (type) =>
      block(`location ${pageLocation(location, type)}`, pageLines(location, pages, type)),
    ),
  ];
}

function pageLines(
  location: ResolvedPagesLocation,
  { deadlineMilliseconds }: MemcachedPages,
  type: StoredType,
): string[] {
  return [
    `set $memcached_key ${variableOf(location)('key')};`,
    `memcached_pass ${upstreamName(location)};`,
    ...['connect', 'send', 'read'].map((step) => `memcached_${step}_timeout ${deadlineMilliseconds}ms;`),
    '# Another server would not have the page.',
    'memcached_next_upstream off;',
    '# Where there is no page, or no memcached: the app.',
    `error_page 404 500 502 504 = ${appLocation(location)};`,
    'recursive_error_pages on;',
    '',
    '# What stands behind the last dot of a URL is no type.',
    'types { }',
    ...typeLines(type),
    '# The store marks what it has compressed; a client that takes no gzip gets it as it was.',
    'memcached_gzip_flag 2;',
    'gunzip on;',
    '# Said below for all: nginx would say it of compressed pages alone.',
    'gzip_vary off;',
    '',
    '# An item has neither tag nor date: whoever asks whether a page has changed gets it again.',
    ...answerLines(location),
  ];
}

/** Not with the charset in `default_type`: nginx would compress nothing then, where the store has not. */
function typeLines(type: StoredType): string[] {
  const written = parameter('type', type);
  if (contentType(type) === type) return [`default_type ${written};`, 'charset off;'];
  return [
    `default_type ${written};`,
    'charset utf-8;',
    // Nginx counts text/html in without being told, and warns of it twice.
    ...(type === 'text/html' ? [] : [`charset_types ${written};`]),
  ];
}
