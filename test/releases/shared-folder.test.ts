import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { writeRelease } from '../../src/releases/write-release.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { DROP_PRIVILEGES } from '../helpers/permissions.ts';
import { runForValue } from '../helpers/run-node.ts';
import { foldersIn, leftoversIn, SITE, treeOf } from './tree.ts';

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
