import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { checkAssets } from '../../src/assets/check/check-assets.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { createPlace } from './place.ts';
import { contentOf } from './tree.ts';

const FILES = { 'public/a.css': 'a {}', 'secret.txt': 'secret', 'outside/d/b.css': 'b {}' };

for (const [what, link, target] of [
  ['a file', 'leak.txt', '../secret.txt'],
  ['a folder', 'd', '../outside/d'],
] as const) {
  test(`writeRelease() and checkAssets() refuse a link out of the root to ${what}, unless told to follow`, async (t) => {
    const folder = await temporaryFolder(t, FILES);
    const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
    await symlink(target, join(root, link));
    const refused = {
      code: 'LINK_OUTSIDE',
      message: `The symbolic link "${join(root, link)}" points to "${join(root, target)}", outside the roots. Remove it, or set the option "symlinks" to "follow".`,
    };
    await t.throwsAsync(writeRelease({ roots: root, releases }), refused);
    await t.throwsAsync(checkAssets({ prefix: '/static/', roots: root }), refused);
    t.deepEqual(await contentOf(releases), {});
    t.is((await writeRelease({ roots: root, releases, symlinks: 'follow' })).assets.count, 2);
    t.is((await checkAssets({ prefix: '/static/', roots: root, symlinks: 'follow' })).files, 2);
  });
}

test('writeRelease() refuses a link that leaves the root by way of another', async (t) => {
  const folder = await temporaryFolder(t, FILES);
  const root = join(folder, 'public');
  await mkdir(join(root, '.hidden'));
  await symlink('../../secret.txt', join(root, '.hidden/out'));
  await symlink('.hidden/out', join(root, 'looks-inside.txt'));
  await t.throwsAsync(writeRelease({ roots: root, releases: join(folder, 'releases') }), {
    code: 'LINK_OUTSIDE',
    message: /looks-inside\.txt" points to ".*\/secret\.txt"/,
  });
});

test('writeRelease() follows links that stay inside of the roots, which may be links themselves', async (t) => {
  const folder = await temporaryFolder(t, {
    'deploys/1/node_modules/.store/lib@1/lib/index.js': 'export {};\n',
    'deploys/1/node_modules/.store/lib@1/lib/deep/more.css': 'i {}',
    'deploys/1/app.js': "import './node_modules/lib/index.js';\n",
    'shared/b.css': 'b {}',
  });
  await symlink('.store/lib@1/lib', join(folder, 'deploys/1/node_modules/lib'));
  await symlink('app.js', join(folder, 'deploys/1/same.js'));
  await symlink('../../shared/b.css', join(folder, 'deploys/1/b.css'));
  await symlink('deploys/1', join(folder, 'public'));
  const roots = [join(folder, 'public'), join(folder, 'shared')];
  const { added } = await writeRelease({ roots, releases: join(folder, 'releases') });
  const names = new Set(added.flatMap(({ assets }) => assets));
  t.deepEqual([...names].toSorted(), [
    'app.js',
    'b.css',
    'node_modules/lib/deep/more.css',
    'node_modules/lib/index.js',
    'same.js',
  ]);
  const { findings } = await checkAssets({ prefix: '/static/', roots });
  t.deepEqual(findings, []);
});

test('writeRelease() that follows links does not follow them into its own releases', async (t) => {
  const { root, releases, folder } = await createPlace(t, { 'a.css': 'a {}' });
  await writeRelease({ roots: root, releases });
  const before = await contentOf(releases);
  for (const [index, target] of [releases, folder, join(releases, '.static-url')].entries()) {
    const second = join(folder, `root-${index}`);
    await mkdir(second);
    await symlink(target, join(second, 'link'));
    await t.throwsAsync(writeRelease({ roots: [root, second], releases, symlinks: 'follow' }), {
      instanceOf: TypeError,
      message: /link" leads to ".*" and so to the releases folder/,
    });
  }
  t.deepEqual(await contentOf(releases), before);
});
