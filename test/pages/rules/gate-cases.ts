import type { GateOptions } from '../../../src/pages/options.ts';
import type { GateReason } from '../../../src/pages/rules/index.ts';

/** The gates that requests are sent to. */
export const GATES = {
  usual: {
    sites: ['http://www.example.com', 'https://shop.example.com:8443'],
    urls: [
      '/',
      '/posts/:slug',
      '/docs/*rest',
      '/tags{/:tag}',
      '/a/:b-:c',
      '/files/:name.:ext',
      '/feed.json',
      /^\/archive\/(?<year>\d{4})(?:\/\d\d)?$/,
      /^\/case$/i,
      /^\/set\/[^[\]]+$/,
    ],
    exclude: ['/docs/private/*rest', /\.draft$/],
    query: ['page', 'tag'],
    bypassHeaders: ['X-Preview'],
  },
  named: {
    sites: ['http://www.example.com'],
    urls: ['/posts/:slug'],
    bypassCookies: ['connect.sid', 'auth_*'],
    ignoreQuery: ['ref', 'cmp_*', 'cmp_id'],
  },
  added: {
    sites: ['http://www.example.com'],
    urls: ['/posts/:slug'],
    ignoreCookies: ['theme', 'a.b', 'exp_*'],
    ignoreQuery: [],
  },
  nothing: { sites: ['http://www.example.com'], urls: ['/posts/:slug'], bypassCookies: [] },
} as const satisfies Readonly<Record<string, GateOptions>>;

/** A request, and what the gate says. */
export interface GateCase {
  readonly title: string;
  readonly gate: keyof typeof GATES;
  readonly method: string;
  readonly target: string;
  readonly version: string;
  /** `undefined`: without Host. */
  readonly host: string | undefined;
  /** Header lines beside Host. */
  readonly lines: readonly string[];
  /** The page's target, or why there is none. */
  readonly expected: { readonly page: string; readonly site?: string } | { readonly reason: GateReason };
  /** The servers that refuse the request themselves, before anything of ours; behind nginx the app may. */
  readonly refusedBy: readonly ('nginx' | 'node')[];
  /** Whether nginx before 1.23, which reads the first of several headers with one name, takes it for a page. */
  readonly isPageByFirst: boolean;
}

interface Row extends Partial<Omit<GateCase, 'expected' | 'title'>> {
  /** A page's target. */
  readonly page?: string;
  readonly site?: string;
  readonly reason?: GateReason;
}

function row(title: string, { page, site, reason, ...rest }: Row): GateCase {
  return {
    title,
    gate: 'usual',
    method: 'GET',
    target: '/posts/hello',
    version: '1.1',
    host: 'www.example.com',
    lines: [],
    expected: reason === undefined ? { page: page ?? '/posts/hello', ...(site ? { site } : {}) } : { reason },
    refusedBy: [],
    isPageByFirst: false,
    ...rest,
  };
}

const targets = (list: Readonly<Record<string, string>>, gate: keyof typeof GATES = 'usual'): GateCase[] =>
  Object.entries(list).map(([target, page]) => row(target.slice(0, 80), { target, page, gate }));

const refused = (
  reason: GateReason,
  list: readonly string[],
  gate: keyof typeof GATES = 'usual',
): GateCase[] => list.map((target) => row(`${reason} ${target.slice(0, 80)}`, { target, reason, gate }));

const header = (reason: GateReason | undefined, lines: readonly string[]): GateCase[] =>
  lines.map((line) => row(line.slice(0, 80), { lines: [line], ...(reason ? { reason } : {}) }));

const cookies = (
  gate: keyof typeof GATES,
  reason: 'COOKIE' | undefined,
  list: readonly string[],
): GateCase[] =>
  list.map((cookie) =>
    row(`${gate}, Cookie: ${cookie.slice(0, 60)}`, {
      gate,
      lines: [`Cookie: ${cookie}`],
      ...(reason ? { reason } : {}),
    }),
  );

const same = (list: readonly string[]): Record<string, string> =>
  Object.fromEntries(list.map((target) => [target, target]));

/** A name of 241 bytes has room for the ends of its file's name. */
const LONG = 'a'.repeat(241);

export const GATE_CASES: readonly GateCase[] = [
  row('a page', {}),
  row('HEAD', { method: 'HEAD' }),
  row('HTTP/1.0 with Host', { version: '1.0' }),

  // Methods and bodies.
  row('POST', { method: 'POST', reason: 'METHOD' }),
  row('POST with a body', { method: 'POST', lines: ['Content-Length: 2'], reason: 'METHOD' }),
  row('PUT', { method: 'PUT', reason: 'METHOD' }),
  row('DELETE', { method: 'DELETE', reason: 'METHOD' }),
  row('OPTIONS', { method: 'OPTIONS', reason: 'METHOD' }),
  row('PROPFIND', { method: 'PROPFIND', reason: 'METHOD' }),
  row('TRACE', { method: 'TRACE', reason: 'METHOD', refusedBy: ['nginx'] }),
  row('lower case', { method: 'get', reason: 'METHOD', refusedBy: ['nginx', 'node'] }),
  row('GET with a body', { lines: ['Content-Length: 2'], reason: 'BODY' }),
  row('GET with a body of nothing', { lines: ['Content-Length: 0'], reason: 'BODY' }),
  row('GET with chunks', { lines: ['Transfer-Encoding: chunked'], reason: 'BODY' }),

  // Headers.
  ...header('UPGRADE', ['Upgrade: websocket', 'Upgrade: h2c']),
  ...header('AUTHORIZATION', ['Authorization: Bearer x', 'authorization: Basic eDp5']),
  ...header('RANGE', ['Range: bytes=0-1', 'Range: x']),
  ...header('HEADER', [
    'Origin: null',
    'Origin: http://www.example.com',
    'X-Requested-With: XMLHttpRequest',
    'HX-Request: true',
    'Turbo-Frame: comments',
    'RSC: 1',
    'X-Inertia: true',
    'X-PJAX: true',
    'x-preview: 1',
  ]),
  ...header(undefined, [
    'Origin:',
    'Authorization: ',
    'X-Forwarded-Host: evil.example',
    'X-Forwarded-Proto: https',
    'X-Preview-Not: 1',
    'X_Requested_With: x',
    'If-None-Match: "x"',
    'If-Modified-Since: Wed, 21 Oct 2015 07:28:00 GMT',
    'Accept-Language: de',
    'Accept-Encoding: gzip, br',
    'Cache-Control: no-cache',
    'User-Agent: curl/8',
    'Purpose: prefetch',
    'Upgrade-Insecure-Requests: 1',
  ]),
  ...header(undefined, [
    'Accept:',
    'Accept: */*',
    'Accept: text/html',
    'Accept: TEXT/HTML',
    'Accept: text/*',
    'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
    'Accept: image/webp , text/html ; q=0.5',
    'Accept: text/html;q=0.01',
    'Accept: application/rss+xml, */*;q=0.1',
  ]),
  ...header('ACCEPT', [
    'Accept: application/json',
    'Accept: application/json, text/html',
    'Accept: application/json, text/plain, */*',
    'Accept: text/html, application/vnd.api+JSON',
    'Accept: text/event-stream',
    'Accept: text/event-stream, */*',
    'Accept: text/vnd.turbo-stream.html, text/html, application/xhtml+xml',
    'Accept: image/avif,image/webp',
    'Accept: text/css',
    'Accept: text/htmlx',
    'Accept: xtext/html',
    'Accept: text/html;q=0',
    'Accept: text/html; q=0.000',
    'Accept: */*;q=0',
    'Accept: ,',
  ]),

  row('Accept twice', {
    lines: ['Accept: text/html', 'Accept: application/json'],
    reason: 'ACCEPT',
    isPageByFirst: true,
  }),
  row('Accept twice, JSON first', {
    lines: ['Accept: application/json', 'Accept: text/html'],
    reason: 'ACCEPT',
  }),
  row('Origin twice, first empty', {
    lines: ['Origin:', 'Origin: x'],
    reason: 'HEADER',
    isPageByFirst: true,
  }),
  ...header(undefined, ['Accept:\t', 'Origin: \t', 'Cookie:\t', 'Cookie:\t_ga=1', 'Cookie: _ga=1 \t']),

  // Sites.
  row('another site of ours', {
    host: 'shop.example.com:8443',
    site: 'https://shop.example.com:8443',
  }),
  row('a site that is none of ours', { host: 'evil.example', reason: 'SITE' }),
  row('a subdomain', { host: 'x.www.example.com', reason: 'SITE' }),
  row('a host that a dot too free would match', { host: 'wwwxexample.com', reason: 'SITE' }),
  row('another port', { host: 'www.example.com:8080', reason: 'SITE' }),
  row('the port of the scheme, which browsers leave out', { host: 'www.example.com:80', reason: 'SITE' }),
  row('without the port', { host: 'shop.example.com', reason: 'SITE' }),
  row('in capitals', { host: 'WWW.EXAMPLE.COM', reason: 'SITE' }),
  row('with a dot at the end', { host: 'www.example.com.', reason: 'SITE' }),
  row('with a path', { host: 'www.example.com/x', reason: 'SITE', refusedBy: ['nginx'] }),
  row('no Host in HTTP/1.1', { host: undefined, reason: 'SITE', refusedBy: ['nginx', 'node'] }),
  row('no Host in HTTP/1.0', { host: undefined, version: '1.0', reason: 'SITE' }),
  row('an empty Host', { host: '', version: '1.0', reason: 'SITE', refusedBy: ['nginx'] }),
  row('Host twice', { lines: ['Host: www.example.com'], reason: 'SITE', refusedBy: ['nginx'] }),
  row('Host twice, another', { lines: ['host: evil.example'], reason: 'SITE', refusedBy: ['nginx'] }),
  row('an absolute target', { target: 'http://www.example.com/posts/hello', reason: 'PATH' }),
  row('an absolute target of another site', { target: 'http://evil.example/posts/hello', reason: 'PATH' }),
  row('an absolute target without path', { target: 'http://www.example.com', reason: 'PATH' }),
  row('the target of OPTIONS', { target: '*', reason: 'PATH', refusedBy: ['nginx'] }),

  // Paths and patterns.
  ...targets(
    same([
      '/',
      '/posts/%E2%82%AC',
      '/posts/%20',
      '/posts/100%25',
      '/posts/%252e%252e',
      '/posts/a+b',
      '/posts/a,b;c=d',
      '/posts/@alice',
      '/posts/a~b_c-d.e',
      '/posts/a.',
      '/posts/...',
      '/posts/.hidden',
      '/posts/$a',
      '/posts/(a)*!&:',
      '/posts/%22',
      '/posts/%3Fpage=2',
      '/posts/%23',
      '/posts/%40.',
      '/docs/a',
      '/docs/a/b/',
      '/docs/a/b/c.html',
      '/docs/a@',
      '/docs/private',
      '/tags',
      '/tags/x',
      '/a/b-c',
      '/files/a.b.c',
      '/feed.json',
      '/archive/2024',
      '/archive/2024/05',
      '/case',
      '/CASE',
      '/set/x',
      `/posts/${LONG}`,
      `/docs/${'b'.repeat(255)}/x`,
      `/docs/${`${'c'.repeat(200)}/`.repeat(4)}${'d'.repeat(189)}`,
    ]),
  ),
  ...refused('URL', [
    '/posts',
    '/posts/',
    '/posts/hello/',
    '/Posts/hello',
    '/posts/a/b',
    '/docs',
    '/docs/',
    '/tags/',
    '/a/b',
    '/files/a',
    '/feed.jsonx',
    '/feedxjson',
    '/x/archive/2024',
    '/archive/20245',
    '/archive/2024/',
    '/cases',
    '/admin',
    '/favicon.ico',
  ]),
  ...refused('EXCLUDED', ['/docs/private/x', '/docs/private/x/y', '/posts/a.draft', '/docs/x.draft']),
  ...refused('PATH', [
    '//',
    '//posts/hello',
    '/posts//hello',
    '/docs/a//',
    '/posts/../posts/hello',
    '/docs/..',
    '/docs/.',
    '/docs/./a',
    '/docs/../docs/a',
    '/docs/%2e%2e/a',
    '/docs/%2E%2E/a',
    '/docs/.%2E/a',
    '/docs/%2E',
    '/posts/%41',
    '/posts/%7E',
    '/posts/%2D',
    '/posts/%5F',
    '/posts/%30',
    '/posts/%e2%82%ac',
    '/posts/%2f',
    '/docs/a%2Fb',
    '/docs/a%5Cb',
    '/docs/a\\b',
    '/docs/%0A',
    '/docs/%0D%0ASet-Cookie:%20a',
    '/docs/%7F',
    '/docs/%1F',
    '/posts/a"b',
    "/posts/a'b",
    '/posts/<b>',
    '/posts/`',
    '/posts/^',
    '/posts/{a}',
    '/posts/a|b',
    '/posts/[a]',
    '/posts/a#b',
    '/posts/hello@.html',
    '/docs/hello@.html/x',
    '/docs/hello@.html.gz',
    '/docs/hello@.text-xml',
    '/docs/hello@.br',
    '/docs/x@.y/z',
    '/docs/@./z',
    `/posts/${LONG}a`,
    `/docs/${'b'.repeat(256)}/x`,
    `/docs/${`${'c'.repeat(200)}/`.repeat(4)}${'d'.repeat(191)}`,
    `/posts/${'e'.repeat(2000)}`,
    `/docs/${'f/'.repeat(1000)}`,
  ]),
  row('%2G', { target: '/posts/%2G', reason: 'PATH', refusedBy: ['nginx'] }),
  row('% at the end', { target: '/posts/a%', reason: 'PATH', refusedBy: ['nginx'] }),
  row('%00', { target: '/posts/%00', reason: 'PATH', refusedBy: ['nginx'] }),
  row('above the root', { target: '/../posts/hello', reason: 'PATH', refusedBy: ['nginx'] }),
  row('above the root, encoded', { target: '/%2e%2e/posts/hello', reason: 'PATH', refusedBy: ['nginx'] }),
  row('NUL', { target: '/posts/a\0', reason: 'PATH', refusedBy: ['nginx', 'node'] }),
  row('a raw tab', { target: '/posts/a\tb', reason: 'PATH', refusedBy: ['nginx', 'node'] }),
  row('a raw byte of UTF-8', { target: '/posts/\u00E9', reason: 'PATH', refusedBy: ['nginx', 'node'] }),

  // Queries.
  ...targets({
    ...same([
      '/posts/hello?page=2',
      '/posts/hello?page=',
      '/posts/hello?tag=a',
      '/posts/hello?page=2&tag=a',
      '/posts/hello?tag=%E2%82%AC+b',
      '/posts/hello?tag=a@b',
      `/posts/hello?tag=${'a'.repeat(231)}`,
    ]),
    '/posts/hello?utm_source=x': '/posts/hello',
    '/posts/hello?utm_source': '/posts/hello',
    '/posts/hello?utm_source=x&': '/posts/hello',
    '/posts/hello?utm_source=x&utm_medium=y&fbclid=z': '/posts/hello',
    '/posts/hello?utm_=': '/posts/hello',
    '/posts/hello?_gl=1*a*b/c?d=e': '/posts/hello',
    '/posts/hello?utm_source=x&page=2': '/posts/hello?page=2',
    '/posts/hello?page=2&gclid=x': '/posts/hello?page=2',
    '/posts/hello?fbclid=a&page=2&tag=b&gclid=x&mc_eid=y': '/posts/hello?page=2&tag=b',
    [`/posts/hello?fbclid=${'a'.repeat(4000)}`]: '/posts/hello',
    [`/posts/hello?${'utm_a=b&'.repeat(500)}page=2`]: '/posts/hello?page=2',
    [`/?${'gclid&'.repeat(500)}`]: '/',
  }),
  ...refused('QUERY', [
    '/posts/hello?',
    '/?',
    '/posts/hello?page',
    '/posts/hello?page=2&page=3',
    '/posts/hello?page=2&page=2',
    '/posts/hello?tag=a&page=2',
    '/posts/hello?page=2&',
    '/posts/hello?&page=2',
    '/posts/hello?page=2&&tag=a',
    '/posts/hello?other=1',
    '/posts/hello?page=2&other=1',
    '/posts/hello?pages=2',
    '/posts/hello?Page=2',
    '/posts/hello?page[]=2',
    '/posts/hello?page=%32',
    '/posts/hello?page=%c3%a9',
    '/posts/hello?p%61ge=2',
    '/posts/hello?page=a/b',
    '/posts/hello?page=../../x',
    '/posts/hello?page=a=b',
    '/posts/hello?page=a?b',
    '/posts/hello?page=a@.html',
    '/posts/hello?page=a#b',
    '/posts/hello?page="',
    '/posts/hello?page=2&utm_source=x&tag=a',
    '/posts/hello?page=2&utm_source=x&',
    '/posts/hello?utm_source=x&&',
    '/posts/hello?utm_source=x&&fbclid=y',
    '/posts/hello?&utm_source=x',
    '/posts/hello?UTM_source=x',
    '/posts/hello?utm%5Fsource=x',
    '/posts/hello?fbclidx=1',
    '/posts/hello?xfbclid=1',
    '/posts/hello?page=2?utm_source=x',
    '/posts/hello?=',
    `/posts/hello?${'a=b&'.repeat(1000)}`,
    `/posts/hello?${'&'.repeat(4000)}`,
    `/posts/hello?${'utm_a=b&'.repeat(900)}x`,
  ]),
  row('a query too long for a file', { target: `/posts/hello?tag=${'a'.repeat(232)}`, reason: 'PATH' }),
  row('a query of 2,000 characters', { target: `/posts/hello?tag=${'a'.repeat(2000)}`, reason: 'PATH' }),
  ...targets({ '/posts/a?ref=x': '/posts/a', '/posts/a?cmp_id=1&cmp_x&ref': '/posts/a' }, 'named'),
  ...refused(
    'QUERY',
    ['/posts/a?page=2', '/posts/a?utm_source=x', `/posts/a?${'cmp_id=1&'.repeat(300)}x`],
    'named',
  ),
  ...refused('QUERY', ['/posts/a?utm_source=x', '/posts/a?'], 'added'),

  // Cookies: every one matters but harmless ones.
  ...cookies('usual', undefined, [
    '',
    '_ga=GA1.1.1',
    '_ga=1; _gid=2; _ga_ABC=3',
    '_ga=1;_gid=2',
    '_ga=1;   _gid=2',
    '_ga=1;',
    '_ga=1; ',
    '_ga=',
    '_ga=a=b="c, d"',
    '_hjSessionUser_12=x',
    '_hj=',
    '__cf_bm=x; AWSALB=y; euconsent-v2=z',
    `_ga=${'x'.repeat(7000)}`,
    '_ga=1; '.repeat(1000).trim(),
  ]),
  ...cookies('usual', 'COOKIE', [
    'connect.sid=s%3Ax',
    '_ga=1; session=2',
    'session=2; _ga=1',
    '_ga',
    '_ga; _gid=1',
    '_ga =1',
    '_GA=1',
    '_gax=1',
    'x_ga=1',
    '=1',
    ';',
    '; _ga=1',
    ';_ga=1',
    '_ga=1;; _gid=2',
    '_ga=1; ;_gid=2',
    '_ga=1, session=2; session=3',
    '_ga=1;\tsession=2',
    '_ga=1;\t_gid=2',
    '"_ga=1"',
    '$Version=1; _ga=1',
    '_ga="1; session=2"',
    'intercom-session-x=1',
    `${'_ga=1; '.repeat(1000)}x`,
    '_ga_'.repeat(1900),
    `_hj${'_ga_x=; '.repeat(900)}!`,
    `${'_ga='.repeat(1900)};x`,
    '; '.repeat(3800),
    `_ga=1;${' '.repeat(7000)}x`,
  ]),
  row('two Cookie headers, harmless', { lines: ['Cookie: _ga=1', 'Cookie: _gid=2'] }),
  row('two Cookie headers, one matters', { lines: ['Cookie: _ga=1', 'cookie: sid=2'], reason: 'COOKIE' }),
  ...cookies('added', undefined, ['theme=dark', 'a.b=1; exp_x=2; _ga=3', 'exp_=']),
  ...cookies('added', 'COOKIE', ['themes=dark', 'aXb=1', 'exp=1']),

  // Cookies: those alone matter that are named.
  ...cookies('named', undefined, [
    'session=1',
    'xconnect.sid=1',
    'connectXsid=1',
    'connect.sidx=1',
    'a=connect.sid',
    'a=b connect.sid=1',
    'aauth_x=1',
    'AUTH_x=1',
    ';;;',
    '; '.repeat(3800),
    'auth'.repeat(1900),
  ]),
  ...cookies('named', 'COOKIE', [
    'connect.sid=1',
    'connect.sid',
    'connect.sid=',
    'a=1; connect.sid=1',
    'a=1;connect.sid=1',
    'a=1;\t connect.sid =1',
    ';connect.sid=1',
    'auth_user=1',
    'auth_',
    'a=1; auth_x; b=2',
    'a="; connect.sid=1"',
    `${'a=b; '.repeat(1400)}connect.sid=1`,
  ]),
  ...cookies('nothing', undefined, ['session=1', ';', 'x']),

  // Which reason is named where several hold.
  row('a method and a cookie', { method: 'POST', lines: ['Cookie: a=b'], reason: 'METHOD' }),
  row('a cookie on a URL that is not stored', { target: '/admin', lines: ['Cookie: a=b'], reason: 'URL' }),
];
