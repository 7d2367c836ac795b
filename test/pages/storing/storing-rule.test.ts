import test from 'ava';
import type { RenderedHead } from '../../../src/render/index.ts';
import { deletes, isPersonal } from '../../../src/pages/storing/reasons.ts';
import { judgeBody, judgeHead, type StoringContext } from '../../../src/pages/storing/storing-rule.ts';

const CONTEXT: StoringContext = {
  declared: new Map([['x-frame-options', { name: 'X-Frame-Options', value: 'DENY' }]]),
  lost: ['cache-tag'],
  bypassHeaders: new Set(['origin', 'rsc', 'x-pjax']),
  harmlessHeaders: new Set(['dpr']),
};

interface Row {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The reason; none: the head passes. */
  readonly code?: string;
  readonly deletes?: true;
  readonly personal?: true;
}

function headOf({ status = 200, headers = {} }: Row): RenderedHead {
  const all = {
    'content-type': 'text/html; charset=utf-8',
    'x-frame-options': 'DENY',
    ...headers,
  };
  return {
    status,
    headers: new Map(
      Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat()]])),
    ),
  };
}

const ROWS: readonly Row[] = [
  {},
  // What a page may lose.
  {
    headers: {
      date: 'Sat, 28 Nov 2026 10:00:00 GMT',
      etag: '"1"',
      'last-modified': 'Sat, 28 Nov 2026 10:00:00 GMT',
      'x-powered-by': 'Express',
      'x-response-time': '3ms',
      'server-timing': 'db;dur=5',
      'x-request-id': 'a',
      'ratelimit-limit': '10',
      'x-ratelimit-remaining': '9',
      ratelimit: 'limit=10',
      trailer: 'X-A',
      'cache-status': 'other; hit',
      'cache-tag': 'post:1',
      link: ['</a.css>; rel=preload; as=style', '</b.js>; rel="modulepreload"'],
      'content-length': '5',
    },
  },
  { headers: { link: '</preload>; rel="preload canonical"' }, code: 'HEADER_UNDECLARED' },
  { headers: { link: '</a>; rel=prefetch-src' }, code: 'HEADER_UNDECLARED' },
  {
    headers: {
      link: '<https://a.example>; rel=preconnect; crossorigin, </b,c.js>;rel="prefetch" ;as=script',
    },
  },
  { headers: { 'cache-control': 'public, max-age=600' } },
  { headers: { 'cache-control': 'max-age=600', expires: '0' } },
  { headers: { expires: 'Fri, 01 Jan 2999 00:00:00 GMT' } },
  { headers: { vary: 'Accept-Encoding' } },
  { headers: { vary: 'Accept-Encoding, Origin, RSC' } },
  { headers: { 'content-encoding': 'identity' } },
  { headers: { 'content-type': 'application/json' } },
  { headers: { 'content-type': 'application/rss+xml;charset=UTF-8' } },
  { headers: { 'content-type': 'text/html' } },
  // Statuses.
  { status: 404, code: 'GONE', deletes: true },
  { status: 410, code: 'GONE', deletes: true },
  { status: 401, code: 'DENIED', deletes: true },
  { status: 403, code: 'DENIED', deletes: true },
  { status: 301, code: 'REDIRECT', deletes: true, headers: { location: '/login' } },
  { status: 302, code: 'REDIRECT', deletes: true },
  { status: 308, code: 'REDIRECT', deletes: true },
  { status: 304, code: 'STATUS' },
  { status: 204, code: 'STATUS' },
  { status: 206, code: 'STATUS' },
  { status: 201, code: 'STATUS' },
  { status: 408, code: 'STATUS' },
  { status: 425, code: 'STATUS' },
  { status: 429, code: 'STATUS' },
  { status: 500, code: 'STATUS' },
  { status: 503, code: 'STATUS' },
  // Personal.
  { headers: { 'set-cookie': 'sid=1; HttpOnly' }, code: 'SET_COOKIE', deletes: true, personal: true },
  { headers: { 'cache-control': 'private, max-age=60' }, code: 'PRIVATE', deletes: true, personal: true },
  { headers: { 'cache-control': 'no-store' }, code: 'NO_STORE', deletes: true, personal: true },
  { headers: { 'cache-control': ['public', 'No-Store'] }, code: 'NO_STORE', deletes: true, personal: true },
  { headers: { 'cache-control': 'no-cache' }, code: 'CACHE_CONTROL', personal: true },
  { headers: { 'cache-control': 'no-cache="Set-Cookie"' }, code: 'CACHE_CONTROL', personal: true },
  { headers: { 'cache-control': 'max-age = 0' }, code: 'CACHE_CONTROL', personal: true },
  { headers: { 'cache-control': 'max-age="0"' }, code: 'CACHE_CONTROL', personal: true },
  { headers: { 'cache-control': 'max-age=9, s-maxage=0' }, code: 'CACHE_CONTROL', personal: true },
  { headers: { 'cache-control': ['max-age=0', 'max-age=9'] }, code: 'CACHE_CONTROL', personal: true },
  { headers: { 'cache-control': 'max-age=00' }, code: 'CACHE_CONTROL', personal: true },
  { headers: { 'cache-control': 'max-age=-1' }, code: 'CACHE_CONTROL', personal: true },
  { headers: { 'cache-control': 'max-age=soon' }, code: 'CACHE_CONTROL', personal: true },
  { headers: { pragma: 'no-cache' }, code: 'CACHE_CONTROL', personal: true },
  { headers: { expires: '0' }, code: 'EXPIRES', personal: true },
  { headers: { expires: 'Sat, 01 Jan 2000 00:00:00 GMT' }, code: 'EXPIRES', personal: true },
  { headers: { vary: 'Cookie' }, code: 'VARY', deletes: true, personal: true },
  { headers: { vary: 'Authorization' }, code: 'VARY', deletes: true, personal: true },
  { headers: { vary: '*' }, code: 'VARY', deletes: true, personal: true },
  { headers: { vary: 'Accept-Encoding, User-Agent' }, code: 'VARY', deletes: true, personal: true },
  // What cannot be repeated.
  { headers: { 'content-encoding': 'gzip' }, code: 'CONTENT_ENCODING' },
  { headers: { 'content-disposition': 'inline' }, code: 'CONTENT_DISPOSITION' },
  { headers: { 'content-range': 'bytes 0-1/2' }, code: 'CONTENT_RANGE' },
  { headers: { 'content-type': undefined }, code: 'CONTENT_TYPE' },
  { headers: { 'content-type': 'image/png' }, code: 'CONTENT_TYPE' },
  { headers: { 'content-type': 'text/html; charset=iso-8859-1' }, code: 'CONTENT_TYPE' },
  { headers: { 'content-type': 'text/html; profile=x' }, code: 'CONTENT_TYPE' },
  { headers: { 'content-type': ['text/html', 'text/plain'] }, code: 'CONTENT_TYPE' },
  { headers: { 'content-type': 'toString/valueOf' }, code: 'CONTENT_TYPE' },
  { headers: { 'x-frame-options': 'SAMEORIGIN' }, code: 'HEADER_DIFFERS' },
  { headers: { 'x-frame-options': undefined }, code: 'HEADER_DIFFERS' },
  { headers: { 'referrer-policy': 'no-referrer' }, code: 'HEADER_UNDECLARED' },
  { headers: { link: '</next>; rel=next' }, code: 'HEADER_UNDECLARED' },
  { headers: { link: '</a.css>; rel=preload; as=style, </next>; rel=next' }, code: 'HEADER_UNDECLARED' },
  { headers: { 'content-security-policy': "script-src 'nonce-abc'" }, code: 'CSP_NONCE', personal: true },
  { headers: { 'content-security-policy-report-only': "x 'nonce-a'" }, code: 'CSP_NONCE', personal: true },
];

for (const row of ROWS) {
  const { status = 200, headers = {}, code } = row;
  const answer = `${status} ${JSON.stringify(headers)}`;
  test(`judgeHead() ${code === undefined ? 'lets pass' : `says ${code} to`} ${answer}`, (t) => {
    const refused = judgeHead(headOf(row), CONTEXT);
    t.is(refused?.code, code);
    t.is(refused !== undefined && deletes(refused), row.deletes === true);
    t.is(refused !== undefined && isPersonal(refused), row.personal === true);
  });
}

const read = (...names: string[]): ReadonlySet<string> => new Set(names);
const PAGE = Buffer.from('<!doctype html><p>é');

test('judgeBody() lets pass what frameworks, loggers and sessions read', (t) => {
  t.is(
    judgeBody(
      PAGE,
      read(
        'host',
        'user-agent',
        'cookie',
        'if-none-match',
        'x-forwarded-proto',
        'x-user-agent',
        'accept',
        'dpr',
      ),
      CONTEXT,
    ),
    undefined,
  );
});

for (const name of [
  'accept-language',
  'sec-ch-ua-mobile',
  'viewport-width',
  'save-data',
  'x-forwarded-user',
  'x-forwarded-email',
  'remote-user',
  'x-auth-request-email',
  'cf-access-jwt-assertion',
  'cf-access-authenticated-user-email',
  'cf-ipcountry',
  'x-amzn-oidc-data',
  'x-goog-authenticated-user-email',
  'x-ms-client-principal-name',
  'tailscale-user-login',
  'ssl-client-cert',
  'client-cert',
  'x-pomerium-jwt-assertion',
  'x-consumer-username',
  'x-user-id',
  'oidc_claim_email',
  'iv-user',
  'sm_user',
  'cf-timezone',
  'cf-device-type',
  'x-client-region',
]) {
  test(`judgeBody() refuses a page for which the app read ${name}`, (t) => {
    const refused = judgeBody(PAGE, read('accept', name), CONTEXT);
    t.is(refused?.code, `READS_${name.toUpperCase().replaceAll('-', '_')}`);
    t.true(refused !== undefined && isPersonal(refused) && !deletes(refused));
  });
}

test('judgeBody() takes a header that sends its request to the app for harmless', (t) => {
  const context = { ...CONTEXT, bypassHeaders: new Set(['x-forwarded-user']) };
  t.is(judgeBody(PAGE, read('x-forwarded-user'), context), undefined);
});

for (const [body, code] of [
  ['', 'EMPTY'],
  [Buffer.from([0xe9, 0x20]), 'CONTENT_TYPE'],
  ['<?xml version="1.0" encoding="ISO-8859-1"?><rss/>', 'CONTENT_TYPE'],
  ['<?xml version="1.0" encoding="utf-8"?><rss/>', undefined],
  ['<head><meta name="sentry-trace" content="1-2-1">', 'TRACE_ID'],
  ['<head><meta content="x" name=traceparent>', 'TRACE_ID'],
  ['<meta name="baggage" content="x">', 'TRACE_ID'],
  ['<meta name="dd-trace-id" content="1">', 'TRACE_ID'],
  [`<meta http-equiv="Content-Security-Policy" content="script-src 'nonce-a'">`, 'CSP_NONCE'],
  [`<meta content="script-src 'nonce-a'" http-equiv=content-security-policy>`, 'CSP_NONCE'],
  [`<meta http-equiv="Content-Security-Policy" content="script-src &#x27;nonce-a&#x27;">`, 'CSP_NONCE'],
  ['<p>A page about sentry-trace and traceparent</p>', undefined],
] as const) {
  test(`judgeBody() says ${code ?? 'nothing'} to ${JSON.stringify(body)}`, (t) => {
    t.is(judgeBody(Buffer.from(body), read(), CONTEXT)?.code, code);
  });
}

test('judgeBody() looks at each character of a page a few times, whatever a visitor has written into it', (t) => {
  // By the square of its length this would take minutes.
  for (const text of ['<meta ', '<meta name=', '<meta http-equiv=content-security-policy '])
    t.is(judgeBody(Buffer.from(text.repeat(100_000)), new Set(), CONTEXT), undefined);
});
