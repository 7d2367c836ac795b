import { chmod, chown, lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { writeRelease } from '../../src/releases/write-release.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { DROP_PRIVILEGES } from '../helpers/permissions.ts';
import { runForValue } from '../helpers/run-node.ts';
import { foldersIn, leftoversIn, namesIn, SITE, treeOf } from './tree.ts';

const RELEASES = new URL('../../src/releases/', import.meta.url).href;
/** That of an account without privileges. */
const GROUP = process.getuid?.() === 0 ? 65_534 : (process.getgid?.() ?? 0);

test('two accounts of one group release and prune in one folder that hands the group on', async (t) => {
  const folder = await temporaryFolder(t);
  await chmod(folder, 0o755);
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  await mkdir(releases);
  await chown(releases, -1, GROUP);
  await chmod(releases, 0o2775);
  await writeFiles(root, SITE);
  await writeRelease({ roots: root, releases, compress: true });
  for (const [name, { mode, bytes }] of await treeOf(releases))
    t.is(mode, bytes === undefined ? '2775' : '644', name);
  await writeFiles(root, { 'css/app.css': 'b { background: url(../img/a.svg) }\n' });
  const { removed, added } = await runForValue<{ removed: string[]; added: number }>(`
    const { writeRelease } = await import(${JSON.stringify(`${RELEASES}write-release.ts`)});
    const { pruneReleases } = await import(${JSON.stringify(`${RELEASES}prune-releases.ts`)});
    await import(${JSON.stringify(new URL('../assets/sources/source-reader.ts', RELEASES).href)});
    ${DROP_PRIVILEGES}
    const [roots, releases] = ${JSON.stringify([root, releases])};
    const { added } = await writeRelease({ roots, releases, compress: true });
    const { removedFolders } = await pruneReleases({ releases, keep: 1, olderThanSeconds: 0 });
    process.stdout.write(JSON.stringify({ added: added.length, removed: removedFolders }));
  `);
  t.deepEqual([added, removed.length], [1, 1]);
  t.false((await foldersIn(releases)).includes(removed[0] ?? ''));
  t.deepEqual(await leftoversIn(releases), []);
});

test('an old tree of names that only another account may remove is left to that account', async (t) => {
  const folder = await temporaryFolder(t);
  await chmod(folder, 0o755);
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  await writeFiles(root, { 'a.js': '1', 'sub/b.js': '2' });
  await writeRelease({ roots: root, releases });
  // Opened to the group later, folder by folder, as by hand.
  const state = join(releases, '.static-url');
  for (const path of [releases, state, ...(await readdir(state)).map((name) => join(state, name))]) {
    if (!(await lstat(path)).isDirectory()) continue;
    await chown(path, -1, GROUP);
    await chmod(path, 0o2775);
  }
  await writeFiles(root, { 'c.js': '3' });
  const names = await runForValue<number>(`
    const { writeRelease } = await import(${JSON.stringify(`${RELEASES}write-release.ts`)});
    await import(${JSON.stringify(new URL('../assets/sources/source-reader.ts', RELEASES).href)});
    ${DROP_PRIVILEGES}
    const { names } = await writeRelease(${JSON.stringify({ roots: root, releases })});
    process.stdout.write(JSON.stringify(names.count));
  `);
  t.is(names, 3);
  t.deepEqual(Object.keys(await namesIn(releases)), ['a.js', 'c.js', 'sub', 'sub/b.js']);
  await writeRelease({ roots: root, releases });
  t.is((await readdir(join(state, 'name-trees'))).length, 1);
});

test('an account that may write nothing sees by a dry run what a release would do', async (t) => {
  const folder = await temporaryFolder(t);
  const [root, releases, manifest] = ['public', 'releases', 'assets.json'].map((name) => join(folder, name));
  await writeFiles(root ?? '', SITE);
  await chmod(folder, 0o555);
  const { dry, real } = await runForValue<{ dry: number; real: string }>(`
    const { writeRelease } = await import(${JSON.stringify(`${RELEASES}write-release.ts`)});
    await import(${JSON.stringify(new URL('../assets/sources/source-reader.ts', RELEASES).href)});
    ${DROP_PRIVILEGES}
    const options = ${JSON.stringify({ roots: root, releases, manifest })};
    const { added } = await writeRelease({ ...options, dryRun: true });
    const real = await writeRelease(options).catch((error) => error.code);
    process.stdout.write(JSON.stringify({ dry: added.length, real }));
  `);
  t.true(dry > 0);
  t.is(real, 'FILE_UNWRITABLE');
});
