import test from 'ava';
import {
  hostFiles,
  readHostHeaders,
  readHostRedirects,
  type HostFileSources,
} from '../../../src/site/hosting/index.ts';

const FINGERPRINT = '0123456789abcdef';
const YEAR = 'public, max-age=31536000, immutable';

function written(sources: Partial<HostFileSources>): {
  headers: string;
  redirects: string;
  problems: string[];
} {
  const { files, problems } = hostFiles({
    origin: 'https://www.example.com',
    headers: [],
    pages: [],
    files: [],
    redirects: [],
    ...sources,
  });
  return {
    headers: files.get('_headers') ?? '',
    redirects: files.get('_redirects') ?? '',
    problems: problems.map(({ severity, message }) => `${severity}: ${message}`),
  };
}

function page(path: string, headers: Readonly<Record<string, string>>): HostFileSources['pages'][number] {
  return { path, file: path === '/' ? 'index.html' : `${path.slice(1)}/index.html`, headers };
}

test('hostFiles() writes nothing where there is nothing to say', (t) => {
  t.deepEqual(written({ files: ['index.html'] }), { headers: '', redirects: '', problems: [] });
});

test('hostFiles() says what all pages send once, and the rest by page, in the form that Cloudflare serves', (t) => {
  const { headers, problems } = written({
    pages: [
      page('/', { 'x-frame-options': 'DENY' }),
      page('/about', { 'x-frame-options': 'DENY', 'x-robots-tag': 'noindex' }),
    ],
  });
  t.is(headers, '/*\n  x-frame-options: DENY\n/about/\n  x-robots-tag: noindex\n');
  t.deepEqual(problems, []);
});

test('hostFiles() has the option "headers" count more than what the app sends', (t) => {
  const { headers } = written({
    headers: [{ path: '/*', headers: { 'X-Frame-Options': 'SAMEORIGIN' } }],
    pages: [page('/', { 'x-frame-options': 'DENY' }), page('/a', { 'x-frame-options': 'DENY' })],
  });
  t.is(headers, '/*\n  x-frame-options: SAMEORIGIN\n');
});

test('hostFiles() lets only folders that fingerprints name be cached for long', (t) => {
  const { headers, problems } = written({
    assetPath: '/static/',
    files: [`static/${FINGERPRINT}/app.css`, 'static/css/app.css', 'static/favicon.ico', `${FINGERPRINT}/x`],
  });
  t.is(headers, `/static/${FINGERPRINT}/*\n  cache-control: ${YEAR}\n`);
  t.deepEqual(problems, []);
  const of = readHostHeaders(headers);
  t.is(of(`/static/${FINGERPRINT}/app.css`).get('cache-control'), YEAR);
  for (const path of [
    '/static/css/app.css',
    '/static/favicon.ico',
    `/${FINGERPRINT}/x`,
    '/static/fedcba9876543210/app.css',
  ])
    t.is(of(path).get('cache-control'), undefined, path);
});

test('hostFiles() puts the rules of assets past the limit of Cloudflare last, with a warning', (t) => {
  const files = Array.from({ length: 120 }, (_, n) => `static/${n.toString(16).padStart(16, '0')}/a.css`);
  const { headers, problems } = written({
    assetPath: '/static/',
    files,
    headers: [{ path: '/feed.xml', headers: { 'Content-Type': 'application/rss+xml' } }],
  });
  t.true(headers.startsWith('/feed.xml\n'));
  t.is(headers.match(/^\//gm)?.length, 121);
  t.deepEqual(problems, [
    'warning: "_headers" has 121 rules, and Cloudflare Pages reads 100: there browsers ask again for the assets of the others. Netlify reads them all.',
  ]);
});

test('hostFiles() refuses what hosts would understand otherwise', (t) => {
  const many = Array.from({ length: 101 }, (_, n) => page(`/p${n}`, { 'x-n': String(n) }));
  const cases: readonly (readonly [Partial<HostFileSources>, RegExp])[] = [
    [{ pages: many }, /^error: "_headers" has 101 rules, and Cloudflare Pages reads 100/],
    [
      {
        headers: [
          { path: '/*', headers: { 'X-A': '1' } },
          { path: '/b/*', headers: { 'x-a': '2' } },
        ],
      },
      /"x-a" is given for "\/\*" and for "\/b\/\*"/,
    ],
    [
      {
        headers: [{ path: '/*', headers: { 'Cache-Control': 'no-store' } }],
        files: [`static/${FINGERPRINT}/a.css`],
        assetPath: '/static/',
      },
      /"cache-control" is given for "\/\*" and for "\/static/,
    ],
    [{ headers: [{ path: '/*', headers: { 'X-A': 'é' } }] }, /beyond ASCII/],
    [{ headers: [{ path: '/*', headers: { 'X-A': 'a ' } }] }, /ends with a space/],
    [{ headers: [{ path: '/*', headers: { Location: '/' } }] }, /decided by hosts/],
    [{ headers: [{ path: '/*', headers: { 'X-A': 'a'.repeat(2000) } }] }, /reads 2000/],
    [{ headers: [{ path: '/:slug', headers: { 'X-A': 'a' } }] }, /placeholder/],
    [{ redirects: [{ from: '/a:b', to: '/c' }] }, /placeholder/],
    [{ redirects: [{ from: '/a', to: `/${'b'.repeat(1000)}` }] }, /reads 1000/],
    [{ redirects: [{ from: '/a', to: '/b' }], files: ['a/index.html'] }, /does not count on Netlify/],
    [
      { redirects: Array.from({ length: 2001 }, (_, n) => ({ from: `/${n}`, to: '/' })) },
      /2001 redirects, and Cloudflare Pages reads 2000/,
    ],
    [{ origin: 'https://user.github.io/project/' }, /has the path "\/project\/"/],
  ];
  for (const [sources, expected] of cases) {
    const { problems } = written(sources);
    t.is(problems.length, 1, String(expected));
    t.regex(problems[0] ?? '', expected);
    t.regex(problems[0] ?? '', /^error: /);
  }
});

test('hostFiles() writes redirects percent-encoded, which readHostRedirects() reads back', (t) => {
  const { redirects, problems } = written({
    redirects: [
      { from: '/old', to: '/new' },
      { from: '/größe', to: '/maß?a=1#b', status: 302 },
      { from: '/away', to: 'https://example.org/x', status: 308 },
    ],
  });
  t.is(redirects, '/old /new 301\n/gr%C3%B6%C3%9Fe /ma%C3%9F?a=1#b 302\n/away https://example.org/x 308\n');
  t.deepEqual(problems, []);
  t.deepEqual(readHostRedirects(`# comment\n${redirects}/x /y 301!\n/rewrite /z 200\n`), [
    { from: '/old', to: '/new', status: 301 },
    { from: '/gr%C3%B6%C3%9Fe', to: '/ma%C3%9F?a=1#b', status: 302 },
    { from: '/away', to: 'https://example.org/x', status: 308 },
    { from: '/x', to: '/y', status: 301 },
  ]);
});

test('readHostHeaders() joins what several rules say, reads placeholders and comments, and takes either slash', (t) => {
  const of = readHostHeaders(
    '# all\n/*\n  # why\n  X-A: 1\n/posts/:slug\n  X-A: 2\n  X-B:  b \nhttps://www.example.com/c/\n\tX-C: c:d\n',
  );
  t.deepEqual([...of('/')], [['x-a', '1']]);
  t.deepEqual(
    [...of('/posts/hello')],
    [
      ['x-a', '1, 2'],
      ['x-b', 'b'],
    ],
  );
  t.deepEqual([...of('/posts/a/b')], [['x-a', '1']]);
  t.deepEqual(
    [...of('/c')],
    [
      ['x-a', '1'],
      ['x-c', 'c:d'],
    ],
  );
});
