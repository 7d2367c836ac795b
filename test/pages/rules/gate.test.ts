import test from 'ava';
import { resolveOptions } from '../../../src/core/options.ts';
import { GATE_OPTIONS, type GateOptions } from '../../../src/pages/options.ts';
import {
  decideRequest,
  GATE_REASONS,
  keyOfUrl,
  resolveGate,
  type GateRequest,
  type GateRules,
} from '../../../src/pages/rules/index.ts';
import { GATE_CASES, GATES, type GateCase } from './gate-cases.ts';

const gate = (options: GateOptions): GateRules =>
  resolveGate(resolveOptions<GateOptions, 'bypassCookies' | 'ignoreQuery'>('test()', options, GATE_OPTIONS));

const SITE = 'http://www.example.com';

/** The headers as node:http gives them. */
function requestOf({ method, target, version, host, lines }: GateCase): GateRequest {
  const all = [...(host === undefined ? [] : [`Host: ${host}`]), ...lines];
  const headers: Record<string, string> = {};
  const rawHeaders = all.flatMap((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name, value] = [rawHeaders[index]?.toLowerCase() ?? '', rawHeaders[index + 1] ?? ''];
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (name !== 'host') headers[name] = `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
  }
  return { method, target, headers, rawHeaders, httpVersionMajor: Number(version[0]) };
}

test('decideRequest() decides each request of the table, and names the reason', (t) => {
  t.true(GATE_CASES.length > 250);
  for (const each of GATE_CASES) {
    const decision = decideRequest(requestOf(each), gate(GATES[each.gate]));
    const { expected } = each;
    if ('reason' in expected)
      t.is(
        decision.kind === 'bypass' ? decision.reason : `page ${decision.key.target}`,
        expected.reason,
        each.title,
      );
    else
      t.deepEqual(
        decision,
        { kind: 'page', key: { site: expected.site ?? SITE, target: expected.page } },
        each.title,
      );
  }
});

test('the table has a request for each reason but one, which is of the store', (t) => {
  const named = GATE_CASES.flatMap(({ expected }) => ('reason' in expected ? [expected.reason] : []));
  t.deepEqual(
    [...new Set(named)].toSorted(),
    Object.keys(GATE_REASONS)
      .filter((reason) => reason !== 'KEY_LENGTH')
      .toSorted(),
  );
});

test('decideRequest() names the header, and the cookies that matter, at most twenty', (t) => {
  const rules = gate(GATES.usual);
  const decide = (headers: Record<string, string>): unknown =>
    decideRequest(
      { method: 'GET', target: '/', headers: { host: 'www.example.com', ...headers }, httpVersionMajor: 1 },
      rules,
    );
  t.deepEqual(decide({ rsc: '1' }), { kind: 'bypass', reason: 'HEADER', detail: 'rsc' });
  t.deepEqual(decide({ 'x-preview': '1' }), { kind: 'bypass', reason: 'HEADER', detail: 'x-preview' });
  t.deepEqual(decide({ cookie: '_ga=1; session=secret; theme; _gid=1; lang=de' }), {
    kind: 'bypass',
    reason: 'COOKIE',
    cookies: ['session', 'theme', 'lang'],
  });
  const cookie = Array.from({ length: 1000 }, (_, index) => `c${index}=1`).join('; ');
  for (const options of [GATES.usual, { ...GATES.named, urls: ['/'], bypassCookies: ['c*'] }]) {
    const headers = { host: 'www.example.com', cookie };
    const decision = decideRequest(
      { method: 'GET', target: '/', headers, httpVersionMajor: 1 },
      gate(options),
    );
    t.is(decision.kind === 'bypass' ? decision.cookies?.length : 0, 20);
  }
});

test('decideRequest() takes the site of HTTP/2 from :authority, unless Host says another', (t) => {
  const rules = gate(GATES.usual);
  const decide = (headers: Record<string, string>): string => {
    const decision = decideRequest({ method: 'GET', target: '/', headers, httpVersionMajor: 2 }, rules);
    return decision.kind === 'page' ? decision.key.site : decision.reason;
  };
  t.is(decide({ ':authority': 'www.example.com' }), SITE);
  t.is(decide({ ':authority': 'www.example.com', host: 'www.example.com' }), SITE);
  t.is(decide({ ':authority': 'evil.example', host: 'www.example.com' }), 'SITE');
  t.is(decide({ ':authority': 'www.example.com', host: 'evil.example' }), 'SITE');
  t.is(decide({ host: 'www.example.com' }), SITE);
  t.is(decide({}), 'SITE');
});

test('keyOfUrl() takes a path of the first site, or a URL of any, and refuses by the same reasons', (t) => {
  const rules = gate(GATES.usual);
  const say = (url: string | URL): string => {
    const decision = keyOfUrl(url, rules);
    return decision.kind === 'page' ? decision.key.site + decision.key.target : decision.reason;
  };
  t.is(say('/posts/hello'), 'http://www.example.com/posts/hello');
  t.is(say('/posts/hello?page=2#comments'), 'http://www.example.com/posts/hello?page=2');
  t.is(say('/posts/hello?fbclid=x'), 'http://www.example.com/posts/hello');
  t.is(say('http://www.example.com'), 'http://www.example.com/');
  t.is(say('HTTP://WWW.EXAMPLE.COM:80/posts/a'), 'http://www.example.com/posts/a');
  t.is(say(new URL('https://shop.example.com:8443/posts/é')), 'https://shop.example.com:8443/posts/%C3%A9');
  for (const [url, reason] of Object.entries({
    'https://www.example.com/posts/a': 'SITE',
    'http://evil.example/posts/a': 'SITE',
    'http://www.example.com@evil.example/posts/a': 'SITE',
    'http://user@www.example.com/posts/a': 'SITE',
    'http://www.example.com\\\\evil': 'SITE',
    'ftp://www.example.com/': 'SITE',
    'posts/hello': 'SITE',
    '': 'SITE',
    '//www.example.com/posts/a': 'PATH',
    '/posts/é': 'PATH',
    '/posts/../posts/a': 'PATH',
    '/admin': 'URL',
    '/posts/a.draft': 'EXCLUDED',
    '/posts/a?b=c': 'QUERY',
    'http://www.example.com?b=c': 'QUERY',
  }))
    t.is(say(url), reason, url);
});

test('resolveGate() says which option is wrong, and what to write', (t) => {
  const wrong: readonly (readonly [options: Partial<GateOptions>, message: RegExp])[] = [
    [{ sites: [] }, /^The option "sites" is an empty list/],
    [{ sites: ['www.example.com'] }, /has "www\.example\.com", which is no origin such as/],
    [{ sites: ['ftp://a.example'] }, /has "ftp:\/\/a\.example", which is no origin/],
    [{ sites: ['http://a.example/'] }, /Write just the origin: "http:\/\/a\.example"/],
    [{ sites: ['http://a.example/x'] }, /Write just the origin: "http:\/\/a\.example"/],
    [{ sites: ['http://A.example'] }, /Write just the origin: "http:\/\/a\.example"/],
    [{ sites: ['https://a.example:443'] }, /Write just the origin: "https:\/\/a\.example"/],
    [{ sites: ['http://a:b@a.example'] }, /Write just the origin/],
    [
      { sites: ['http://a.example', 'https://a.example'] },
      /"http:\/\/a\.example" and "https:\/\/a\.example": a request's Host/,
    ],
    [
      { urls: ['/posts/*'] },
      /"urls" has the pattern "\/posts\/\*", which Express 5 cannot read: Missing parameter name/,
    ],
    [{ urls: ['/a(b)'] }, /cannot read: Unexpected \( at index 2\./],
    [{ exclude: ['/über'] }, /"exclude" has the pattern "\/über", with a character that no raw path has/],
    [{ urls: [/^\/é/] }, /"urls" has the regular expression "\/\^\\\\\/é\/" with a character/],
    [{ bypassHeaders: ['X_A'] }, /"bypassHeaders" has "X_A", which nginx does not read/],
    [
      { bypassCookies: ['a'], ignoreCookies: ['b'] },
      /"ignoreCookies" means nothing beside the option "bypassCookies"/,
    ],
    [{ query: ['a b'] }, /"query" has "a b"/],
    [{ query: ['page', 'page'] }, /"query" has "page" twice/],
    [{ query: ['utm_id'] }, /"query" has "utm_id", which the option "ignoreQuery" takes off/],
    [{ ignoreQuery: ['*'] }, /"ignoreQuery" has "\*"/],
    [{ ignoreQuery: ['a*b'] }, /"ignoreQuery" has "a\*b"/],
  ];
  for (const [options, message] of wrong)
    t.throws(() => gate({ sites: [SITE], urls: ['/'], ...options }), { instanceOf: TypeError, message });
});
