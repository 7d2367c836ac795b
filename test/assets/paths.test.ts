import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { openAssets, pruneReleases, writeRelease } from '../../src/assets.ts';
import { checkAssets } from '../../src/assets/check/check-assets.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { request } from '../helpers/request.ts';
import { listen } from '../helpers/listen.ts';

const NUL = { instanceOf: TypeError, message: /"a\\u0000b": no path may have a NUL character/ };

test('sources, releases and manifests are named by file: URLs as well as by paths', async (t) => {
  const folder = await temporaryFolder(t, { 'a b/app.css': 'app', 'shared/lib.js': 'lib' });
  const at = (name: string): URL => pathToFileURL(join(folder, name));
  const [roots, releases, manifest] = [
    [at('a b/'), join(folder, 'shared')],
    at('releases'),
    at('assets.json'),
  ];
  const { version } = await writeRelease({ roots, releases, manifest });
  t.is(JSON.parse(await readFile(manifest, 'utf8')).version, version);
  t.is((await checkAssets({ prefix: '/static/', roots })).files, 2);
  t.deepEqual((await pruneReleases({ releases })).kept, [version]);
  for (const source of [{ roots }, { roots: at('a b') }, { manifest, releases }]) {
    const assets = await openAssets({ prefix: '/static/', ...source });
    const { url } = await listen(t, assets.handler());
    t.is((await request(url, assets.url('app.css'))).body.toString(), 'app');
  }
});

test('a path that no file system has is a mistake of the caller, not of the permissions', async (t) => {
  const root = await temporaryFolder(t, { 'a.css': '' });
  const options = { prefix: '/static/', releases: 'releases' };
  for (const call of [
    () => openAssets({ ...options, roots: 'a\0b' }),
    () => openAssets({ ...options, roots: [root, 'a\0b'] }),
    () => openAssets({ ...options, manifest: 'a\0b' }),
    () => openAssets({ ...options, roots: root, releases: 'a\0b' }),
    () => writeRelease({ roots: 'a\0b', releases: 'releases' }),
    () => writeRelease({ roots: root, releases: 'a\0b' }),
    () => writeRelease({ roots: root, releases: 'releases', manifest: 'a\0b' }),
    () => pruneReleases({ releases: 'a\0b' }),
    () => checkAssets({ prefix: '/static/', roots: 'a\0b' }),
  ])
    await t.throwsAsync<TypeError>(call, NUL);
});
