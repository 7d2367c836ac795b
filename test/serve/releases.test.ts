import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import test from 'ava';
import { writeRelease } from '../../src/assets/releases/write-release.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { startDownload } from '../helpers/download.ts';
import { serveRoot, YEAR } from './serve-assets.ts';

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
