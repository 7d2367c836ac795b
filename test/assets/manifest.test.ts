import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openAssets, writeRelease } from '../../src/assets.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const ASSET = { fingerprint: '0123456789abcdef', hash: '0123456789abcdef', size: 1 };
const REFERENCE = { kind: 'resource', specifier: 'b.png', target: 'b.png' };
const MANIFEST = { format: 1, modules: 'group', version: '0123456789abcdef' };

const WRONG: readonly (readonly [what: string, manifest: unknown])[] = [
  ['a list', []],
  ['nothing', null],
  ['another format', { ...MANIFEST, format: 2, assets: {} }],
  ['no assets', MANIFEST],
  ['no version', { ...MANIFEST, version: 1, assets: {} }],
  ...[
    5,
    { 'src/main.js': 'app.js' },
    { 'src/main.js': { module: 5, stylesheets: [] } },
    { 'src/main.js': { module: 'app.js' } },
    { 'src/main.js': { stylesheets: [5] } },
  ].map((bundle) => [`the bundle ${JSON.stringify(bundle)}`, { ...MANIFEST, bundle, assets: {} }] as const),
  ...['', '/etc/passwd', '../a.css', 'css/../../a.css', './a.css', 'css//a.css', 'css/', 'a\0.css'].map(
    (name) => [`the name ${JSON.stringify(name)}`, { ...MANIFEST, assets: { [name]: ASSET } }] as const,
  ),
  ['unknown modules', { ...MANIFEST, modules: 'none', assets: {} }],
  ...[
    { ...ASSET, fingerprint: '../secret' },
    { ...ASSET, workerFingerprint: '../secret' },
    { ...ASSET, workerFingerprint: 5 },
    { ...ASSET, hash: 1 },
    { ...ASSET, size: '1' },
    { ...ASSET, integrity: 5 },
    { ...ASSET, references: 5 },
    { ...ASSET, references: {} },
    { ...ASSET, references: [null] },
    { ...ASSET, references: ['b.png'] },
    { ...ASSET, references: [{ ...REFERENCE, kind: 'toString' }] },
    { ...ASSET, references: [{ ...REFERENCE, kind: undefined }] },
    { ...ASSET, references: [{ ...REFERENCE, specifier: 5 }] },
    { ...ASSET, references: [REFERENCE, { ...REFERENCE, target: undefined }] },
  ].map(
    (asset) => [`the asset ${JSON.stringify(asset)}`, { ...MANIFEST, assets: { 'a.css': asset } }] as const,
  ),
];

test('openAssets() refuses a manifest that is not one, down to the last reference', async (t) => {
  const releases = await temporaryFolder(t);
  const manifest = join(releases, 'assets.json');
  for (const [what, content] of WRONG) {
    await writeFile(manifest, JSON.stringify(content));
    await t.throwsAsync(
      openAssets({ prefix: '/static/', manifest, releases }),
      { code: 'MANIFEST_INVALID' },
      what,
    );
  }
});

test('openAssets() opens what a release writes of every kind of reference', async (t) => {
  const folder = await temporaryFolder(t, {
    'public/app.css':
      '@import "b.css"; a { b: url(c.png); --d: url(c.png) } /*# sourceMappingURL=app.css.map */',
    'public/app.css.map': '{}',
    'public/app.js': [
      "import './b.js'; import('./b.js'); import(`./lib/${x}.js`); new URL(`./img/${x}.png`, import.meta.url)",
      "new URL('./lib/', import.meta.url); import(x);",
    ].join('\n'),
    'public/b.css': '',
    'public/b.js': '',
    'public/c.png': '',
    'public/img/d.png': '',
    'public/index.html': '<a href="other.html"></a>',
    'public/lib/e.js': '',
    'public/other.html': '',
  });
  const [releases, manifest] = [join(folder, 'releases'), join(folder, 'assets.json')];
  await writeRelease({ roots: join(folder, 'public'), releases, manifest });
  const assets = await openAssets({ prefix: '/static/', manifest, releases });
  const kinds = Object.values(assets.manifest().assets).flatMap(({ references = [] }) =>
    references.map(({ kind }) => kind),
  );
  t.deepEqual([...new Set(kinds)].toSorted(), [
    'custom-property',
    'dynamic-import',
    'import',
    'import-glob',
    'link',
    'resource',
    'resource-glob',
    'source-map',
    'style-import',
  ]);
  t.is(assets.url('c.png', { from: 'app.css' }), assets.url('app.css').replace('app.css', 'c.png'));
});
