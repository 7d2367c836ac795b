import { copyFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { brotliCompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { DECODES_ZSTANDARD, zstandard } from '../helpers/zstandard.ts';
import { serveAssets, serveRoot, UNKNOWN_VERSION, YEAR } from './serve-assets.ts';

const CSS = 'main { color: teal }\n'.repeat(100);
const BROTLI = brotliCompressSync(CSS);
const GZIP = gzipSync(CSS);
/** The coding that is sent where zstd is the first and gzip the second choice. */
const ZSTD_OR_GZIP = DECODES_ZSTANDARD ? 'zstd' : 'gzip';

const files = async (): Promise<Record<string, string | Buffer>> => ({
  'app.css': CSS,
  'app.css.br': BROTLI,
  'app.css.zst': await zstandard(CSS),
  'app.css.gz': GZIP,
  'plain.css': CSS,
});

for (const memoryBudgetBytes of [0, 64 * 1024 * 1024]) {
  const where = memoryBudgetBytes === 0 ? 'from disk' : 'from memory';

  test(`handler() sends the compressed copy that Accept-Encoding prefers, ${where}`, async (t) => {
    const { assets, get } = await serveAssets(t, await files(), { memoryBudgetBytes });
    const cases: readonly (readonly [string | undefined, string | undefined])[] = [
      [undefined, undefined],
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip, zstd', ZSTD_OR_GZIP],
      ['gzip', 'gzip'],
      ['*', 'br'],
      ['br;q=0, *', ZSTD_OR_GZIP],
      ['br;q=0.1, gzip;q=0.2', 'gzip'],
      ['identity, br;q=0.5', undefined],
      ['identity;q=0, gzip', 'gzip'],
      ['identity;q=0', undefined],
      ['*;q=0', undefined],
      ['deflate', undefined],
    ];
    const tags = new Map<string | undefined, string>();
    for (const path of [assets.url('app.css'), '/static/app.css', `/static/${UNKNOWN_VERSION}/app.css`]) {
      for (const [accept, encoding] of cases) {
        const headers = accept === undefined ? {} : { 'accept-encoding': accept };
        const { status, headers: answered, body } = await get(path, headers);
        const expected = (await files())[
          `app.css${{ br: '.br', zstd: '.zst', gzip: '.gz' }[encoding ?? ''] ?? ''}`
        ];
        t.is(status, 200);
        t.is(answered['content-encoding'], encoding, `${path} ${accept}`);
        t.deepEqual(body, Buffer.from(expected ?? ''), `${path} ${accept}`);
        t.is(answered['content-length'], String(body.length));
        t.is(answered['content-type'], 'text/css; charset=utf-8');
        t.is(answered['vary'], 'Accept-Encoding');
        t.is(answered.etag, tags.get(encoding) ?? answered.etag, 'one tag for each coding');
        tags.set(encoding, String(answered.etag));
        const head = await get(path, headers, 'HEAD');
        t.deepEqual({ ...head.headers, date: '' }, { ...answered, date: '' });
        const { headers: notModified, status: conditional } = await get(path, {
          ...headers,
          'if-none-match': `"x", W/${answered.etag}`,
        });
        t.is(conditional, 304);
        t.is(notModified['vary'], 'Accept-Encoding');
        t.is(notModified.etag, answered.etag);
        t.is(notModified['content-encoding'], undefined);
        const part = await get(path, { ...headers, range: 'bytes=-4' });
        t.deepEqual(
          [part.status, part.headers['vary'], part.headers['content-encoding']],
          [206, 'Accept-Encoding', encoding],
        );
        t.deepEqual(part.body, body.subarray(-4));
      }
    }
    t.is(new Set(tags.values()).size, DECODES_ZSTANDARD ? 4 : 3);
    t.is((await get(assets.url('plain.css'), { 'accept-encoding': 'br' })).headers['vary'], undefined);
  });

  test(`handler() never sends a compressed copy of other content, whatever its time, ${where}`, async (t) => {
    const folder = await temporaryFolder(t);
    const root = join(folder, 'public');
    const stale = 'main { color: red }\n';
    await writeFiles(root, {
      'app.css': CSS,
      'app.css.br': brotliCompressSync(stale),
      'app.css.zst': await zstandard(stale),
      'app.css.gz': gzipSync(stale),
      'broken.css': CSS,
      'broken.css.br': 'no brotli',
      'broken.css.zst': 'no zstandard',
      'broken.css.gz': GZIP.subarray(0, -9),
      'half.css': CSS,
      'half.css.br': brotliCompressSync(stale),
      'half.css.gz': GZIP,
    });
    const future = new Date(Date.now() + 60_000);
    for (const extension of ['br', 'zst', 'gz'])
      await utimes(join(root, `app.css.${extension}`), future, future);
    const { assets, get } = await serveRoot(t, folder, { memoryBudgetBytes });
    for (const name of ['app.css', 'broken.css']) {
      const { headers, body } = await get(assets.url(name), { 'accept-encoding': 'br, zstd, gzip' });
      t.deepEqual([headers['content-encoding'], String(body)], [undefined, CSS], name);
      t.is(headers['vary'], 'Accept-Encoding');
    }
    const next = await get(assets.url('half.css'), { 'accept-encoding': 'br, gzip' });
    t.deepEqual([next.headers['content-encoding'], String(gunzipSync(next.body))], ['gzip', CSS]);
  });
}

test('handler() proves the bytes of a compressed copy that it keeps in memory, not those on disk since then', async (t) => {
  const content = 'main { color: navy }\n'.repeat(100);
  const folder = await temporaryFolder(t);
  const root = join(folder, 'public');
  const deployed = new Date('2020-01-01');
  // Of one length, and with one time for all, as reproducible builds set it.
  const put = async (extension: string, bytes: Buffer): Promise<void> => {
    await writeFile(join(root, `app.css.${extension}`), bytes);
    await utimes(join(root, `app.css.${extension}`), deployed, deployed);
  };
  await writeFiles(root, { 'app.css': content });
  await put('zst', await zstandard(CSS));
  await put('gz', gzipSync(CSS, { level: 0 }));
  const { assets, get } = await serveRoot(t, folder);
  await put('zst', await zstandard(content));
  await put('gz', gzipSync(content, { level: 0 }));
  for (const encoding of ['zstd', 'gzip']) {
    const { headers, body } = await get(assets.url('app.css'), { 'accept-encoding': encoding });
    t.deepEqual([headers['cache-control'], headers['content-encoding']], [YEAR, undefined], encoding);
    t.is(String(body), content);
  }
});

test('handler() reads no compressed copy that a symbolic link to outside the root has replaced since the start', async (t) => {
  const { assets, folder, get, root } = await serveAssets(t, await files(), { memoryBudgetBytes: 0 });
  await writeFiles(folder, { 'outside.br': BROTLI });
  await rm(join(root, 'app.css.br'));
  await symlink(join(folder, 'outside.br'), join(root, 'app.css.br'));
  const { headers, body } = await get(assets.url('app.css'), { 'accept-encoding': 'br' });
  t.deepEqual([headers['content-encoding'], String(body)], [undefined, CSS]);
});

test('handler() takes a compressed copy without its file for a file of its own', async (t) => {
  const { assets, get } = await serveAssets(t, { 'alone.css.gz': GZIP });
  t.is((await get('/static/alone.css', { 'accept-encoding': 'gzip' })).status, 404);
  const { status, headers } = await get(assets.url('alone.css.gz'), { 'accept-encoding': 'gzip' });
  t.deepEqual(
    [status, headers['content-type'], headers['content-encoding']],
    [200, 'application/gzip', undefined],
  );
});

test('handler() no longer sends a compressed copy that has changed or is gone', async (t) => {
  const { assets, get, root } = await serveAssets(t, await files(), { memoryBudgetBytes: 0 });
  const ask = (path: string): ReturnType<typeof get> => get(path, { 'accept-encoding': 'br, gzip' });
  t.is((await ask(assets.url('app.css'))).headers['content-encoding'], 'br');
  await writeFile(join(root, 'app.css.br'), brotliCompressSync('stale'));
  t.is((await ask(assets.url('app.css'))).headers['content-encoding'], 'gzip');
  await rm(join(root, 'app.css.gz'));
  const { headers, body } = await ask(assets.url('app.css'));
  t.deepEqual([headers['content-encoding'], headers['cache-control'], String(body)], [undefined, YEAR, CSS]);
});

test('handler() sends no compressed copy of what the file was under a URL without a version', async (t) => {
  const { get, root } = await serveAssets(t, await files());
  const ask = (): ReturnType<typeof get> => get('/static/app.css', { 'accept-encoding': 'br' });
  t.is((await ask()).headers['content-encoding'], 'br');
  await writeFile(join(root, 'app.css'), 'new');
  const { headers, body } = await ask();
  t.deepEqual([headers['content-encoding'], String(body)], [undefined, 'new']);
});

test('handler() sends the compressed copies of a release', async (t) => {
  const version = '0123456789abcdef';
  const folder = await temporaryFolder(t);
  await writeFiles(join(folder, 'public'), { 'plain.css': CSS });
  await writeFiles(join(folder, 'releases', version), await files());
  const { get } = await serveRoot(t, folder, {}, { releases: join(folder, 'releases') });
  for (const encoding of ['br', 'zstd', 'gzip']) {
    const { headers, status } = await get(`/static/${version}/app.css`, { 'accept-encoding': encoding });
    const sent = encoding === 'zstd' && !DECODES_ZSTANDARD ? undefined : encoding;
    t.deepEqual([status, headers['content-encoding'], headers['cache-control']], [200, sent, YEAR]);
  }
  await copyFile(
    join(folder, 'releases', version, 'app.css.gz'),
    join(folder, 'releases', version, 'plain.css.gz'),
  );
  t.is(
    (await get(`/static/${version}/plain.css`, { 'accept-encoding': 'gzip' })).headers['content-encoding'],
    'gzip',
  );
});
