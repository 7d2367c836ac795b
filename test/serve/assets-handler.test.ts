import { createHash } from 'node:crypto';
import { utimesSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request } from '../helpers/request.ts';
import { serveAssets, serveRoot, UNKNOWN_VERSION, YEAR } from './serve-assets.ts';

const CSS = 'body { background: url(../img/a.png) }\n';
const FILES = {
  'css/app.css': CSS,
  'css/other.css': 'p { color: teal }',
  'img/a.png': createHash('sha256').update('png').digest(),
  'img/a b.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
};

test('handler() answers an asset’s URL with its bytes, to be kept for ever', async (t) => {
  const { assets, get } = await serveAssets(t, FILES);
  for (const [name, content] of Object.entries(FILES)) {
    const { status, headers, body } = await get(assets.url(name));
    t.is(status, 200);
    t.deepEqual(body, Buffer.from(content));
    t.is(headers['cache-control'], YEAR);
    t.is(headers['content-length'], String(body.length));
    t.is(headers['x-content-type-options'], 'nosniff');
    t.is(headers['vary'], undefined);
    t.regex(String(headers.etag), /^"[0-9a-f]{16}"$/);
  }
});

test('handler() gives one entity tag to equal content under any name, host and time', async (t) => {
  const one = await serveAssets(t, FILES);
  const other = await serveAssets(t, { 'copies/copy.css': CSS, 'img/a.png': 'another image' });
  const tags = [
    await one.get(one.assets.url('css/app.css')),
    await one.get('/static/css/app.css'),
    await other.get(other.assets.url('copies/copy.css')),
  ];
  t.is(new Set(tags.map(({ headers }) => headers.etag)).size, 1);
  t.not((await one.get('/static/css/other.css')).headers.etag, tags[0]?.headers.etag);
});

test('handler() answers what a browser reaches under a fingerprint, and nothing else, to be kept', async (t) => {
  const { assets, get } = await serveAssets(t, FILES);
  const image = assets.url('img/a.png', { from: 'css/app.css' });
  t.not(image, assets.url('img/a.png'));
  for (const path of [image, image, `${image}?x=1`, image.replace('a.png', '%61.png')]) {
    t.is((await get(path)).headers['cache-control'], YEAR, path);
  }
  const unreached = await get(assets.url('css/app.css').replace('app.css', 'other.css'));
  t.is(unreached.status, 200);
  t.is(unreached.headers['cache-control'], 'no-store');
});

test('handler() answers an unknown version with the current bytes and no-store, by option with a 404', async (t) => {
  const path = `/static/${UNKNOWN_VERSION}/css/app.css`;
  const current = await (await serveAssets(t, FILES)).get(path);
  t.deepEqual(
    [current.status, current.headers['cache-control'], String(current.body)],
    [200, 'no-store', CSS],
  );
  const refused = await (await serveAssets(t, FILES, { unknownVersion: 'not-found' })).get(path);
  t.deepEqual([refused.status, refused.headers['cache-control']], [404, 'no-store']);
});

test('handler() answers a URL without version with the Cache-Control of its option', async (t) => {
  const { get } = await serveAssets(t, FILES, { unversionedCacheControl: 'public, max-age=60' });
  t.is((await get('/static/css/app.css')).headers['cache-control'], 'public, max-age=60');
});

test('handler() passes on what is not under the prefix, and answers 404 without a next handler', async (t) => {
  const { assets, get } = await serveAssets(t, FILES);
  for (const path of ['/', '/statics/css/app.css', '/static']) t.is((await get(path)).status, 299, path);
  t.is((await get('/static/nope.css')).status, 404);
  const alone = await listen(t, assets.handler());
  const answer = await request(alone.url, '/elsewhere');
  t.deepEqual([answer.status, answer.headers['content-length']], [404, '10']);
});

test('handler({ fallthrough }) passes on what has no version and is no asset', async (t) => {
  const { assets, get } = await serveAssets(t, FILES, { fallthrough: true }, { prefix: '/' });
  t.is((await get('/css/app.css')).status, 200);
  for (const path of ['/about', '/', '/css/', '/.well-known/x', '/%zz'])
    t.is((await get(path)).status, 299, path);
  t.is((await get('/about', {}, 'POST')).status, 299);
  t.is((await get(`/${UNKNOWN_VERSION}/nope.css`)).status, 404);
  t.is((await get(assets.url('css/app.css'), {}, 'POST')).status, 405);
});

test('handler() reads a request target in absolute form', async (t) => {
  const { assets, get } = await serveAssets(t, FILES);
  t.is((await get(`http://example.com${assets.url('css/app.css')}?q`)).status, 200);
});

test('handler() serves the folder .well-known, and other dotfiles, only when the assets have them', async (t) => {
  const files = { ...FILES, '.well-known/security.txt': 'contact', '.env': 'secret' };
  const paths = ['/static/.well-known/security.txt', '/static/.env'];
  const statuses = async (options: object): Promise<number[]> => {
    const { get } = await serveAssets(t, files, {}, options);
    return Promise.all(paths.map(async (path) => (await get(path)).status));
  };
  t.deepEqual(await statuses({}), [404, 404]);
  t.deepEqual(await statuses({ wellKnown: true }), [200, 404]);
  t.deepEqual(await statuses({ dotfiles: true }), [200, 200]);
});

test('handler() refuses symbolic links that point outside the roots, and follows them by option', async (t) => {
  const folder = await temporaryFolder(t, { 'outside/secret.txt': 'secret', 'public/inside.txt': 'inside' });
  const root = join(folder, 'public');
  await symlink(join(folder, 'outside/secret.txt'), join(root, 'file.txt'));
  await symlink(join(folder, 'outside'), join(root, 'folder'));
  await symlink('inside.txt', join(root, 'within.txt'));
  const ask = async (symlinks: 'inside' | 'follow'): Promise<number[]> => {
    const { assets, get } = await serveRoot(t, folder, { symlinks });
    const paths = ['file.txt', 'folder/secret.txt', 'within.txt'];
    const urls = paths.flatMap((path) => [
      assets.url(path),
      `/static/${path}`,
      `/static/${UNKNOWN_VERSION}/${path}`,
    ]);
    return Promise.all(urls.map(async (url) => (await get(url)).status));
  };
  t.deepEqual(await ask('inside'), [404, 404, 404, 404, 404, 404, 200, 200, 200]);
  t.deepEqual(
    await ask('follow'),
    Array.from({ length: 9 }, () => 200),
  );
});

test('handler() sends its extra headers with every answer, and keeps what the app varies by', async (t) => {
  const { assets, folder } = await serveAssets(t, { ...FILES, 'css/app.css.gz': 'not gzip' });
  const headers = {
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Content-Security-Policy': "default-src 'none'",
  };
  const { get } = await serveRoot(t, folder, { cors: true, headers });
  const { etag = '' } = (await get(assets.url('css/app.css'))).headers;
  const answers = [
    await get(assets.url('css/app.css')),
    await get(assets.url('css/app.css'), { 'if-none-match': etag }),
    await get(assets.url('css/app.css'), { range: 'bytes=0-1' }),
    await get(assets.url('css/app.css'), { range: 'bytes=999-' }),
    await get('/static/nope'),
  ];
  t.deepEqual(
    answers.map(({ status }) => status),
    [200, 304, 206, 416, 404],
  );
  for (const answer of answers) {
    t.is(answer.headers['access-control-allow-origin'], '*');
    t.is(answer.headers['cross-origin-resource-policy'], 'cross-origin');
    t.is(answer.headers['content-security-policy'], "default-src 'none'");
  }
  const handler = assets.handler();
  const varying = await listen(t, (incoming, response) => {
    response.setHeader('Vary', 'Origin').setHeader('X-App', 'yes');
    handler(incoming, response);
  });
  const varied = await request(varying.url, assets.url('css/app.css'));
  t.is(varied.headers['vary'], 'Origin, Accept-Encoding');
  t.is(varied.headers['x-app'], 'yes');
});

test('handler() serves releases that are on disk, and sees new ones', async (t) => {
  const [earlier, later] = ['0123456789abcdef', '1123456789abcdef'];
  const folder = await temporaryFolder(t, { 'outside.txt': 'secret' });
  const releases = join(folder, 'releases');
  await writeFiles(join(folder, 'public'), FILES);
  await writeFiles(join(releases, earlier), { 'css/app.css': 'earlier', 'css/gone.css': 'gone' });
  await mkdir(join(releases, 'not-a-version'), { recursive: true });
  await symlink(join(folder, 'outside.txt'), join(releases, earlier, 'link.txt'));
  const { get } = await serveRoot(t, folder, {}, { releases });
  for (const [path, bytes] of [
    ['css/app.css', 'earlier'],
    ['css/gone.css', 'gone'],
  ] as const) {
    for (const time of ['first', 'second']) {
      const { status, headers, body } = await get(`/static/${earlier}/${path}`);
      t.deepEqual(
        [status, headers['cache-control'], String(body)],
        [200, YEAR, bytes],
        `${path}, ${time} time`,
      );
    }
  }
  t.is((await get(`/static/${earlier}/link.txt`)).status, 404);
  t.is((await get(`/static/${earlier}/css`)).status, 404);
  t.is((await get(`/static/${earlier}/img/a.png`)).headers['cache-control'], 'no-store');
  t.is((await get(`/static/${later}/css/new.css`)).status, 404);
  await writeFiles(join(folder, 'building'), { 'css/new.css': 'new' });
  await rename(join(folder, 'building'), join(releases, later));
  const added = await get(`/static/${later}/css/new.css`);
  t.deepEqual([added.status, added.headers['cache-control'], String(added.body)], [200, YEAR, 'new']);
  await rm(join(releases, earlier), { recursive: true });
  t.is((await get(`/static/${earlier}/css/gone.css`)).status, 404);
  const pruned = await get(`/static/${earlier}/css/app.css`);
  t.deepEqual([pruned.headers['cache-control'], String(pruned.body)], ['no-store', CSS]);
});

test('handler() follows watched assets to their new URLs', async (t) => {
  const { assets, get, root } = await serveAssets(t, FILES, {}, { watch: true });
  const before = assets.url('css/other.css');
  t.is((await get(before)).headers['cache-control'], YEAR);
  const changed = new Promise((resolve) => assets.on('change', resolve));
  // In one go: the watcher would tell of the empty file first.
  writeFileSync(join(root, 'css/other.css'), 'p { color: red }');
  await changed;
  t.not(assets.url('css/other.css'), before);
  const after = await get(assets.url('css/other.css'));
  t.deepEqual([after.headers['cache-control'], String(after.body)], [YEAR, 'p { color: red }']);
  t.is((await get(before)).headers['cache-control'], 'no-store');
});

test('handler() of watched assets sends no earlier bytes of a file that was rewritten with its length and time kept', async (t) => {
  const built = new Date('2020-01-01');
  const { assets, get, root } = await serveAssets(t, { 'app.css': '/* 0 */' }, {}, { watch: true });
  const put = async (content: string): Promise<string> => {
    const changed = new Promise((resolve) => assets.on('change', resolve));
    writeFileSync(join(root, 'app.css'), content);
    utimesSync(join(root, 'app.css'), built, built);
    await changed;
    return assets.url('app.css');
  };
  const before = await put('/* 1 */');
  t.is(String((await get(before)).body), '/* 1 */');
  const now = await put('/* 2 */');
  t.not(now, before);
  const { headers, body } = await get(now);
  t.deepEqual([headers['cache-control'], String(body)], [YEAR, '/* 2 */']);
});

test('handler() of watched assets refuses a symbolic link to outside the root that was made later', async (t) => {
  const { assets, folder, get, root } = await serveAssets(t, FILES, {}, { watch: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  const changed = new Promise((resolve) => assets.on('change', resolve));
  await symlink(join(folder, 'secret.txt'), join(root, 'css/link.txt'));
  await changed;
  t.is((await get(assets.url('css/link.txt'))).status, 404);
  t.is((await get('/static/css/link.txt')).status, 404);
});

test('handler() refuses a name with a backslash in each of its spellings', async (t) => {
  const { assets, get } = await serveAssets(t, { 'a\\b.txt': 'a', 'c\\d/e.txt': 'e', 'f.txt': 'f' });
  for (const name of ['a\\b.txt', 'c\\d/e.txt']) {
    const url = assets.url(name);
    const plain = `/static/${encodeURI(name)}`;
    for (const path of [url, `${url}?v=1`, plain, `${plain}?v=1`]) t.is((await get(path)).status, 404, path);
  }
  t.is((await get(`${assets.url('f.txt')}?v=1`)).status, 200);
});
