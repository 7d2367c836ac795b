import { createHash } from 'node:crypto';
import { CURRENT, RETAINED, RETAINED_FILES, SITE_FILES, UNKNOWN } from '../helpers/site.ts';
import {
  all,
  NEVER_LONG,
  NOT_ALLOWED,
  NOT_FOUND,
  ok,
  WEEK,
  YEAR,
  type DeltaServer,
  type Expectation,
  type Row,
} from './truth-table.ts';

/** A delta that a release of the site has, made from what the asset was before. */
export interface SiteDelta {
  readonly version: string;
  readonly asset: string;
  readonly older: string | Uint8Array;
  readonly newer: string | Uint8Array;
  /** As no release leaves one. */
  readonly isCutShort: boolean;
}

function delta(asset: string, files = SITE_FILES, version = CURRENT, isCutShort = false): SiteDelta {
  const older = version === CURRENT ? RETAINED_FILES[asset] : undefined;
  return { version, asset, older: older ?? `older ${asset}`, newer: files[asset] ?? '', isCutShort };
}

const OF_STYLESHEET = delta('css/app.css');
const OF_SCRIPT = delta('js/app.js');
const OF_DRAWING = delta('img/a b+c%.svg');
const OF_RETAINED = delta('css/gone.css', RETAINED_FILES, RETAINED);
const CUT_SHORT = delta('css/page.min.css', SITE_FILES, CURRENT, true);

export const SITE_DELTAS: readonly SiteDelta[] = [
  OF_STYLESHEET,
  OF_SCRIPT,
  OF_DRAWING,
  OF_RETAINED,
  CUT_SHORT,
];

/** What a client says that has the older version. */
function available({ older }: SiteDelta): string {
  return `:${createHash('sha256').update(older).digest('base64')}:`;
}

const KNOWN = available(OF_STYLESHEET);
const STYLESHEET = `${CURRENT}/css/app.css`;
const VARY = 'Accept-Encoding, Available-Dictionary';

/** The headers of every answer under a known version, where deltas are on. */
function dictionaryHeaders(asset: string): Expectation['headers'] {
  return { vary: VARY, 'use-as-dictionary': `match="/static/:version/${asset}"` };
}

function answer(asset: string, of?: Expectation['of'], headers: Expectation['headers'] = {}): Expectation {
  return {
    status: [200],
    cacheControl: YEAR,
    body: asset,
    ...(of && { of }),
    headers: {
      ...dictionaryHeaders(asset),
      'content-encoding': of === 'delta' ? 'dcz' : undefined,
      ...headers,
    },
  };
}

function both(expectation: Expectation): Record<DeltaServer, Expectation> {
  return { releases: expectation, production: expectation };
}

/** What a request is without the option: that of anybody, since nobody else looks at these headers. */
const AS_EVER = ok('css/app.css', 'no-cache', WEEK, YEAR, {
  'content-encoding': undefined,
  'use-as-dictionary': undefined,
});

/** A request for the stylesheet by a client that has its older version, but for the headers that are given. */
function asking(
  title: string,
  headers: Row['headers'],
  gets: 'delta' | 'file',
): Row & Required<Pick<Row, 'withDeltas'>> {
  return {
    title,
    path: STYLESHEET,
    headers: { 'accept-encoding': 'gzip, br, dcz', 'available-dictionary': KNOWN, ...headers },
    expected: AS_EVER,
    withDeltas: both(answer('css/app.css', gets === 'delta' ? 'delta' : undefined)),
  };
}

const HEADERS = asking('', {}, 'delta').headers ?? {};
const HASH = KNOWN.slice(1, -1);

/** A status without a body of its own to compare, of the stylesheet. */
function part(status: number, cacheControl: Expectation['cacheControl']): Expectation {
  const headers = { vary: VARY, 'content-encoding': undefined };
  return { status: [status], cacheControl, headers };
}

/** The rows about deltas: the servers without the option answer as if nobody had said a word of dictionaries. */
export const DELTA_ROWS: readonly Row[] = [
  asking('a dictionary of which there is a delta', {}, 'delta'),
  { ...asking('a dictionary, with a query', {}, 'delta'), path: `${STYLESHEET}?v=1` },
  { ...asking('no dictionary', {}, 'file'), headers: {} },
  asking('an unknown dictionary', { 'available-dictionary': `:${'A'.repeat(43)}=:` }, 'file'),
  asking('the dictionary of another asset', { 'available-dictionary': available(OF_SCRIPT) }, 'file'),
  ...[
    ['without colons', HASH],
    ['in quotes', `"${HASH}"`],
    ['with spaces', `: ${HASH} :`],
    ['in a list', `${KNOWN}, ${KNOWN}`],
    ['with a parameter', `${KNOWN};a=1`],
    ['too short', `:${HASH.slice(1)}:`],
    ['too long', `:A${HASH}:`],
    ['that climbs', `:${'../'.repeat(14)}A=:`],
    ['of slashes', `:${'/'.repeat(43)}=:`],
    ['that is empty', ''],
  ].map(([what, value = '']) => asking(`a dictionary ${what}`, { 'available-dictionary': value }, 'file')),
  {
    ...asking('two dictionaries', { 'available-dictionary': [KNOWN, `:${'A'.repeat(43)}=:`] }, 'file'),
    withDeltas: { releases: answer('css/app.css', 'delta'), production: answer('css/app.css') },
    why: 'nginx sees the first of two lines, Node joins them; the client has said that it has both',
  },
  ...[
    ['br', 'file'],
    ['*', 'file'],
    ['br, dcz;q=0', 'file'],
    ['dcz ; q=0.00', 'file'],
    ['xdcz, dcz-x', 'file'],
    ['DCZ', 'delta'],
    ['br, dcz;q=0.5', 'delta'],
  ].map(([value = '', gets]) =>
    asking(`Accept-Encoding: ${value}`, { 'accept-encoding': value }, gets === 'delta' ? 'delta' : 'file'),
  ),
  {
    title: 'a range by a client that has a dictionary',
    path: STYLESHEET,
    headers: { ...HEADERS, range: 'bytes=0-3' },
    expected: {
      ...all({ status: [206], cacheControl: 'no-cache' }),
      production: { status: [206], cacheControl: YEAR },
    },
    withDeltas: { releases: part(206, 'no-cache'), production: part(206, YEAR) },
    why: 'nginx adds its headers before it reads the range, and must not send the long expiry with a 416',
  },
  {
    title: 'a range that cannot be satisfied, by a client that has a dictionary',
    path: STYLESHEET,
    headers: { ...HEADERS, range: 'bytes=99999-' },
    expected: all({ status: [416], cacheControl: NEVER_LONG, headers: { 'content-range': 'bytes */39' } }),
  },
  ...[{ 'if-none-match': '*' }, { 'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT' }].map(
    (condition) => ({
      title: `revalidation by a client that has a dictionary: ${Object.keys(condition).join('')}`,
      path: STYLESHEET,
      headers: { ...HEADERS, ...condition },
      expected: {
        ...all({ status: [304], cacheControl: YEAR }),
        dev: { status: [304], cacheControl: 'no-cache' },
        nginx: { status: [304], cacheControl: WEEK },
      },
      withDeltas: both(part(304, YEAR)),
    }),
  ),
  asking('a tag that is not that of the file', { 'if-none-match': '"x"' }, 'file'),
  asking('a date before the file', { 'if-modified-since': 'Sat, 01 Jan 2000 00:00:00 GMT' }, 'file'),
  asking('a condition that holds', { 'if-unmodified-since': 'Fri, 01 Jan 2100 00:00:00 GMT' }, 'file'),
  asking('any tag', { 'if-match': '*' }, 'file'),
  {
    title: 'the delta of an earlier release',
    path: `${RETAINED}/css/gone.css`,
    headers: { ...HEADERS, 'available-dictionary': available(OF_RETAINED) },
    expected: {
      ...all(NOT_FOUND),
      releases: { status: [200], cacheControl: YEAR, body: 'css/gone.css', of: 'retained' },
      production: { status: [200], cacheControl: YEAR, body: 'css/gone.css', of: 'retained' },
    },
    withDeltas: both(answer('css/gone.css', 'delta')),
  },
  {
    title: 'an earlier release, which has no delta',
    path: `${RETAINED}/css/app.css`,
    headers: HEADERS,
    expected: {
      ...ok('css/app.css', 'no-cache', WEEK, 'no-store'),
      releases: { status: [200], cacheControl: YEAR, body: 'css/app.css', of: 'retained' },
      production: { status: [200], cacheControl: YEAR, body: 'css/app.css', of: 'retained' },
    },
    withDeltas: both(answer('css/app.css', 'retained')),
  },
  ...[
    {
      title: 'a dictionary without a version',
      path: 'css/app.css',
      expected: ok('css/app.css', 'no-cache', 'no-cache', 'no-cache'),
    },
    {
      title: 'a dictionary under an unknown version',
      path: `${UNKNOWN}/css/app.css`,
      expected: ok('css/app.css', 'no-cache', WEEK, 'no-store'),
    },
  ].map((row) => ({
    ...row,
    headers: HEADERS,
    withDeltas: both({
      status: [200],
      cacheControl: row.path.startsWith(UNKNOWN) ? 'no-store' : 'no-cache',
      body: 'css/app.css',
      headers: { 'content-encoding': undefined, 'use-as-dictionary': undefined, vary: undefined },
    }),
  })),
  ...[
    `${CURRENT}/css/nope.css`,
    `${CURRENT}/css`,
    `${CURRENT}/css/app.css.dcz`,
    `${CURRENT}/css/app.css.dcz/`,
  ].map((path) => ({
    title: `no asset, by a client that has a dictionary: ${path}`,
    path,
    headers: HEADERS,
    expected: all(NOT_FOUND),
    withDeltas: both({
      ...NOT_FOUND,
      headers: { ...NOT_FOUND.headers, vary: undefined, 'use-as-dictionary': undefined },
    }),
  })),
  ...['POST', 'PUT'].map((method) => ({
    title: `${method} with a dictionary`,
    method,
    path: STYLESHEET,
    headers: HEADERS,
    expected: { ...all(NOT_ALLOWED), dev: { status: [0], cacheControl: [undefined] } },
    withDeltas: both({ ...NOT_ALLOWED, headers: { ...NOT_ALLOWED.headers, 'content-encoding': undefined } }),
  })),
  {
    title: 'a name that means something in a pattern of URLs',
    path: `${CURRENT}/img/a%20b+c%25.svg`,
    headers: { ...HEADERS, 'available-dictionary': available(OF_DRAWING) },
    expected: ok('img/a b+c%.svg', 'no-cache', WEEK, YEAR),
    withDeltas: {
      releases: answer('img/a b+c%.svg', undefined, { vary: undefined, 'use-as-dictionary': undefined }),
      production: answer('img/a b+c%.svg', 'delta', {
        'use-as-dictionary': String.raw`match="/static/:version/img/a%20b\\+c%25.svg"`,
      }),
    },
    why: 'nginx cannot escape: such a name has no deltas there',
  },
  {
    title: 'a delta that was cut short',
    path: `${CURRENT}/css/page.min.css`,
    headers: { ...HEADERS, 'available-dictionary': available(CUT_SHORT) },
    expected: ok('css/page.min.css', 'no-cache', WEEK, YEAR),
    withDeltas: { releases: answer('css/page.min.css', 'delta'), production: answer('css/page.min.css') },
    why: 'nginx cannot tell; no release leaves one, however it ends',
  },
];
