import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { rm, symlink, utimes, writeFile } from 'node:fs/promises';
import test from 'ava';
import { StaticUrlError } from '../../src/index.ts';
import { staticLocation, type StaticLocationOptions } from '../../src/nginx.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { startNginx } from '../helpers/nginx.ts';
import { request } from '../helpers/request.ts';
import { createSite, CURRENT, SITE_FILES, UNKNOWN } from '../helpers/site.ts';

const YEAR = 'public, max-age=31536000, immutable';
const SERVER_HEADERS =
  'add_header X-Frame-Options DENY always; add_header Strict-Transport-Security "max-age=1" always;';

test("staticLocation() wins over the site's own location for stylesheets and scripts", async (t) => {
  const { root } = await createSite(t);
  const own = String.raw`location ~* \.(css|js)$ { return 418; }`;
  const { url } = await startNginx(t, `${own}\n${staticLocation({ prefix: '/static/', root })}`);
  t.is((await request(url, `/static/${CURRENT}/css/app.css`)).status, 200);
  t.is((await request(url, '/static/css/app.css')).status, 200);
  t.is((await request(url, '/static/css/.hidden.css')).status, 404);
  t.is((await request(url, `/static/${CURRENT}/css/.hidden.css`)).status, 404);
  t.is((await request(url, '/other/app.css')).status, 418);
});

test('staticLocation() stands twice in one server, also for prefixes that differ by punctuation only', async (t) => {
  const names = ['a-b', 'a_b'];
  const folder = await temporaryFolder(t, { 'a-b/x.css': 'bytes of a-b', 'a_b/x.css': 'bytes of a_b' });
  const snippets = names.map((name) =>
    staticLocation({ prefix: `/${name}/`, root: join(folder, name), headers: { 'X-Of': name } }),
  );
  const { url } = await startNginx(t, snippets.join('\n'));
  for (const name of names) {
    t.is((await request(url, `/${name}/${CURRENT}/x.css`)).body.toString(), `bytes of ${name}`);
    for (const [asset, method, status] of [
      ['x.css', 'GET', 200],
      ['y.css', 'GET', 404],
      ['x.css', 'POST', 405],
    ] as const) {
      const answer = await request(url, `/${name}/${CURRENT}/${asset}`, { method });
      t.is(answer.status, status);
      t.is(answer.headers['x-of'], name, `${name}: ${status}`);
    }
  }
});

test('staticLocation() says of an unsatisfiable range each header once, and no long expiry', async (t) => {
  const { root, current } = await createSite(t);
  const snippets = [
    staticLocation({
      prefix: '/static/',
      root,
      cors: true,
      unversionedCacheControl: 'public, max-age=86400',
    }),
    staticLocation({ prefix: '/marked/', root, current, cors: true }),
    staticLocation({ prefix: '/cautious/', root, cors: true, unversionedCacheControl: 'private, no-store' }),
  ];
  const { url } = await startNginx(t, `${SERVER_HEADERS}\n${snippets.join('\n')}`);
  for (const [path, cacheControl] of [
    ['/static/css/app.css', 'no-cache'],
    [`/static/${CURRENT}/css/app.css`, 'no-cache'],
    [`/marked/${CURRENT}/css/app.css`, 'no-cache'],
    [`/marked/${UNKNOWN}/css/app.css`, 'no-store'],
    ['/cautious/css/app.css', 'private, no-store'],
  ] as const) {
    const { status, headers } = await request(url, path, { headers: { range: 'bytes=999-' } });
    t.is(status, 416, path);
    t.is(headers['cache-control'], cacheControl, path);
    t.is(headers['access-control-allow-origin'], '*', path);
    t.is(headers['x-content-type-options'], 'nosniff', path);
    t.is(headers['x-frame-options'], undefined, path);
    t.is(headers['content-range'], 'bytes */39', path);
  }
  t.is((await request(url, '/static/css/app.css')).headers['cache-control'], 'public, max-age=86400');
});

test('staticLocation() with headers repeats what the server adds, on every answer', async (t) => {
  const { root } = await createSite(t);
  const headers = { 'X-Frame-Options': 'DENY', 'Strict-Transport-Security': 'max-age=1' };
  const { url } = await startNginx(
    t,
    `${SERVER_HEADERS}\n${staticLocation({ prefix: '/static/', root, headers })}`,
  );
  for (const [path, method, status] of [
    [`${CURRENT}/css/app.css`, 'GET', 200],
    ['css/app.css', 'GET', 200],
    [`${CURRENT}/nope.css`, 'GET', 404],
    [`${CURRENT}/css/app.css`, 'POST', 405],
  ] as const) {
    const answer = await request(url, `/static/${path}`, { method });
    t.is(answer.status, status);
    t.is(answer.headers['x-frame-options'], 'DENY', path);
    t.is(answer.headers['strict-transport-security'], 'max-age=1', path);
    t.is(answer.headers['x-content-type-options'], 'nosniff', path);
  }
});

test('staticLocation() without headers drops those of the server, as its documentation says', async (t) => {
  const { root } = await createSite(t);
  const { url } = await startNginx(t, `${SERVER_HEADERS}\n${staticLocation({ prefix: '/static/', root })}`);
  t.is((await request(url, '/static/css/app.css')).headers['x-frame-options'], undefined);
});

test('staticLocation() with cors lets any origin read', async (t) => {
  const { root } = await createSite(t);
  const { url } = await startNginx(t, staticLocation({ prefix: '/static/', root, cors: true }));
  const { headers } = await request(url, `/static/${CURRENT}/fonts/a.woff2`);
  t.is(headers['access-control-allow-origin'], '*');
});

test('staticLocation() with gzipStatic sends the sidecar to who accepts it, and Vary to all', async (t) => {
  const { root } = await createSite(t);
  await writeFile(join(root, 'css/app.css.gz'), gzipSync('sidecar'));
  const { url } = await startNginx(t, staticLocation({ prefix: '/static/', root, gzipStatic: true }));
  const path = `/static/${CURRENT}/css/app.css`;
  const packed = await request(url, path, { headers: { 'accept-encoding': 'gzip' } });
  t.is(packed.headers['content-encoding'], 'gzip');
  t.deepEqual(packed.body, gzipSync('sidecar'));
  t.is(packed.headers['cache-control'], 'public, max-age=604800');
  const plain = await request(url, path);
  t.deepEqual(plain.body, Buffer.from(SITE_FILES['css/app.css'] ?? ''));
  t.is(plain.headers.vary, 'Accept-Encoding');
});

test("staticLocation() with symlinks: 'refuse' finds root and markers behind links, but no linked file or marker", async (t) => {
  const { folder, current } = await createSite(t);
  const linked = `${folder}-linked`;
  await symlink(folder, linked);
  await symlink(CURRENT, join(current, UNKNOWN));
  t.teardown(() => rm(linked));
  const options = {
    root: join(linked, 'public'),
    current: join(linked, 'current'),
    symlinks: 'refuse',
  } as const;
  const snippets = [
    staticLocation({ prefix: '/static/', ...options }),
    staticLocation({ prefix: '/known/', ...options, unknownVersion: 'not-found' }),
  ];
  const { url } = await startNginx(t, snippets.join('\n'));
  const ask = async (path: string): Promise<unknown[]> => {
    const { status, headers } = await request(url, path);
    return [status, headers['cache-control']];
  };
  for (const prefix of ['/static/', '/known/']) {
    for (const path of ['css/app.css', 'data/LICENSE'])
      t.deepEqual(await ask(`${prefix}${CURRENT}/${path}`), [200, YEAR], prefix + path);
    for (const path of [`${CURRENT}/linked.txt`, `${CURRENT}/styles/app.css`, 'styles/app.css'])
      t.deepEqual(await ask(prefix + path), [404, 'no-store'], prefix + path);
    t.deepEqual(await ask(`${prefix}css/app.css`), [200, 'no-cache'], prefix);
  }
  t.deepEqual(await ask(`/static/${UNKNOWN}/css/app.css`), [200, 'no-store']);
  t.deepEqual(await ask(`/known/${UNKNOWN}/css/app.css`), [404, 'no-store']);
});

test("staticLocation() with symlinks: 'refuse' answers 404 for every link below the root", async (t) => {
  const { root } = await createSite(t);
  const { url } = await startNginx(t, staticLocation({ prefix: '/static/', root, symlinks: 'refuse' }));
  for (const path of ['linked.txt', 'styles/app.css']) {
    const answer = await request(url, `/static/${CURRENT}/${path}`);
    t.is(answer.status, 404, path);
    t.is(answer.headers['cache-control'], 'no-store', path);
  }
  t.is((await request(url, `/static/${CURRENT}/css/app.css`)).status, 200);
});

test('staticLocation() with wellKnown serves that folder and no other dotfile', async (t) => {
  const { root } = await createSite(t);
  await writeFiles(root, { '.well-known/.secret': '', 'css/.well-known/x.txt': '' });
  const { url } = await startNginx(t, staticLocation({ prefix: '/static/', root, wellKnown: true }));
  t.is((await request(url, `/static/.well-known/security.txt`)).status, 200);
  t.is((await request(url, `/static/${CURRENT}/.well-known/security.txt`)).status, 200);
  for (const path of [
    '.env',
    '.git/config',
    '.well-known/.secret',
    'css/.well-known/x.txt',
    '.well-known',
    '.well-known/',
  ]) {
    t.is((await request(url, `/static/${path}`)).status, 404, path);
  }
});

test("staticLocation() with unknownVersion: 'not-found' answers 404 for a version without marker", async (t) => {
  const { root, current } = await createSite(t);
  const { url } = await startNginx(
    t,
    staticLocation({ prefix: '/static/', root, current, unknownVersion: 'not-found' }),
  );
  const unknown = await request(url, `/static/${UNKNOWN}/css/app.css`);
  t.is(unknown.status, 404);
  t.is(unknown.headers['cache-control'], 'no-store');
  const known = await request(url, `/static/${CURRENT}/css/app.css`);
  t.is(known.headers['cache-control'], 'public, max-age=31536000, immutable');
});

test('staticLocation() notices a new marker and the loss of one without a reload, whatever the site caches', async (t) => {
  const { root, current } = await createSite(t);
  const cache = 'open_file_cache max=100; open_file_cache_valid 1h; open_file_cache_min_uses 1;';
  const { url } = await startNginx(t, staticLocation({ prefix: '/static/', root, current }), cache);
  const cacheControl = async (): Promise<unknown> =>
    (await request(url, `/static/${UNKNOWN}/css/app.css`)).headers['cache-control'];
  t.is(await cacheControl(), 'no-store');
  await writeFile(join(current, UNKNOWN), '');
  t.is(await cacheControl(), 'public, max-age=31536000, immutable');
  await writeFile(join(root, 'css/app.css'), 'new');
  t.is((await request(url, `/static/${UNKNOWN}/css/app.css`)).body.toString(), 'new');
  await rm(join(current, UNKNOWN));
  t.is(await cacheControl(), 'no-store');
});

test('staticLocation() takes another age, another Cache-Control without version and further media types', async (t) => {
  const { root } = await createSite(t);
  await writeFiles(root, { 'a.story': 'once' });
  const { url } = await startNginx(
    t,
    staticLocation({
      prefix: 'https://cdn.example.com/assets',
      root,
      maxAgeSeconds: 60,
      unversionedCacheControl: 'public, max-age=5',
      mediaTypes: { story: 'text/x-story', CSS: 'text/x-css' },
    }),
  );
  const { headers } = await request(url, `/assets/${CURRENT}/a.story`);
  t.is(headers['cache-control'], 'public, max-age=60');
  t.is(headers['content-type'], 'text/x-story; charset=utf-8');
  t.is((await request(url, `/assets/css/app.css`)).headers['content-type'], 'text/x-css; charset=utf-8');
  t.is((await request(url, `/assets/css/app.css`)).headers['cache-control'], 'public, max-age=5');
});

test("staticLocation() keeps to its own Cache-Control under a site's expires and error pages", async (t) => {
  const { root, current } = await createSite(t);
  const site = 'expires max; error_page 404 /own-404.html; recursive_error_pages on;';
  const { url } = await startNginx(t, `${site}\n${staticLocation({ prefix: '/static/', root, current })}`);
  for (const [path, status, cacheControl, headers] of [
    [`${CURRENT}/css/app.css`, 200, 'public, max-age=31536000, immutable', {}],
    [`${UNKNOWN}/css/app.css`, 200, 'no-store', {}],
    ['css/app.css', 200, 'no-cache', {}],
    [`${CURRENT}/css/app.css`, 416, 'no-cache', { range: 'bytes=9999-' }],
    [`${CURRENT}/nope.css`, 404, 'no-store', {}],
  ] as const) {
    const answer = await request(url, `/static/${path}`, { headers });
    t.is(answer.status, status, path);
    t.is(answer.headers['cache-control'], cacheControl, path);
    t.is(answer.headers.expires, undefined, path);
  }
});

test("staticLocation() revalidates by tag where the site has switched tags off, since an older file's date is no proof", async (t) => {
  const { root } = await createSite(t);
  const { url } = await startNginx(t, `etag off;\n${staticLocation({ prefix: '/static/', root })}`);
  const { etag = '', 'last-modified': date = '' } = (await request(url, '/static/css/app.css')).headers;
  const rolledBack = new Date('2020-01-01T00:00:00Z');
  await writeFile(join(root, 'css/app.css'), 'what was before');
  await utimes(join(root, 'css/app.css'), rolledBack, rolledBack);
  const headers = { 'if-none-match': etag, 'if-modified-since': date };
  const { status, body } = await request(url, '/static/css/app.css', { headers });
  t.is(status, 200);
  t.is(body.toString(), 'what was before');
});

test('staticLocation() takes a prefix as long as nginx tells locations by', async (t) => {
  const { root, current } = await createSite(t);
  const prefix = `/${'ü'.repeat(126)}x/`;
  const encoded = encodeURI(prefix);
  const { url } = await startNginx(t, staticLocation({ prefix, root, current }));
  for (const version of [`${CURRENT}/`, `${UNKNOWN}/`, ''])
    t.is((await request(url, `${encoded}${version}css/app.css`)).status, 200, version);
});

test('staticLocation() takes a root, a prefix and header values that need quotes', async (t) => {
  const folder = await temporaryFolder(t, { 'a "b" \\ c; {d} ü#/x.css': 'x{}' });
  const snippet = staticLocation({
    prefix: '/(st+at.ic)[1]{2}/%C3%BC;/',
    root: join(folder, 'a "b" \\ c; {d} ü#'),
    headers: { 'Content-Security-Policy': `default-src 'self'; img-src "x" \\` },
    symlinks: 'refuse',
  });
  const { url } = await startNginx(t, snippet);
  const answer = await request(url, `/(st+at.ic)[1]{2}/%C3%BC;/${CURRENT}/x.css`);
  t.is(answer.body.toString(), 'x{}');
  t.is(answer.headers['content-security-policy'], `default-src 'self'; img-src "x" \\`);
  t.is((await request(url, `/(st+atxic)[1]{2}/%C3%BC;/${CURRENT}/x.css`)).status, 404);
});

test('staticLocation() takes header names and media types of every shape that it lets pass', async (t) => {
  const { root } = await createSite(t);
  const [extension, type] = ['x'.repeat(46), `text/${'y'.repeat(41)}`];
  await writeFiles(root, { [`a.${extension}`]: 'long' });
  const snippet = staticLocation({
    prefix: '/static/',
    root,
    headers: { "'a": '1', '#b': '2', '|c`': '3', '!%&*+.^_~d': '4' },
    mediaTypes: { [extension]: type },
  });
  const { url } = await startNginx(t, snippet);
  const { headers } = await request(url, `/static/${CURRENT}/a.${extension}`);
  t.deepEqual(
    ["'a", '#b', '|c`', '!%&*+.^_~d'].map((name) => headers[name]),
    ['1', '2', '3', '4'],
  );
  t.is(headers['content-type'], `${type}; charset=utf-8`);
});

const refusals: readonly (readonly [
  title: string,
  options: Partial<StaticLocationOptions>,
  message: RegExp,
])[] = [
  ['a $ in the root', { root: '/srv/$app' }, /"\$" starts a variable/],
  ['a line break in the root', { root: '/srv/a\nb' }, /control character/],
  ['the prefix /', { prefix: '/' }, /answer every URL of the app/],
  ['a $ in the prefix', { prefix: '/a$b/' }, /"\$" starts a variable/],
  ['a prefix too long for its count', { prefix: `/${'ü'.repeat(127)}/` }, /Shorten it by 1 byte\./],
  ['a $ in the marker folder', { current: '/srv/$x' }, /"\$" starts a variable/],
  ['a $ in a header', { headers: { 'X-A': 'a$b' } }, /"\$" starts a variable/],
  ['a tab in a header', { headers: { 'X-A': 'a\tb' } }, /control character/],
  ['a $ in a header name', { headers: { 'X-$': 'x' } }, /"\$" starts a variable/],
  [
    'an extension too long for its table',
    { mediaTypes: { ['x'.repeat(47)]: 'text/x' } },
    /has 47 characters/,
  ],
  ['a type too long for its table', { mediaTypes: { x: `text/${'y'.repeat(42)}` } }, /has 47 characters/],
  ['a $ in Cache-Control', { unversionedCacheControl: '$x' }, /"\$" starts a variable/],
];
for (const [title, options, message] of refusals) {
  test(`staticLocation() refuses ${title}, which nginx cannot express`, (t) => {
    const error = t.throws(() => staticLocation({ prefix: '/static/', root: '/srv', ...options }), {
      instanceOf: StaticUrlError,
      code: 'NGINX_INEXPRESSIBLE',
    });
    t.regex(error.message, message);
  });
}

const mistakes: readonly (readonly [title: string, options: object, message: RegExp])[] = [
  ['a relative root', { root: 'public' }, /relative/],
  ['the whole file system', { root: '//' }, /whole file system/],
  ['a missing root', { root: undefined }, /needs the option "root"/],
  ['an empty root', { root: '' }, /is a non-empty string/],
  ['an unknown option', { maxAge: 5 }, /no option "maxAge"/],
  ['half a second', { maxAgeSeconds: 0.5 }, /whole number/],
  ['a negative age', { maxAgeSeconds: -1 }, /whole number/],
  ['an age in words', { maxAgeSeconds: '7d' }, /number of seconds/],
  ['markers in the root', { current: '/srv/current/' }, /is "\/srv\/current", inside the root "\/srv"/],
  ['markers that are the root', { current: '/a/../srv' }, /inside the root/],
  ['unknownVersion without current', { unknownVersion: 'not-found' }, /needs the option "current"/],
  ['its own header', { headers: { 'cache-control': 'x' } }, /decided by the location/],
  ['a line break in a header', { headers: { 'X-A': 'a\r\nb' } }, /no header may have/],
  ['a header name with a space', { headers: { 'X A': 'x' } }, /not one by RFC/],
  ['a media type that is none', { mediaTypes: { x: 'text' } }, /media type/],
  ['media types in a Map', { mediaTypes: new Map([['x', 'text/x']]) }, /plain object .* class Map/],
  ['null for media types', { mediaTypes: null }, /plain object .* not null/],
  ['headers in a Headers', { headers: new Headers({ a: 'b' }) }, /plain object .* class Headers/],
  ['an extension with a dot', { mediaTypes: { '.x': 'text/x' } }, /without dot/],
];
for (const [title, options, message] of mistakes) {
  test(`staticLocation() refuses ${title}`, (t) => {
    const error = t.throws(() => staticLocation({ prefix: '/static/', root: '/srv', ...options }));
    t.true(error instanceof TypeError || error instanceof RangeError);
    t.regex(error.message, message);
  });
}
