import { link, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import test from 'ava';
import { openAssets } from '../../src/assets.ts';
import { pruneReleases } from '../../src/releases/prune-releases.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { StaticUrlError } from '../../src/core/errors.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { startDownload } from '../helpers/download.ts';
import { serveAssets, serveRoot, YEAR } from './serve-assets.ts';

const CSS = 'main { background: url(../img/a.png) }\n'.repeat(50);
const FILES = {
  'css/app.css': CSS,
  'css/other.css': 'p { color: teal }',
  'img/a.png': 'image',
  'big.bin': Buffer.alloc(32 * 1024 * 1024, 'a'),
};

test('handler() of a release goes on serving it, whole and for ever, while the next one is written beside it', async (t) => {
  const folder = await temporaryFolder(t);
  const [root, releases, manifest] = [
    join(folder, 'public'),
    join(folder, 'releases'),
    join(folder, 'manifest.json'),
  ];
  await writeFiles(root, FILES);
  await writeRelease({ roots: root, releases, manifest, compress: true });
  for (const memoryBudgetBytes of [0, 1024 * 1024]) {
    const { assets, get, url } = await serveRoot(t, folder, { memoryBudgetBytes }, { manifest, releases });
    const urls = [
      ...assets.paths().map((path) => assets.url(path)),
      assets.url('img/a.png', { from: 'css/app.css' }),
    ];
    const download = await startDownload(url, assets.url('big.bin'));
    // One asset is new, and so all others get one more name in the next release.
    const next = join(folder, `next-${memoryBudgetBytes}.json`);
    await writeFile(join(root, 'css/other.css'), `p { color: red; order: ${memoryBudgetBytes} }`);
    await writeFile(join(root, 'css/app.css'), `${CSS}a { order: ${memoryBudgetBytes} }`);
    await writeRelease({ roots: root, releases, manifest: next, compress: true });

    for (const path of urls) t.is((await get(path)).headers['cache-control'], YEAR, path);
    const { isComplete, body } = await download.read();
    t.true(isComplete);
    t.is(body.length, FILES['big.bin'].length);
    t.is(String((await get(assets.url('css/app.css'))).body), CSS);
    const brotli = await get(assets.url('css/app.css'), { 'accept-encoding': 'br' });
    t.deepEqual([brotli.headers['content-encoding'], String(brotliDecompressSync(brotli.body))], ['br', CSS]);
    const gzip = await get(assets.url('css/app.css'), { 'accept-encoding': 'gzip' });
    t.deepEqual([gzip.headers['content-encoding'], String(gunzipSync(gzip.body))], ['gzip', CSS]);

    const newer = await serveRoot(t, folder, { memoryBudgetBytes }, { manifest: next, releases });
    for (const asset of newer.assets.paths()) {
      t.is(
        (await get(newer.assets.url(asset))).headers['cache-control'],
        YEAR,
        `the old process answers the new ${asset}`,
      );
    }
    for (const path of urls)
      t.is((await newer.get(path)).headers['cache-control'], YEAR, `the new process answers ${path}`);
    t.is((await newer.get('/static/.static-url/manifests')).status, 404);
  }
});

test('handler() answers an earlier release with its own bytes that was pruned and written again', async (t) => {
  const folder = await temporaryFolder(t, { 'one/app.css': 'a{color:red}', 'two/app.css': 'a{color:blue}' });
  const releases = join(folder, 'releases');
  const release = async (name: string): Promise<string> => {
    const manifest = join(folder, `${name}.json`);
    await writeRelease({ roots: join(folder, name), releases, manifest });
    return manifest;
  };
  const one = await openAssets({ prefix: '/static/', manifest: await release('one'), releases });
  const { get } = await serveRoot(t, folder, {}, { manifest: await release('two'), releases });
  const path = one.url('app.css');
  t.is(String((await get(path)).body), 'a{color:red}');
  const file = join(releases, path.slice('/static/'.length));
  // Keeps the file's place on the disk from being taken by what is written again.
  await link(file, join(folder, 'kept'));
  await pruneReleases({ releases, keep: 1, olderThanSeconds: 0 });
  await release('one');
  for (let time = 0; time < 2; time += 1) {
    const { headers, body } = await get(path);
    t.deepEqual([headers['cache-control'], String(body)], [YEAR, 'a{color:red}']);
  }
});

test('handler() serves its roots while there is no releases folder, and what is in it once there is one', async (t) => {
  const version = '0123456789abcdef';
  for (const options of [{}, { memoryBudgetBytes: 0 }]) {
    const folder = await temporaryFolder(t, { 'public/app.css': 'now', 'public/edited.css': 'old' });
    const releases = join(folder, 'later/releases');
    const { assets, get, root } = await serveRoot(t, folder, options, { releases });
    t.is((await get(assets.url('app.css'))).headers['cache-control'], YEAR);
    t.is(String((await get('/static/app.css')).body), 'now');
    await writeFile(join(root, 'edited.css'), 'new');
    t.is(String((await get('/static/edited.css')).body), 'new');
    t.is(String((await get(`/static/${version}/app.css`)).body), 'now');
    await writeFiles(releases, { [`${version}/app.css`]: 'before' });
    const { headers, body } = await get(`/static/${version}/app.css`);
    t.deepEqual([headers['cache-control'], String(body)], [YEAR, 'before']);
    t.is((await get(assets.url('app.css'))).headers['cache-control'], YEAR);
  }
});

test('handler() of a release sends the file as it is while its compressed copy cannot be read', async (t) => {
  const folder = await temporaryFolder(t, { 'public/app.txt': CSS });
  const [releases, manifest] = [join(folder, 'releases'), join(folder, 'manifest.json')];
  const { added } = await writeRelease({ roots: join(folder, 'public'), releases, manifest });
  const copy = join(releases, added[0]?.fingerprint ?? '', 'app.txt.br');
  // A file that can be opened, and whose first byte cannot be read.
  await symlink('/proc/self/mem', copy);
  const options = { memoryBudgetBytes: 0, symlinks: 'follow' } as const;
  const { assets, get } = await serveRoot(t, folder, options, { manifest, releases });
  for (let count = 0; count < 2; count += 1) {
    const { status, headers, body } = await get(assets.url('app.txt'), { 'accept-encoding': 'br' });
    t.deepEqual([status, headers['cache-control'], headers['content-encoding']], [200, YEAR, undefined]);
    t.is(String(body), CSS);
  }
});

test('handler() of a release throws when its releases folder is not there', async (t) => {
  const { assets, folder } = await serveAssets(t, FILES);
  const manifest = join(folder, 'manifest.json');
  await writeFile(manifest, JSON.stringify(assets.manifest()));
  const releases = join(folder, 'releases');
  const released = await openAssets({ prefix: '/static/', manifest, releases });
  const error = t.throws(() => released.handler(), { instanceOf: StaticUrlError, code: 'RELEASE_NOT_FOUND' });
  t.is(
    error.message,
    `Cannot find a releases folder at "${releases}". Name the folder that "static-url release" writes to.`,
  );
  t.is(released.url('css/app.css'), assets.url('css/app.css'), 'nginx may have it elsewhere');
  await writeFile(releases, 'a file');
  t.throws(() => released.handler(), { code: 'RELEASE_NOT_FOUND' });
});

test('handler() of a release throws when one of its folders was pruned', async (t) => {
  const { assets, folder, root } = await serveAssets(t, FILES);
  const [manifest, releases] = [join(folder, 'manifest.json'), join(folder, 'releases')];
  await writeRelease({ prefix: '/static/', roots: root, releases, manifest });
  const released = await openAssets({ prefix: '/static/', manifest, releases });
  t.notThrows(() => released.handler());
  const [, , fingerprint = ''] = assets.url('css/app.css').split('/');
  await rm(join(releases, fingerprint), { recursive: true });
  const error = t.throws(() => released.handler(), { instanceOf: StaticUrlError, code: 'RELEASE_NOT_FOUND' });
  t.regex(
    error.message,
    new RegExp(
      `lacks 1 of the \\d+ folders .* such as "${fingerprint}" of "css/app\\.css": the release was pruned`,
    ),
  );
});
