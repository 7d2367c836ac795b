import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { openAssets, writeRelease } from '../../src/assets.ts';
import { StaticUrlError } from '../../src/index.ts';
import { releasesLocation, staticLocation, type ReleasesLocationOptions } from '../../src/nginx.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { startNginx } from '../helpers/nginx.ts';
import { releaseSite } from '../helpers/release-tree.ts';
import { request } from '../helpers/request.ts';
import { createSite, CURRENT, RETAINED, RETAINED_FILES, SITE_FILES, UNKNOWN } from '../helpers/site.ts';

const YEAR = 'public, max-age=31536000, immutable';
const SERVER_HEADERS = 'add_header X-Frame-Options DENY always;';

test('releasesLocation() serves a new release without a reload, at once and for good', async (t) => {
  const folder = await temporaryFolder(t, { 'public/app.css': 'old' });
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  const cache = 'open_file_cache max=100; open_file_cache_valid 1h; open_file_cache_errors on;';
  const { url } = await startNginx(t, releasesLocation({ prefix: '/static/', root, releases }), cache);
  const ask = async (): Promise<unknown[]> => {
    const { status, headers, body } = await request(url, `/static/${CURRENT}/app.css`);
    return [status, headers['cache-control'], body.toString()];
  };
  t.deepEqual(await ask(), [200, 'no-store', 'old'], 'no releases folder yet');
  await writeFiles(join(folder, 'incoming'), { 'app.css': 'new' });
  await mkdir(releases);
  await rename(join(folder, 'incoming'), join(releases, CURRENT));
  t.deepEqual(await ask(), [200, YEAR, 'new'], 'released');
  await writeFile(join(root, 'app.css'), 'newer');
  t.deepEqual(await ask(), [200, YEAR, 'new'], 'the root has moved on');
  t.is((await request(url, `/static/${UNKNOWN}/app.css`)).body.toString(), 'newer');
  t.is((await request(url, '/static/app.css')).body.toString(), 'newer');
});

test('releasesLocation() never sends other bytes under the URL of a release that was pruned, but for no-store', async (t) => {
  const site = await createSite(t);
  const releases = await releaseSite(site);
  const { url } = await startNginx(t, releasesLocation({ prefix: '/static/', root: site.root, releases }));
  const path = `/static/${RETAINED}/css/app.css`;
  t.deepEqual((await request(url, path)).body, Buffer.from(RETAINED_FILES['css/app.css'] ?? ''));
  await rm(join(releases, RETAINED), { recursive: true });
  for (const each of [path, `/static/${RETAINED}/css/gone.css`]) {
    const { body, headers } = await request(url, each);
    const released = body.equals(Buffer.from(RETAINED_FILES['css/app.css'] ?? ''));
    t.is(headers['cache-control'], released ? YEAR : 'no-store', each);
  }
});

test("releasesLocation() with unknownVersion: 'not-found' answers 404 for what was not released", async (t) => {
  const site = await createSite(t);
  const releases = await releaseSite(site);
  const options = { prefix: '/static/', root: site.root, releases, unknownVersion: 'not-found' } as const;
  const { url } = await startNginx(t, releasesLocation(options));
  for (const path of [`${UNKNOWN}/css/app.css`, `${RETAINED}/js/app.js`]) {
    const { status, headers } = await request(url, `/static/${path}`);
    t.is(status, 404, path);
    t.is(headers['cache-control'], 'no-store', path);
  }
  t.is((await request(url, `/static/${RETAINED}/css/gone.css`)).headers['cache-control'], YEAR);
});

test('releasesLocation() keeps methods apart under an unknown version as well', async (t) => {
  const site = await createSite(t);
  const releases = await releaseSite(site);
  const { url } = await startNginx(t, releasesLocation({ prefix: '/static/', root: site.root, releases }));
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const { status, headers } = await request(url, `/static/${UNKNOWN}/css/app.css`, { method });
    t.is(status, 405, method);
    t.is(headers.allow, 'GET, HEAD', method);
    t.is(headers['cache-control'], 'no-store', method);
  }
});

test('releasesLocation() with headers and cors repeats them on every answer', async (t) => {
  const site = await createSite(t);
  const releases = await releaseSite(site);
  const options = {
    prefix: '/static/',
    root: site.root,
    releases,
    cors: true,
    headers: { 'X-Frame-Options': 'DENY' },
  };
  const { url } = await startNginx(t, `${SERVER_HEADERS}\n${releasesLocation(options)}`);
  for (const [path, method, status] of [
    [`${CURRENT}/css/app.css`, 'GET', 200],
    [`${UNKNOWN}/css/app.css`, 'GET', 200],
    ['css/app.css', 'GET', 200],
    [`${CURRENT}/nope.css`, 'GET', 404],
    [`${CURRENT}/css/app.css`, 'POST', 405],
  ] as const) {
    const answer = await request(url, `/static/${path}`, { method });
    t.is(answer.status, status, path);
    t.is(answer.headers['x-frame-options'], 'DENY', path);
    t.is(answer.headers['access-control-allow-origin'], '*', path);
    t.is(answer.headers['x-content-type-options'], 'nosniff', path);
  }
});

test('releasesLocation() with gzipStatic sends the sidecar of the release', async (t) => {
  const site = await createSite(t);
  const releases = await releaseSite(site);
  await writeFile(join(releases, CURRENT, 'css/app.css.gz'), gzipSync('released sidecar'));
  await writeFile(join(site.root, 'css/app.css.gz'), gzipSync('current sidecar'));
  const { url } = await startNginx(
    t,
    releasesLocation({ prefix: '/static/', root: site.root, releases, gzipStatic: true }),
  );
  const headers = { 'accept-encoding': 'gzip' };
  const released = await request(url, `/static/${CURRENT}/css/app.css`, { headers });
  t.is(released.headers['content-encoding'], 'gzip');
  t.is(released.headers['cache-control'], YEAR);
  t.deepEqual(released.body, gzipSync('released sidecar'));
  const unknown = await request(url, `/static/${UNKNOWN}/css/app.css`, { headers });
  t.deepEqual(unknown.body, gzipSync('current sidecar'));
  t.is(unknown.headers['cache-control'], 'no-store');
  const plain = await request(url, `/static/${CURRENT}/css/app.css`);
  t.deepEqual(plain.body, Buffer.from(SITE_FILES['css/app.css'] ?? ''));
  t.is(plain.headers.vary, 'Accept-Encoding');
});

test("releasesLocation() with symlinks: 'refuse' follows no link in a release or in the root, only those that lead to them", async (t) => {
  const site = await createSite(t);
  await releaseSite(site);
  const linked = `${site.folder}-linked`;
  await symlink(site.folder, linked);
  t.teardown(() => rm(linked));
  const [root, releases] = [join(linked, 'public'), join(linked, 'releases')];
  const { url } = await startNginx(
    t,
    releasesLocation({ prefix: '/static/', root, releases, symlinks: 'refuse' }),
  );
  for (const version of [`${CURRENT}/`, `${UNKNOWN}/`, '']) {
    for (const path of ['linked.txt', 'styles/app.css']) {
      const answer = await request(url, `/static/${version}${path}`);
      t.is(answer.status, 404, version + path);
      t.is(answer.headers['cache-control'], 'no-store', version + path);
    }
    t.is((await request(url, `/static/${version}css/app.css`)).status, 200);
  }
  t.is((await request(url, `/static/${CURRENT}/css/app.css`)).headers['cache-control'], YEAR);
});

test('releasesLocation() with wellKnown serves that folder, released and current', async (t) => {
  const site = await createSite(t);
  const releases = await releaseSite(site);
  await writeFiles(releases, {
    [`${CURRENT}/.well-known/security.txt`]: 'released',
    [`${CURRENT}/.env`]: 'secret',
  });
  const { url } = await startNginx(
    t,
    releasesLocation({ prefix: '/static/', root: site.root, releases, wellKnown: true }),
  );
  t.is((await request(url, `/static/${CURRENT}/.well-known/security.txt`)).body.toString(), 'released');
  t.is((await request(url, `/static/${UNKNOWN}/.well-known/security.txt`)).body.toString(), 'contact\n');
  t.is((await request(url, `/static/${CURRENT}/.env`)).status, 404);
});

test('releasesLocation() with dotfiles serves what a release with dotfiles has, and the root under other versions', async (t) => {
  const folder = await temporaryFolder(t, {
    'public/.fonts/a.woff2': 'font',
    'public/.fonts/.a.v1/..css': '@font-face{src:url(../a.woff2)}',
    'public/.env': 'NAME=1',
  });
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  await writeRelease({ roots: root, releases, dotfiles: true });
  const assets = await openAssets({ prefix: '/static/', roots: root, dotfiles: true });
  const { url } = await startNginx(
    t,
    releasesLocation({ prefix: '/static/', root, releases, dotfiles: true }),
  );
  t.is(assets.paths().length, 3);
  for (const path of assets.paths()) {
    const bytes = await readFile(join(root, path));
    for (const [asked, cacheControl] of [
      [assets.url(path), YEAR],
      [`/static/${UNKNOWN}/${path}`, 'no-store'],
      [`/static/${path}`, 'no-cache'],
    ] as const) {
      const { status, headers, body } = await request(url, asked);
      t.deepEqual([status, headers['cache-control'], body], [200, cacheControl, bytes], asked);
    }
  }
  for (const path of ['.', '..', '.fonts', '.fonts/', '.static-url/manifests']) {
    const { status, headers } = await request(url, `/static/${UNKNOWN}/${path}`);
    t.is(status, 404, path);
    t.is(headers['cache-control'], 'no-store', path);
  }
});

test('releasesLocation() takes another age, further media types and no open files', async (t) => {
  const site = await createSite(t);
  const releases = await releaseSite(site);
  await writeFiles(releases, { [`${CURRENT}/a.story`]: 'once' });
  const options = { prefix: '/static/', root: site.root, releases, maxAgeSeconds: 60, maxOpenFiles: 0 };
  const text = releasesLocation({ ...options, mediaTypes: { story: 'text/x-story' } });
  t.deepEqual(text.match(/open_file_cache.*/g), ['open_file_cache off;']);
  const { url } = await startNginx(t, text);
  const { headers } = await request(url, `/static/${CURRENT}/a.story`);
  t.is(headers['cache-control'], 'public, max-age=60, immutable');
  t.is(headers['content-type'], 'text/x-story; charset=utf-8');
});

test('releasesLocation() takes folders and a prefix that need quotes, and names with what rewriting might trip over', async (t) => {
  const folder = await temporaryFolder(t);
  const [root, releases] = [join(folder, 'pub "lic" \\ c; {d} ü#'), join(folder, 'rel "eases" ; {d} ü#')];
  const names = ['a b.css', 'ü?x.css', '100%.css', '$1&$uri.css', 'a#b;c".css', 'line\nbreak.css', "'{}.css"];
  for (const name of names) await writeFiles(root, { [name]: `current ${name}` });
  for (const name of names) await writeFiles(join(releases, CURRENT), { [name]: `released ${name}` });
  const { url } = await startNginx(
    t,
    releasesLocation({ prefix: '/(st+at.ic)[1]{2}/%C3%BC;/', root, releases }),
  );
  for (const name of names) {
    const ask = async (version: string): Promise<string> =>
      (
        await request(url, `/(st+at.ic)[1]{2}/%C3%BC;/${version}${encodeURIComponent(name)}?query`)
      ).body.toString();
    t.is(await ask(`${CURRENT}/`), `released ${name}`);
    t.is(await ask(`${UNKNOWN}/`), `current ${name}`);
    t.is(await ask(''), `current ${name}`);
  }
});

test('releasesLocation() and staticLocation() stand side by side in one server', async (t) => {
  const site = await createSite(t);
  const releases = await releaseSite(site);
  const { root, current } = site;
  const snippets = [
    releasesLocation({ prefix: '/a/', root, releases }),
    releasesLocation({ prefix: '/b/', root, releases, unknownVersion: 'not-found' }),
    staticLocation({ prefix: '/c/', root, current }),
  ];
  const own = String.raw`location ~* \.(css|js)$ { return 418; }`;
  const { url } = await startNginx(t, `${own}\n${snippets.join('\n')}`);
  const ask = async (path: string): Promise<unknown[]> => {
    const { status, headers } = await request(url, path);
    return [status, headers['cache-control']];
  };
  for (const prefix of ['/a/', '/b/', '/c/'])
    t.deepEqual(await ask(`${prefix}${CURRENT}/css/app.css`), [200, YEAR], prefix);
  t.deepEqual(await ask(`/a/${UNKNOWN}/css/app.css`), [200, 'no-store']);
  t.deepEqual(await ask(`/b/${UNKNOWN}/css/app.css`), [404, 'no-store']);
});

test('releasesLocation() refuses what nginx cannot express', (t) => {
  for (const options of [
    { releases: '/srv/$app' },
    { releases: '/srv/a\nb' },
    { root: '/srv/$x' },
    { prefix: '/' },
    { prefix: `/${'ü'.repeat(117)}/` },
  ]) {
    t.throws(
      () => releasesLocation({ prefix: '/static/', root: '/srv', releases: '/srv/releases', ...options }),
      {
        instanceOf: StaticUrlError,
        code: 'NGINX_INEXPRESSIBLE',
      },
    );
  }
});

const mistakes: readonly (readonly [title: string, options: object, message: RegExp])[] = [
  [
    'a relative releases folder',
    { releases: 'releases' },
    /option "releases" is "releases", a relative path/,
  ],
  ['a missing releases folder', { releases: undefined }, /needs the option "releases"/],
  ['a missing root', { root: undefined }, /needs the option "root"/],
  ['markers, which releases do not need', { current: '/srv/current' }, /no option "current"/],
  ['an unknown answer', { unknownVersion: '404' }, /"current-bytes" or "not-found"/],
  ['half a file', { maxOpenFiles: 0.5 }, /whole number of files/],
  ['files in words', { maxOpenFiles: '200' }, /whole number of files from 0 to 1048576, not "200"/],
  ['a negative age', { maxAgeSeconds: -1 }, /whole number of seconds/],
];
for (const [title, options, message] of mistakes) {
  test(`releasesLocation() refuses ${title}`, (t) => {
    const valid: ReleasesLocationOptions = { prefix: '/static/', root: '/srv', releases: '/srv/releases' };
    const error = t.throws(() => releasesLocation({ ...valid, ...options }));
    t.true(error instanceof TypeError || error instanceof RangeError);
    t.regex(error.message, message);
  });
}
