import { CURRENT, RETAINED, SITE_FILES, UNKNOWN } from '../helpers/site.ts';

/**
 * The HTTP truth table of static answers, as data: one row per request, one column per server.
 *
 * - `dev`: the dev router
 * - `nginx`: the static location without markers, which cannot know any version
 * - `marked`: the static location with `current`
 * - `releases`: the releases location, with a release of the current version and an earlier one
 * - `production`: the production handler, from sources or a release, with an earlier release on disk
 */
export interface Row {
  readonly title: string;
  readonly method?: string;
  /** What follows the prefix. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly expected: Readonly<Record<Server, Expectation>>;
  /** What is expected with the option `dotfiles`, where that is something else. */
  readonly withDotfiles?: Readonly<Record<Server, Expectation>>;
  /** What is expected with the option `deltas`, where that is something else. */
  readonly withDeltas?: Readonly<Record<DeltaServer, Expectation>>;
  /** Why the servers differ, where they do for another reason than the first columns of the table. */
  readonly why?: string;
}

/** A column of the table. */
export type Server = 'dev' | 'nginx' | 'marked' | 'releases' | 'production';

/** The columns whose servers have the option `deltas`. */
export type DeltaServer = Extract<Server, 'releases' | 'production'>;

/** What a server must answer. */
export interface Expectation {
  /** One of these; 0: the request goes on to the app. */
  readonly status: readonly number[];
  readonly cacheControl: string | readonly (string | undefined)[];
  /** The asset whose bytes the body must be. */
  readonly body?: string;
  /** Whose bytes of the asset: those of today or of the earlier release, or the delta of either. */
  readonly of?: 'retained' | 'delta';
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** The number that stands for "not answered here: the app's next handler". */
export const NEXT = 0;

export const WEEK = 'public, max-age=604800';
export const YEAR = 'public, max-age=31536000, immutable';
export const NEVER_LONG = ['no-cache', 'no-store', undefined];

export function all(expectation: Expectation): Row['expected'] {
  return {
    dev: expectation,
    nginx: expectation,
    marked: expectation,
    releases: expectation,
    production: expectation,
  };
}

/** 200 with an asset's bytes and the columns' `Cache-Control`; releases and handler know versions as markers do. */
export function ok(
  body: string,
  dev: string,
  nginx: string,
  marked: string,
  headers: Expectation['headers'] = {},
): Row['expected'] {
  const expectation = (cacheControl: string): Expectation => ({ status: [200], cacheControl, body, headers });
  return {
    dev: expectation(dev),
    nginx: expectation(nginx),
    marked: expectation(marked),
    releases: expectation(marked),
    production: expectation(marked),
  };
}

/** 200 with the bytes that an asset had in the earlier release. */
function retained(body: string): Expectation {
  return { status: [200], cacheControl: YEAR, body, of: 'retained' };
}

/** 200 with the bytes that an earlier release has by name. */
function keptByName(body: string): Expectation {
  return { ...retained(body), cacheControl: 'no-store' };
}

export const NOT_FOUND: Expectation = {
  status: [404],
  cacheControl: 'no-store',
  headers: { location: undefined },
};
export const NOT_ALLOWED: Expectation = {
  status: [405],
  cacheControl: NEVER_LONG,
  headers: { allow: 'GET, HEAD' },
};
/** A header that is sent twice comes as a list. */
const ONCE_EACH = { 'x-content-type-options': 'nosniff' };
const TO_THE_APP: Expectation = { status: [NEXT], cacheControl: [undefined] };
const REFUSED_BY_NGINX_ITSELF: Expectation = { status: [400], cacheControl: NEVER_LONG };
const NORMALISED =
  'nginx decodes and merges a path before it looks for a location, then serves the file of that name';

const versioned = Object.keys(SITE_FILES).filter((name) => /^[\w./]+$/.test(name));

/** The rows of DESIGN §5. */
export const TRUTH_TABLE: readonly Row[] = [
  ...versioned.map((asset) => ({
    title: `the current version of ${asset}`,
    path: `${CURRENT}/${asset}`,
    expected: ok(asset, 'no-cache', WEEK, YEAR, { 'x-content-type-options': 'nosniff' }),
  })),
  {
    title: 'a name with a space, a plus and a percent sign',
    path: `${CURRENT}/img/a%20b+c%25.svg`,
    expected: ok('img/a b+c%.svg', 'no-cache', WEEK, YEAR, { 'content-type': 'image/svg+xml' }),
  },
  {
    title: 'a name beyond ASCII',
    path: `${CURRENT}/img/gr%C3%BC%C3%9Fe.txt`,
    expected: ok('img/grüße.txt', 'no-cache', WEEK, YEAR, { 'content-type': 'text/plain; charset=utf-8' }),
  },
  {
    title: 'with a query',
    path: `${CURRENT}/css/app.css?x=../../secret.txt`,
    expected: ok('css/app.css', 'no-cache', WEEK, YEAR),
  },
  {
    title: 'a module',
    path: `${CURRENT}/js/app.mjs`,
    expected: ok('js/app.mjs', 'no-cache', WEEK, YEAR, { 'content-type': 'text/javascript; charset=utf-8' }),
  },
  {
    title: 'a stylesheet',
    path: `${CURRENT}/css/app.css`,
    expected: ok('css/app.css', 'no-cache', WEEK, YEAR, { 'content-type': 'text/css; charset=utf-8' }),
  },
  {
    title: 'a font',
    path: `${CURRENT}/fonts/a.woff2`,
    expected: ok('fonts/a.woff2', 'no-cache', WEEK, YEAR, { 'content-type': 'font/woff2' }),
  },
  {
    title: 'a type that nobody knows',
    path: `${CURRENT}/data/file.unknown`,
    expected: ok('data/file.unknown', 'no-cache', WEEK, YEAR, { 'content-type': 'application/octet-stream' }),
  },
  {
    title: 'revalidation with a date later than the file',
    path: `${CURRENT}/css/app.css`,
    headers: { 'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT' },
    expected: {
      dev: { status: [304], cacheControl: 'no-cache' },
      nginx: { status: [304], cacheControl: WEEK },
      marked: { status: [304], cacheControl: YEAR },
      releases: { status: [304], cacheControl: YEAR },
      production: { status: [304], cacheControl: YEAR },
    },
  },
  {
    title: 'a range',
    path: `${CURRENT}/css/app.css`,
    headers: { range: 'bytes=0-3' },
    expected: {
      ...all({ status: [206], cacheControl: 'no-cache', headers: { 'content-length': '4' } }),
      production: { status: [206], cacheControl: YEAR, headers: { 'content-length': '4' } },
    },
    why: 'nginx adds its headers before it reads the range, and must not send the long expiry with a 416',
  },
  {
    title: 'a range of an unknown version',
    path: `${UNKNOWN}/css/app.css`,
    headers: { range: 'bytes=0-3' },
    expected: {
      ...all({ status: [206], cacheControl: 'no-cache' }),
      marked: { status: [206], cacheControl: 'no-store' },
      releases: { status: [206], cacheControl: 'no-store' },
      production: { status: [206], cacheControl: 'no-store' },
    },
  },
  {
    title: 'a range that cannot be satisfied',
    path: `${CURRENT}/css/app.css`,
    headers: { range: 'bytes=99999-' },
    expected: all({
      status: [416],
      cacheControl: NEVER_LONG,
      headers: { 'content-range': 'bytes */39', ...ONCE_EACH },
    }),
  },
  {
    title: 'a range that cannot be satisfied, without version',
    path: 'css/app.css',
    headers: { range: 'bytes=99999-' },
    expected: all({ status: [416], cacheControl: NEVER_LONG, headers: ONCE_EACH }),
  },
  {
    title: 'a range of an unknown version that cannot be satisfied',
    path: `${UNKNOWN}/css/app.css`,
    headers: { range: 'bytes=99999-' },
    expected: all({ status: [416], cacheControl: NEVER_LONG, headers: ONCE_EACH }),
  },
  {
    title: 'revalidation of an unknown version by "any that exists"',
    path: `${UNKNOWN}/css/app.css`,
    headers: { 'if-none-match': '*' },
    expected: {
      ...all({ status: [304], cacheControl: 'no-store' }),
      dev: { status: [304], cacheControl: 'no-cache' },
      nginx: { status: [304], cacheControl: WEEK },
    },
    why: 'RFC 9110 §13.1.2 asks for 304 wherever there is something to send; a cache names the validator it has, never "*"',
  },
  {
    title: 'an unknown version of a file that exists',
    path: `${UNKNOWN}/css/app.css`,
    expected: ok('css/app.css', 'no-cache', WEEK, 'no-store'),
    why: 'without markers nginx cannot tell which version is current, so it keeps to the seven days of the classic',
  },
  {
    title: 'an unknown version of a file without extension',
    path: `${UNKNOWN}/data/LICENSE`,
    expected: ok('data/LICENSE', 'no-cache', WEEK, 'no-store'),
    why: 'as above',
  },
  {
    title: 'a retained version of an asset that has changed since',
    path: `${RETAINED}/css/app.css`,
    expected: {
      ...ok('css/app.css', 'no-cache', WEEK, 'no-store'),
      releases: retained('css/app.css'),
      production: retained('css/app.css'),
    },
    why: 'only a release keeps the bytes of earlier versions',
  },
  {
    title: 'a retained version of an asset that is gone',
    path: `${RETAINED}/css/gone.css`,
    expected: { ...all(NOT_FOUND), releases: retained('css/gone.css'), production: retained('css/gone.css') },
    why: 'as above',
  },
  ...[
    { title: 'an unknown version of an asset that is gone', path: `${UNKNOWN}/css/gone.css` },
    { title: 'the current version of an asset that is gone', path: `${CURRENT}/css/gone.css` },
    { title: 'an asset that is gone, without version', path: 'css/gone.css' },
  ].map((row) => ({
    ...row,
    expected: {
      ...all(NOT_FOUND),
      ...(row.path === 'css/gone.css' && { dev: TO_THE_APP }),
      releases: { ...keptByName('css/gone.css'), headers: { etag: undefined, 'last-modified': undefined } },
      production: keptByName('css/gone.css'),
    },
    why: 'only releases are kept by name',
  })),
  {
    title: 'a range of an asset that is gone',
    path: `${UNKNOWN}/css/gone.css`,
    headers: { range: 'bytes=0-3' },
    expected: {
      ...all(NOT_FOUND),
      releases: { status: [206], cacheControl: 'no-store' },
      production: { status: [206], cacheControl: 'no-store' },
    },
    why: 'as above',
  },
  {
    title: 'the folder of an asset that is gone',
    path: `${UNKNOWN}/css/`,
    expected: all(NOT_FOUND),
  },
  {
    title: 'a retained version that never had the asset',
    path: `${RETAINED}/css/page.min.css`,
    expected: ok('css/page.min.css', 'no-cache', WEEK, 'no-store'),
    why: 'as above',
  },
  {
    title: 'without a version',
    path: 'css/app.css',
    expected: ok('css/app.css', 'no-cache', 'no-cache', 'no-cache'),
  },
  {
    title: 'a real folder of digits',
    path: '2024/year.css',
    expected: ok('2024/year.css', 'no-cache', 'no-cache', 'no-cache'),
  },
  {
    title: 'a real folder of hexadecimal letters',
    path: 'face/z.css',
    expected: ok('face/z.css', 'no-cache', 'no-cache', 'no-cache'),
  },
  {
    title: 'upper case in a version: a folder name like any other',
    path: `${CURRENT.toUpperCase()}/css/app.css`,
    expected: { ...all(NOT_FOUND), dev: TO_THE_APP },
  },
  {
    title: 'a version of 17 digits: a folder name like any other',
    path: `${CURRENT}0/css/app.css`,
    expected: { ...all(NOT_FOUND), dev: TO_THE_APP },
  },
  {
    title: 'two versions',
    path: `${CURRENT}/${CURRENT}/css/app.css`,
    expected: all(NOT_FOUND),
  },
  { title: 'missing under a version', path: `${CURRENT}/css/nope.css`, expected: all(NOT_FOUND) },
  { title: 'missing under a version, without extension', path: `${CURRENT}/nope`, expected: all(NOT_FOUND) },
  { title: 'missing below a file', path: `${CURRENT}/css/app.css/more.css`, expected: all(NOT_FOUND) },
  { title: 'missing below a file, with a slash', path: `${CURRENT}/css/app.css/`, expected: all(NOT_FOUND) },
  { title: 'a folder without slash under a version', path: `${CURRENT}/css`, expected: all(NOT_FOUND) },
  { title: 'a folder with slash under a version', path: `${CURRENT}/css/`, expected: all(NOT_FOUND) },
  {
    title: 'a folder asked for with a range',
    path: `${CURRENT}/css`,
    headers: { range: 'bytes=0-3' },
    expected: all(NOT_FOUND),
  },
  {
    title: 'a folder with a dot in its name under a version',
    path: `${CURRENT}/v1.2`,
    expected: {
      ...all(NOT_FOUND),
      nginx: { status: [404], cacheControl: 'no-store' },
      marked: { status: [404], cacheControl: 'no-store' },
    },
    why: 'without open_file_cache nginx leaves a Location on the 404, which no client follows; taking it off would cost a look at the disk for every file',
  },
  { title: 'the version alone, with slash', path: `${CURRENT}/`, expected: all(NOT_FOUND) },
  {
    title: 'the version alone, without slash',
    path: CURRENT,
    expected: { ...all(NOT_FOUND), dev: TO_THE_APP },
  },
  {
    title: 'missing without a version',
    path: 'css/nope.css',
    expected: { ...all(NOT_FOUND), dev: TO_THE_APP },
  },
  { title: 'a folder without version', path: 'css', expected: { ...all(NOT_FOUND), dev: TO_THE_APP } },
  {
    title: 'a folder without version, with slash',
    path: 'css/',
    expected: { ...all(NOT_FOUND), dev: TO_THE_APP },
  },
  { title: 'the prefix itself', path: '', expected: { ...all(NOT_FOUND), dev: TO_THE_APP } },
  ...['.env', '.git/config', 'css/.hidden.css', '.well-known/security.txt', '%2eenv'].flatMap((path) => {
    const asset = decodeURIComponent(path);
    return [
      {
        title: `dotfile ${path} under a version`,
        path: `${CURRENT}/${path}`,
        expected: all(NOT_FOUND),
        withDotfiles: ok(asset, 'no-cache', WEEK, YEAR),
      },
      {
        title: `dotfile ${path} without a version`,
        path,
        expected: all(NOT_FOUND),
        withDotfiles: ok(asset, 'no-cache', 'no-cache', 'no-cache'),
      },
    ];
  }),
  ...['.nope', '.git', '.git/', '...'].flatMap((path) => [
    { title: `${path} under a version`, path: `${CURRENT}/${path}`, expected: all(NOT_FOUND) },
    {
      title: `${path} without a version`,
      path,
      expected: all(NOT_FOUND),
      withDotfiles: { ...all(NOT_FOUND), dev: TO_THE_APP },
    },
  ]),
  ...['css/%zz.css', '%', 'css/app.css%', '%c'].map((path) => ({
    title: `wrong percent-encoding in ${path}`,
    path: `${CURRENT}/${path}`,
    expected: all(REFUSED_BY_NGINX_ITSELF),
  })),
  {
    title: 'percent-encoding that is no UTF-8',
    path: `${CURRENT}/css/%ff.css`,
    expected: { ...all(NOT_FOUND), dev: REFUSED_BY_NGINX_ITSELF, production: REFUSED_BY_NGINX_ITSELF },
    why: 'to nginx a name is bytes, and no file has these',
  },
  { title: 'NUL', path: `${CURRENT}/css/app.css%00`, expected: all(REFUSED_BY_NGINX_ITSELF) },
  ...['../secret.txt', 'css/../../../secret.txt', '%2e%2e/%2e%2e/secret.txt', '..%2f..%2fsecret.txt'].map(
    (path) => ({
      title: `above the root by ${path}`,
      path: `${CURRENT}/${path}`,
      expected: {
        ...all({ status: [404, 400], cacheControl: NEVER_LONG }),
        dev: NOT_FOUND,
        production: NOT_FOUND,
      },
    }),
  ),
  {
    title: 'above everything',
    path: '../../../../../../etc/passwd',
    expected: { ...all(REFUSED_BY_NGINX_ITSELF), dev: NOT_FOUND, production: NOT_FOUND },
    why: NORMALISED,
  },
  ...[
    'css/./app.css',
    'css//app.css',
    'img/../css/app.css',
    'css%2fapp.css',
    '/css/app.css',
    './css/app.css',
    'css/%2e/app.css',
    'img%2f..%2fcss/app.css',
  ].map((path) => ({
    title: `not canonical: ${path}`,
    path: `${CURRENT}/${path}`,
    expected: { ...ok('css/app.css', '', WEEK, YEAR), dev: NOT_FOUND, production: NOT_FOUND },
    why: NORMALISED,
  })),
  ...['css\\app.css', 'css%5capp.css', '..\\secret.txt', '..%5csecret.txt'].map((path) => ({
    title: `backslash in ${path}`,
    path: `${CURRENT}/${path}`,
    expected: all(NOT_FOUND),
  })),
  ...['img/back%5cslash.txt', 'img/back%5Cslash.txt', 'img/back%5Cslash.txt?v=1'].map((path) => ({
    title: `a backslash in the name of a file: ${path}`,
    path: `${CURRENT}/${path}`,
    expected: all(NOT_FOUND),
  })),
  { title: 'a line break behind a name', path: `${CURRENT}/css/app.css%0a`, expected: all(NOT_FOUND) },
  {
    title: 'a line break behind a name without version',
    path: 'css/app.css%0A',
    expected: { ...all(NOT_FOUND), dev: TO_THE_APP },
  },
  {
    title: 'a link that leaves the root',
    path: `${CURRENT}/linked.txt`,
    expected: { ...ok('linked.txt', 'no-cache', WEEK, YEAR), production: NOT_FOUND },
    why: 'looking for links costs nginx half its speed; the handler looks once, when it starts',
  },
  {
    title: 'a link within the root',
    path: `${CURRENT}/styles/app.css`,
    expected: ok('css/app.css', 'no-cache', WEEK, YEAR),
  },
  ...['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].flatMap((method) =>
    [`${CURRENT}/css/app.css`, 'css/app.css', `${CURRENT}/data/LICENSE`].map((path) => ({
      title: `${method} ${path}`,
      method,
      path,
      expected: { ...all(NOT_ALLOWED), dev: TO_THE_APP },
    })),
  ),
  ...['POST', 'PUT', 'DELETE'].flatMap((method) =>
    [`${CURRENT}/nope`, `${CURRENT}/css/`, `${CURRENT}/.env`, 'css/nope.css', ''].map((path) => ({
      title: `${method} of what is not there: ${path}`,
      method,
      path,
      expected: { ...all(NOT_FOUND), dev: TO_THE_APP, production: NOT_ALLOWED },
      ...(path.endsWith('.env') && { withDotfiles: { ...all(NOT_ALLOWED), dev: TO_THE_APP } }),
      why: 'nginx looks for the file before it looks at the method',
    })),
  ),
  ...['POST', 'PUT', 'DELETE'].map((method) => {
    const unchecked = method === 'POST' ? NOT_FOUND : NOT_ALLOWED;
    return {
      title: `${method} of a name with extension that is not there`,
      method,
      path: `${CURRENT}/css/nope.css`,
      expected: {
        dev: TO_THE_APP,
        nginx: unchecked,
        marked: unchecked,
        releases: NOT_FOUND,
        production: NOT_ALLOWED,
      },
      why: 'where the snippet does not look for the file itself, nginx refuses other methods before it opens the file, but POST after',
    };
  }),
];
