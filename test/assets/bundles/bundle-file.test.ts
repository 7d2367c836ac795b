import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import test from 'ava';
import { assetTags, openAssets, writeRelease } from '../../../src/assets.ts';
import { parseBundle } from '../../../src/assets/bundles/bundle-file.ts';
import { checkAssets } from '../../../src/assets/check/check-assets.ts';
import { openCollection } from '../../helpers/open-collection.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runForValue } from '../../helpers/run-node.ts';
import { runMain } from '../../cli/run-main.ts';
import { builtFolder, VITE_MANIFEST } from './built.ts';

const METAFILE = {
  inputs: {},
  outputs: { 'dist/assets/main-1.js': { entryPoint: 'src/main.ts', cssBundle: 'dist/assets/main-1.css' } },
};

test("files are relative to Vite's outDir: the manifest's folder, or the one above .vite", (t) => {
  const text = JSON.stringify(VITE_MANIFEST);
  for (const file of ['/srv/app/dist/.vite/manifest.json', '/srv/app/dist/manifest.json'])
    t.deepEqual(parseBundle(text, { file, workingFolder: '/srv' }).bases, ['/srv/app/dist'], file);
});

test("files of esbuild's metafile are relative to the working folder, or else to the metafile's", async (t) => {
  const folder = await builtFolder(t, { 'meta.json': JSON.stringify(METAFILE) });
  const entries = async (cwd: string): Promise<unknown> =>
    runForValue(
      `const assets = await api.openAssets({ prefix: '/static/', roots: ${JSON.stringify(join(folder, 'dist'))}, bundle: ${JSON.stringify(join(folder, 'meta.json'))} });
       console.log(JSON.stringify(assets.manifest().bundle));`,
      { cwd },
    );
  const expected = {
    'src/main.ts': { module: 'assets/main-1.js', stylesheets: ['assets/main-1.css'] },
  };
  t.deepEqual(await entries(tmpdir()), expected);
  const outputs = { 'assets/main-1.js': { entryPoint: 'src/main.ts', cssBundle: 'assets/main-1.css' } };
  await writeFile(join(folder, 'meta.json'), JSON.stringify({ inputs: {}, outputs }));
  t.deepEqual(await entries(join(folder, 'dist')), expected);
});

test('the files of a bundle are found below any root, by links too', async (t) => {
  const folder = await builtFolder(t, { 'public/a.txt': '' });
  await symlink(folder, join(folder, 'current'));
  const bundle = join(folder, 'current/dist/.vite/manifest.json');
  const roots = [join(folder, 'public'), folder];
  const assets = await openCollection({ prefix: '/static/', roots: join(folder, 'dist'), bundle });
  t.is(assets.manifest().bundle?.['main']?.module, 'assets/main-1.js');
  await rm(join(folder, 'current'));
  const named = await openCollection({
    prefix: '/static/',
    roots,
    bundle: join(folder, 'dist/.vite/manifest.json'),
  });
  t.is(named.manifest().bundle?.['main']?.module, 'dist/assets/main-1.js');
});

test('the entries of a bundle are sorted by name, and count for the version over all assets', async (t) => {
  const folder = await builtFolder(t);
  const [roots, bundle] = [join(folder, 'dist'), join(folder, 'dist/.vite/manifest.json')];
  const options = { prefix: '/static/', roots, bundle };
  const before = await openCollection(options);
  t.deepEqual(Object.keys(before.manifest().bundle ?? {}), [
    'main',
    'src/Page.vue',
    'src/main.ts',
    'src/print.css',
  ]);
  const { 'src/print.css': _print, ...others } = VITE_MANIFEST;
  await writeFile(bundle, JSON.stringify(others));
  const after = await openCollection(options);
  t.deepEqual(after.paths(), before.paths());
  t.not(after.version, before.version);
  const without = await openCollection({ prefix: '/static/', roots });
  t.false('bundle' in without.manifest());
});

test('a release has what tags need of a bundle, so that production needs no output of the bundler beside it', async (t) => {
  const folder = await builtFolder(t);
  const config = `export default { roots: 'dist', bundle: 'dist/.vite/manifest.json', releases: 'releases', manifest: 'assets.json' };`;
  await writeFile(join(folder, 'static-url.config.mjs'), config);
  const { code, error } = await runMain(['release'], { cwd: folder });
  t.is(code, 0, error);
  const sources = await openAssets({
    prefix: '/static/',
    roots: join(folder, 'dist'),
    bundle: join(folder, 'dist/.vite/manifest.json'),
  });
  const tags = assetTags(sources).bundle('src/main.ts', { lazy: ['src/Page.vue'] });
  await rm(join(folder, 'dist'), { recursive: true });
  const released = await openAssets({
    prefix: '/static/',
    manifest: join(folder, 'assets.json'),
    releases: join(folder, 'releases'),
  });
  t.is(assetTags(released).bundle('src/main.ts', { lazy: ['src/Page.vue'] }), tags);
  t.is(released.version, sources.version);
  t.deepEqual(released.manifest().bundle, sources.manifest().bundle);
});

test('a bundle that is not there, is not JSON or of another shape is refused by all that read it', async (t) => {
  const folder = await builtFolder(t);
  const file = join(folder, 'bundle.json');
  const roots = join(folder, 'dist');
  const refused = async (code: string, message: RegExp): Promise<void> => {
    const options = { roots, bundle: file };
    await t.throwsAsync(openAssets({ prefix: '/static/', ...options }), { code, message });
    await t.throwsAsync(openAssets({ prefix: '/static/', watch: true, ...options }), { code, message });
    await t.throwsAsync(writeRelease({ ...options, releases: join(folder, 'releases') }), { code, message });
    await t.throwsAsync(checkAssets(options), { code, message });
  };
  await refused('BUNDLE_NOT_FOUND', /bundle\.json": ENOENT\. Build first, or correct its path\.$/);
  await mkdir(file);
  await refused('BUNDLE_NOT_FOUND', /bundle\.json": EISDIR\. Check its path/);
  await rm(file, { recursive: true });
  await writeFile(file, '{"src/main.ts":');
  await refused('BUNDLE_INVALID', /bundle\.json" is not JSON\. Build again\.$/);
  await writeFile(file, '{"main.js":"/static/main.js"}');
  await refused('BUNDLE_INVALID', /is neither Vite's manifest nor esbuild's metafile\. Name the file/);
});

test('a file of a bundle that is no asset is refused, with what to do: build again, or add a root', async (t) => {
  const folder = await builtFolder(t, { 'public/a.txt': '' });
  const bundle = join(folder, 'dist/.vite/manifest.json');
  const outside = await t.throwsAsync(
    openCollection({ prefix: '/static/', roots: join(folder, 'public'), bundle }),
    { code: 'BUNDLE_INVALID' },
  );
  t.is(
    outside?.message,
    `The bundle "${bundle}" names the file "${folder}/dist/assets/main-1.js", which is no asset under "${folder}/public". Add "${folder}/dist/assets" or a folder above it to "roots", or let the bundler write into a root.`,
  );
  await rm(join(folder, 'dist/assets/shared-1.css'));
  await t.throwsAsync(openCollection({ prefix: '/static/', roots: join(folder, 'dist'), bundle }), {
    code: 'BUNDLE_INVALID',
    message: `The bundle "${bundle}" names the file "${folder}/dist/assets/shared-1.css", which is not there. Build again.`,
  });
});

test('check tells every file of a bundle that is no asset, and takes the others for referred to', async (t) => {
  const cwd = await builtFolder(t);
  await Promise.all(['main-1.css', 'shared-1.css'].map((name) => rm(join(cwd, 'dist/assets', name))));
  const { code, out } = await runMain(
    ['check', '--root', 'dist', '--bundle', 'dist/.vite/manifest.json', '--unreferenced'],
    { cwd },
  );
  t.is(code, 1);
  t.is(
    out,
    [
      ...['main-1.css', 'shared-1.css'].map(
        (name) =>
          `error: ${cwd}/dist/.vite/manifest.json: This bundle names the file "${cwd}/dist/assets/${name}", which is not there. Build again.`,
      ),
      'Checked 5 files: 2 errors.\n',
    ].join('\n'),
  );
});

test('openAssets() refuses a bundle together with the manifest of a release', async (t) => {
  const folder = await temporaryFolder(t);
  await t.throwsAsync(
    openAssets({ prefix: '/static/', manifest: 'assets.json', releases: folder, bundle: 'meta.json' }),
    { instanceOf: TypeError, message: /The option "bundle" needs "roots"/ },
  );
});
