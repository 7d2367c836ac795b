import { mkdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { PruneOptions } from '../../src/releases/options.ts';
import { pruneReleases } from '../../src/releases/prune-releases.ts';
import { createRunId } from '../../src/files/run-id.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { contentOf, foldersIn, leftoversIn, treeOf, versionsIn } from './tree.ts';

const DAY_SECONDS = 24 * 60 * 60;

interface Releases {
  readonly releases: string;
  /** The oldest first. */
  readonly versions: readonly string[];
  /** The fingerprint that only this release has. */
  readonly own: readonly string[];
  readonly shared: string;
}

/** Releases that became the newest so many days ago, those of one day in this order, each with a file of its own and one that all share. */
async function createReleases(t: ExecutionContext, days: readonly number[]): Promise<Releases> {
  const folder = await temporaryFolder(t);
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  const versions: string[] = [];
  const own: string[] = [];
  let shared = '';
  const start = Date.now() / 1000 - days.length;
  for (const [index, age] of days.entries()) {
    await writeFiles(root, { 'own.txt': `release ${index}`, 'shared.txt': 'shared' });
    const report = await writeRelease({ roots: root, releases });
    versions.push(report.version);
    for (const { fingerprint, assets } of [...report.added, ...report.reused])
      if (assets[0] === 'own.txt') own.push(fingerprint);
      else shared = fingerprint;
    const time = start + index - age * DAY_SECONDS;
    await utimes(join(releases, `.static-url/manifests/${report.version}.json`), time, time);
  }
  return { releases, versions, own, shared };
}

test('pruneReleases() removes what no kept release names', async (t) => {
  const { releases, versions, own, shared } = await createReleases(t, [90, 60, 50, 1]);
  const before = await treeOf(releases);
  const report = await pruneReleases({ releases, keep: 2, olderThanSeconds: 0 });
  t.deepEqual(report, {
    dryRun: false,
    kept: [versions[3] ?? '', versions[2] ?? ''],
    removed: versions.slice(0, 2).toSorted(),
    removedFolders: own.slice(0, 2).toSorted(),
    freedBytes: 2 * 'release 0'.length,
  });
  t.deepEqual(await versionsIn(releases), versions.slice(2).toSorted());
  t.deepEqual(await foldersIn(releases), [...own.slice(2), shared].toSorted());
  for (const [name, entry] of await treeOf(releases))
    if (entry.bytes !== undefined) t.deepEqual(entry, before.get(name), name);
  t.deepEqual(await leftoversIn(releases), []);
});

test('pruneReleases() keeps a release until another has replaced it for long enough, 30 days by default', async (t) => {
  const { releases, versions } = await createReleases(t, [90, 60, 29, 1, 1, 1, 1, 0]);
  const report = await pruneReleases({ releases, keep: 1 });
  t.deepEqual(report.kept, versions.slice(1).toReversed());
  t.deepEqual(report.removed, versions.slice(0, 1));
});

test('pruneReleases() keeps the five newest by default, whatever their age', async (t) => {
  const { releases, versions } = await createReleases(t, [900, 800, 700, 600, 500, 400, 300]);
  t.deepEqual((await pruneReleases({ releases })).kept, versions.slice(2).toReversed());
});

test('pruneReleases() takes a release that was released again for new', async (t) => {
  const { releases, versions, own } = await createReleases(t, [90, 80, 70]);
  const time = Date.now() / 1000;
  await utimes(join(releases, `.static-url/manifests/${versions[0]}.json`), time, time);
  const { kept, removedFolders } = await pruneReleases({ releases, keep: 1, olderThanSeconds: DAY_SECONDS });
  // The third was the newest until now.
  t.deepEqual(kept, [versions[0] ?? '', versions[2] ?? '']);
  t.deepEqual(removedFolders, [own[1] ?? '']);
});

test('pruneReleases() takes a release for the newest that a host with a slow clock has written', async (t) => {
  const folder = await temporaryFolder(t);
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  const release = async (text: string): Promise<string> => {
    await writeFiles(root, { 'own.txt': text });
    return (await writeRelease({ roots: root, releases })).version;
  };
  const first = await release('by a clock that is an hour ahead');
  const ahead = Date.now() / 1000 + 3600;
  await utimes(join(releases, `.static-url/manifests/${first}.json`), ahead, ahead);
  const slow = [await release('a'), await release('b'), await release('a')];
  const { kept } = await pruneReleases({ releases, keep: 1, olderThanSeconds: 0, dryRun: true });
  t.deepEqual(kept, [slow[2] ?? '', slow[1] ?? '', first]);
});

test('pruneReleases() removes nothing on a dry run, and says what the real one does', async (t) => {
  const { releases } = await createReleases(t, [90, 80, 70]);
  const before = await treeOf(releases);
  const dry = await pruneReleases({ releases, keep: 1, olderThanSeconds: 0, dryRun: true });
  t.deepEqual(await treeOf(releases), before);
  t.is(dry.removed.length, 2);
  const real = await pruneReleases({ releases, keep: 1, olderThanSeconds: 0 });
  t.deepEqual({ ...dry, dryRun: false }, real);
});

test('pruneReleases() touches nothing that is not ours by name', async (t) => {
  const { releases } = await createReleases(t, [90, 0]);
  const foreign = join(releases, '..', 'foreign');
  await writeFiles(foreign, { file: 'foreign' });
  await writeFiles(releases, {
    'index.html': 'mine',
    'ABCDEFABCDEFABCD/file': 'mine',
    'abcdefabcdefabc/file': 'mine',
    '0123456789abcdef0/file': 'mine',
    '1111111111111111': 'a file',
    '.static-url/notes.txt': 'mine',
    '.static-url/staging/notes/file': 'mine',
    '.static-url/manifests/notes.txt': 'mine',
  });
  await symlink(foreign, join(releases, '2222222222222222'));
  await mkdir(join(releases, '3333333333333333'));
  const { removedFolders } = await pruneReleases({ releases, keep: 1, olderThanSeconds: 0 });
  t.true(removedFolders.includes('3333333333333333'));
  t.is(removedFolders.length, 2);
  const left = Object.keys(await contentOf(releases));
  for (const name of [
    'index.html',
    'ABCDEFABCDEFABCD/file',
    'abcdefabcdefabc/file',
    '0123456789abcdef0/file',
    '1111111111111111',
    '2222222222222222',
    '.static-url/notes.txt',
    '.static-url/staging/notes/file',
    '.static-url/manifests/notes.txt',
  ])
    t.true(left.includes(name), name);
  t.is(await readFile(join(foreign, 'file'), 'utf8'), 'foreign');
});

for (const [title, hours, honoured] of [
  ['honours announcements younger than a day, even of a release that is dead', 23, true],
  ['does not honour announcements older than a day', 25, false],
] as const) {
  test(`pruneReleases() ${title}`, async (t) => {
    const { releases, versions, own } = await createReleases(t, [90, 80, 70, 0]);
    const orphan = '4444444444444444';
    await writeFiles(releases, { [`${orphan}/file`]: 'written by a release under way' });
    const id = `999999999-1-${createRunId().split('-')[2]}-00000000`;
    const file = join(releases, `.static-url/announcements/${id}.json`);
    await writeFile(file, JSON.stringify({ versions: [versions[1]], fingerprints: [own[0], orphan] }));
    const time = Date.now() / 1000 - hours * 3600;
    await utimes(file, time, time);
    await pruneReleases({ releases, keep: 1, olderThanSeconds: 0 });
    const folders = await foldersIn(releases);
    t.is(folders.includes(orphan), honoured);
    t.is(folders.includes(own[0] ?? ''), honoured);
    // A release that is being released again keeps its manifest, and so all its folders.
    t.is((await versionsIn(releases)).includes(versions[1] ?? ''), honoured);
    t.is(folders.includes(own[1] ?? ''), honoured);
    t.false(folders.includes(own[2] ?? ''));
    t.is((await leftoversIn(releases)).length, honoured ? 1 : 0);
  });
}

for (const [what, where, advice] of [
  ['manifest', 'manifests/5555555555555555.json', 'Remove it, or restore it from another host.'],
  ['announcement', `announcements/${createRunId()}.json`, 'Remove it if no release is running.'],
] as const) {
  test(`pruneReleases() removes nothing while there is a ${what} that it cannot read`, async (t) => {
    const { releases } = await createReleases(t, [90, 80, 0]);
    await writeFiles(releases, { [`.static-url/${where}`]: '{"format":2}' });
    const before = await contentOf(releases);
    await t.throwsAsync(pruneReleases({ releases, keep: 1, olderThanSeconds: 0 }), {
      code: 'MANIFEST_INVALID',
      message: `The ${what === 'manifest' ? what : 'file'} "${releases}/.static-url/${where}" is not one of this version of static-url. ${advice}`,
    });
    t.deepEqual(await contentOf(releases), before);
  });
}

test('pruneReleases() refuses a folder without a release, and leaves it as it is', async (t) => {
  const folder = await temporaryFolder(t, { 'releases/0123456789abcdef/a.css': 'a' });
  const releases = join(folder, 'releases');
  const refused = { code: 'RELEASE_NOT_FOUND', message: /holds no release/ };
  await t.throwsAsync(pruneReleases({ releases, keep: 1, olderThanSeconds: 0 }), refused);
  t.deepEqual(Object.keys(await contentOf(folder)).length, 3);
  await t.throwsAsync(pruneReleases({ releases: join(folder, 'gone') }), {
    code: 'RELEASE_NOT_FOUND',
    message: /Cannot find the releases folder/,
  });
  await t.throwsAsync(stat(join(folder, 'gone')));
});

test('pruneReleases() refuses options of the wrong shape or range', async (t) => {
  const wrong: readonly (readonly [
    options: unknown,
    kind: typeof TypeError | typeof RangeError,
    message: RegExp,
  ])[] = [
    [undefined, TypeError, /needs the option "releases"/],
    [{}, TypeError, /option "releases"/],
    [{ releases: '.', kep: 1 }, TypeError, /Did you mean "keep"\?/],
    [{ releases: '.', keep: '1' }, TypeError, /"keep" is a whole number of releases/],
    [{ releases: '.', keep: 0 }, RangeError, /whole number of releases from 1/],
    [{ releases: '.', keep: 1.5 }, RangeError, /whole number/],
    [{ releases: '.', olderThanSeconds: '30d' }, TypeError, /number of seconds/],
    [{ releases: '.', olderThanSeconds: -1 }, RangeError, /not -1/],
    [{ releases: '.', olderThanSeconds: Number.NaN }, RangeError, /not NaN/],
    [{ releases: '.', dryRun: 1 }, TypeError, /"dryRun" is true or false/],
  ];
  for (const [options, instanceOf, message] of wrong)
    await t.throwsAsync(pruneReleases(options as PruneOptions), { instanceOf, message });
});

test('pruneReleases() says how much it gave back, not counting what others still link to', async (t) => {
  const folder = await temporaryFolder(t);
  const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
  await writeFiles(root, { 'a.css': 'a { background: url(b.png) }', 'b.png': 'b'.repeat(1000) });
  await writeRelease({ roots: root, releases });
  await writeFiles(root, { 'a.css': 'i { background: url(b.png) }/**/' });
  await writeRelease({ roots: root, releases });
  const { freedBytes } = await pruneReleases({ releases, keep: 1, olderThanSeconds: 0 });
  t.is(freedBytes, 28);
  await rm(join(root, 'b.png'));
  await writeFiles(root, { 'a.css': 'none' });
  await writeRelease({ roots: root, releases });
  t.is((await pruneReleases({ releases, keep: 1, olderThanSeconds: 0 })).freedBytes, 1032);
});
