import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { link, mkdir, rename, rm, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder, writeFiles } from '../../helpers/folder.ts';
import { watchFolder } from './watched-folder.ts';

const FILES = { 'css/app.css': '@import "./base.css";', 'css/base.css': '', 'js/app.js': '' };

test('new, renamed and deleted folders end in the right state', async (t) => {
  const roots = await temporaryFolder(t, FILES);
  const { assets, settled } = await watchFolder(t, { roots, strict: false });
  await writeFiles(roots, { 'new/deep/er/a.css': 'a {}', 'new/b.css': 'b {}' });
  await settled();
  t.true(assets.has('new/deep/er/a.css'));
  writeFileSync(join(roots, 'new/deep/er/a.css'), 'a { color: red }');
  await settled();
  await rename(join(roots, 'new'), join(roots, 'renamed'));
  await settled();
  t.false(assets.has('new/b.css'));
  writeFileSync(join(roots, 'renamed/deep/er/a.css'), 'a { color: tan }');
  await settled();
  await mkdir(join(roots, 'empty'));
  await rm(join(roots, 'renamed'), { recursive: true });
  await settled();
  t.deepEqual(assets.paths(), Object.keys(FILES).toSorted());
  writeFileSync(join(roots, 'empty/now-not.css'), '');
  await settled();
  t.true(assets.has('empty/now-not.css'));
});

test('a folder that is deleted and made again at once is watched on', async (t) => {
  const roots = await temporaryFolder(t, { 'css/sub/a.css': '1', 'b.css': '' });
  const { assets, settled } = await watchFolder(t, { roots });
  for (const round of ['2', '3', '4']) {
    rmSync(join(roots, 'css'), { recursive: true });
    mkdirSync(join(roots, 'css/sub'), { recursive: true });
    writeFileSync(join(roots, 'css/sub/a.css'), round);
    await settled();
    const before = assets.url('css/sub/a.css');
    writeFileSync(join(roots, 'css/sub/a.css'), `${round} edited`);
    await settled();
    t.not(assets.url('css/sub/a.css'), before);
  }
  renameSync(join(roots, 'css'), join(roots, 'old'));
  mkdirSync(join(roots, 'css'));
  writeFileSync(join(roots, 'css/c.css'), '');
  await settled();
  writeFileSync(join(roots, 'css/c.css'), 'edited');
  await settled();
  t.deepEqual(assets.paths(), ['b.css', 'css/c.css', 'old/sub/a.css']);
});

test('a root that is deleted is told, and watched again when it is back', async (t) => {
  const folder = await temporaryFolder(t, { 'build/public/a.css': '1' });
  const roots = join(folder, 'build/public');
  const { assets, settled, warned } = await watchFolder(t, { roots });
  rmSync(roots, { recursive: true });
  t.regex(await warned(/Cannot find the root/), /public/);
  t.deepEqual(assets.paths(), []);
  await rm(join(folder, 'build'), { recursive: true });
  for (const content of ['2', '3']) {
    await writeFiles(roots, { 'a.css': content });
    await settled();
    t.true(assets.has('a.css'));
  }
  rmSync(roots, { recursive: true });
  mkdirSync(roots);
  writeFileSync(join(roots, 'a.css'), '4');
  await settled();
  writeFileSync(join(roots, 'a.css'), '5');
  await settled();
  t.deepEqual(assets.paths(), ['a.css']);
});

test("the first root's file wins, and when it goes the second's is back", async (t) => {
  const folder = await temporaryFolder(t, {
    'first/b.css': '',
    'second/a.css': 'second',
    'second/css/c.css': '',
  });
  const { assets, settled } = await watchFolder(t, {
    roots: [join(folder, 'first'), join(folder, 'second')],
  });
  const second = assets.url('a.css');
  writeFileSync(join(folder, 'first/a.css'), 'first');
  await settled();
  t.not(assets.url('a.css'), second);
  t.is(assets.asset('a.css').file, join(folder, 'first/a.css'));
  // Of equal bytes, but elsewhere.
  writeFileSync(join(folder, 'first/a.css'), 'second');
  await settled();
  t.is(assets.url('a.css'), second);
  await unlink(join(folder, 'first/a.css'));
  writeFileSync(join(folder, 'first/b.css'), 'edited');
  await settled();
  t.is(assets.url('a.css'), second);
  t.is(assets.asset('a.css').file, join(folder, 'second/a.css'));
});

test('what symbolic and hard links lead to is watched too, by each of its names', async (t) => {
  const folder = await temporaryFolder(t, {
    'shared/lib/a.css': '1',
    'shared/one.css': '1',
    'public/own.css': '1',
  });
  const roots = join(folder, 'public');
  await symlink('../shared/lib', join(roots, 'lib'));
  await symlink('../shared/lib', join(roots, 'alias'));
  await symlink('../shared/one.css', join(roots, 'one.css'));
  await link(join(roots, 'own.css'), join(roots, 'hard.css'));
  const { assets, settled, warned } = await watchFolder(t, { roots });
  writeFileSync(join(folder, 'shared/lib/a.css'), '2');
  await settled();
  writeFileSync(join(folder, 'shared/one.css'), '2');
  await settled();
  writeFileSync(join(folder, 'shared/one.css.tmp'), '3');
  await rename(join(folder, 'shared/one.css.tmp'), join(folder, 'shared/one.css'));
  await settled();
  writeFileSync(join(roots, 'hard.css'), '2');
  await settled();
  await rm(join(folder, 'shared/lib'), { recursive: true });
  await warned(/public\/lib" leads nowhere/);
  await writeFiles(folder, { 'shared/lib/a.css': '3' });
  await settled();
  for (let round = 0; round < 10; round += 1) {
    // Often with the same inode.
    rmSync(join(folder, 'shared/lib'), { recursive: true });
    mkdirSync(join(folder, 'shared/lib'));
    writeFileSync(join(folder, 'shared/lib/a.css'), `made again ${round}`);
    await settled();
    writeFileSync(join(folder, 'shared/lib/a.css'), `edited ${round}`);
    await settled();
  }
  writeFileSync(join(folder, 'shared/lib/a.css'), '4');
  await settled();
  await unlink(join(roots, 'lib'));
  await mkdir(join(roots, 'lib'));
  writeFileSync(join(roots, 'lib/a.css'), '5');
  await settled();
  writeFileSync(join(roots, 'lib/a.css'), '6');
  await settled();
  t.deepEqual(assets.paths(), ['alias/a.css', 'hard.css', 'lib/a.css', 'one.css', 'own.css']);
});

test('a root is found again when a folder far above it is replaced', async (t) => {
  const folder = await temporaryFolder(t, {
    'dist/client/public/a.css': '1',
    'dist.new/client/public/a.css': '2',
  });
  const roots = join(folder, 'dist/client/public');
  const { assets, settled } = await watchFolder(t, { roots });
  const first = assets.url('a.css');
  renameSync(join(folder, 'dist'), join(folder, 'dist.old'));
  renameSync(join(folder, 'dist.new'), join(folder, 'dist'));
  await settled();
  const second = assets.url('a.css');
  t.not(second, first);
  writeFileSync(join(roots, 'a.css'), '3');
  await settled();
  t.not(assets.url('a.css'), second);
});

test('a root is found again when one of the links on the way to it is turned', async (t) => {
  const folder = await temporaryFolder(t, {
    'releases/1/public/a.css': '1',
    'releases/2/public/a.css': '2',
    'releases/3/public/a.css': '3',
  });
  const turn = async (name: string, target: string): Promise<void> => {
    await symlink(target, join(folder, 'turned'));
    await rename(join(folder, 'turned'), join(folder, name));
  };
  await turn('stable', 'releases/1');
  await turn('current', 'stable');
  const { assets, settled } = await watchFolder(t, { roots: join(folder, 'current/public') });
  const urls = new Set([assets.url('a.css')]);
  await turn('stable', 'releases/2');
  await settled();
  urls.add(assets.url('a.css'));
  await turn('current', 'releases/3');
  await settled();
  urls.add(assets.url('a.css'));
  writeFileSync(join(folder, 'releases/3/public/a.css'), '4');
  await settled();
  urls.add(assets.url('a.css'));
  t.is(urls.size, 4);
});

test('any mix of changes ends in the right state', async (t) => {
  const roots = await temporaryFolder(t, { 'a/0.css': '' });
  const { settled, assets } = await watchFolder(t, { roots });
  let seed = 20_250_807;
  const random = (limit: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * limit);
  };
  const folder = (): string => join(roots, ['a', 'b', 'a/c', 'b/d', 'a/c/e'][random(5)] ?? 'a');
  for (let round = 0; round < 8; round += 1) {
    for (let step = 0; step < 60; step += 1) {
      const path = folder();
      const kind = random(6);
      if (kind === 0) rmSync(path, { recursive: true, force: true });
      else if (kind === 1) attempt(() => renameSync(path, folder()));
      else {
        mkdirSync(path, { recursive: true });
        const file = join(path, `${random(4)}.css`);
        writeFileSync(kind === 2 ? `${file}.tmp` : file, `${random(3)}`);
        if (kind === 2) renameSync(`${file}.tmp`, file);
      }
      // Let some of it be noticed in between.
      if (random(8) === 0) await new Promise((resolve) => setTimeout(resolve, random(80)));
    }
    await settled();
  }
  await writeFiles(roots, { 'last.css': '' });
  await settled();
  t.true(assets.has('last.css'));
});

function attempt(change: () => void): void {
  try {
    change();
  } catch {
    // A folder cannot be renamed into itself, nor onto one that is not empty.
  }
}
