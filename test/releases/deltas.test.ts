import { cp, mkdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import xxhash from 'xxhash-wasm';
import { openDeltaMaker } from '../../src/compression/delta-maker.ts';
import { hexadecimal } from '../../src/core/hash.ts';
import type { ReleaseOptions, ReleaseProgress } from '../../src/releases/options.ts';
import { pruneReleases } from '../../src/releases/prune-releases.ts';
import { timeOfContent } from '../../src/releases/release-layout.ts';
import type { ReleaseReport } from '../../src/releases/release-report.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { writeFiles, type Files } from '../helpers/folder.ts';
import { type DeltaFile, deltasIn, sha256, wordsOf, wrongDeltas } from './delta-files.ts';
import { createPlace } from './place.ts';
import { contentOf, foldersIn, leftoversIn, treeOf } from './tree.ts';

interface Deploys {
  readonly root: string;
  readonly releases: string;
  /** Releases, with some files written before. */
  readonly release: (files?: Files, options?: Partial<ReleaseOptions>) => Promise<ReleaseReport>;
}

async function deploysOf(t: ExecutionContext, options: Partial<ReleaseOptions> = {}): Promise<Deploys> {
  const { root, releases } = await createPlace(t, {});
  await mkdir(root);
  return {
    root,
    releases,
    async release(files = {}, others = {}) {
      await writeFiles(root, files);
      return writeRelease({ roots: root, releases, deltas: true, ...options, ...others });
    },
  };
}

/** Every delta of a releases folder is right. */
async function checkDeltas(t: ExecutionContext, releases: string): Promise<void> {
  const maker = await openDeltaMaker();
  t.deepEqual(await wrongDeltas(releases, maker), []);
  await maker.close();
}

/** What deltas there are, as `file < older bytes`, where the older bytes are told by a name. */
async function deltaNames(releases: string, contents: Readonly<Record<string, string>>): Promise<string[]> {
  const names = new Map(Object.entries(contents).map(([name, bytes]) => [sha256(bytes), name]));
  const deltas = await deltasIn(releases);
  return deltas.map(({ file, dictionary }) => `${file.slice(17)} < ${names.get(dictionary)}`).toSorted();
}

/** The one delta that there is. */
async function onlyDelta(releases: string): Promise<DeltaFile> {
  const [delta, ...others] = await deltasIn(releases);
  if (delta === undefined || others.length > 0) throw new Error(`There are ${others.length} others.`);
  return delta;
}

/** The inode of each delta, by the asset and the dictionary. */
async function inodesOf(releases: string): Promise<Map<string, Set<number>>> {
  const inodes = new Map<string, Set<number>>();
  for (const { path, file, dictionary } of await deltasIn(releases)) {
    const key = `${file.slice(17)} < ${dictionary}`;
    inodes.set(key, (inodes.get(key) ?? new Set()).add((await stat(join(releases, path))).ino));
  }
  return inodes;
}

const OLD = wordsOf('old');
const NEW = `${OLD}\none more line`;

/** The blocks of a folder and of those that it is in, up to the one that holds all deltas of a file. */
async function blocksOf(releases: string, folder: string, last: string): Promise<number> {
  const { blocks } = await stat(join(releases, folder));
  return folder === last ? blocks : blocks + (await blocksOf(releases, dirname(folder), last));
}

test('writeRelease() lays a delta beside a file that changed, which makes it from the file before', async (t) => {
  const { releases, release } = await deploysOf(t);
  const first = await release({ 'js/app.js': `// ${OLD}` });
  t.deepEqual(first.deltas, { made: 0, bytes: 0, linked: 0, diskBytes: 0 });
  const before = await treeOf(releases);
  const second = await release({ 'js/app.js': `// ${NEW}` });
  const delta = await onlyDelta(releases);
  t.is(delta.file, `${second.added[0]?.fingerprint}/js/app.js`);
  t.is(delta.dictionary, sha256(`// ${OLD}`));
  await checkDeltas(t, releases);
  const path = join(releases, delta.path);
  const bytes = await readFile(path);
  const stats = await stat(path);
  const hash = hexadecimal((await xxhash()).h64Raw(bytes));
  t.deepEqual([stats.mode & 0o777, stats.mtimeMs], [0o644, timeOfContent(hash) * 1000]);
  const folders = await blocksOf(releases, dirname(delta.path), [delta.file, '.dcz'].join(''));
  const diskBytes = (stats.blocks + folders) * 512;
  t.true(diskBytes > bytes.length);
  t.deepEqual(second.deltas, { made: 1, bytes: bytes.length, linked: 0, diskBytes });
  // What was there is as it was.
  const after = await treeOf(releases);
  for (const [name, entry] of before) if (/^[0-9a-f]{16}\//.test(name)) t.deepEqual(after.get(name), entry);
  t.deepEqual(await leftoversIn(releases), []);
});

test('writeRelease() says what a visitor of the release before fetches, with deltas and without', async (t) => {
  const { releases, release } = await deploysOf(t, { compress: true });
  await release({ 'app.js': `// ${OLD}`, 'data.json': '{"a":1}' });
  const { refetched, refetchedBytes, refetchedTransfer } = await release({
    'app.js': `// ${NEW}`,
    'data.json': '{"a":2}',
  });
  const delta = await onlyDelta(releases);
  const withDeltas = (await stat(join(releases, delta.path))).size;
  const withoutDeltas = (await stat(join(releases, `${delta.file}.br`))).size;
  t.deepEqual(
    refetched.map(({ name, size, transfer }) => ({ name, size, transfer })),
    [
      { name: 'app.js', size: NEW.length + 3, transfer: { withDeltas, withoutDeltas } },
      { name: 'data.json', size: 7, transfer: { withDeltas: 7, withoutDeltas: 7 } },
    ],
  );
  t.is(refetchedBytes, NEW.length + 10);
  t.deepEqual(refetchedTransfer, { withDeltas: withDeltas + 7, withoutDeltas: withoutDeltas + 7 });
  t.true(withDeltas < 200 && withoutDeltas > 5000 && withoutDeltas < NEW.length);
});

test('writeRelease() counts on the deltas of folders that were there', async (t) => {
  const { releases, release } = await deploysOf(t);
  await release({ 'a.txt': OLD });
  await release({ 'a.txt': NEW });
  await release({ 'a.txt': OLD });
  const again = await release({ 'a.txt': NEW });
  const { path } = await onlyDelta(releases);
  t.deepEqual(again.added, []);
  const { size } = await stat(join(releases, path));
  t.deepEqual(again.refetchedTransfer, { withDeltas: size, withoutDeltas: NEW.length });
});

test('writeRelease() makes deltas against as many releases as are asked for', async (t) => {
  const { releases, release } = await deploysOf(t, { deltas: 2 });
  const contents = Object.fromEntries(
    ['1', '2', '3', '4'].map((deploy) => [deploy, `${OLD}\n${wordsOf(deploy, 2)}`]),
  );
  for (const content of Object.values(contents)) await release({ 'a.txt': content });
  const names = await deltaNames(releases, contents);
  t.deepEqual(
    names,
    ['1', '1', '2', '2', '3'].map((deploy) => `a.txt < ${deploy}`),
  );
  await checkDeltas(t, releases);
});

test('writeRelease() has a delta for the same bytes under a new URL', async (t) => {
  const { releases, release } = await deploysOf(t);
  const [style, image] = ['a { background: url(a.svg) }', `<svg><!-- ${OLD} --></svg>`];
  await release({ 'a.css': style, 'a.svg': image });
  const { refetched } = await release({ 'a.css': `${style} b {}` });
  t.deepEqual(await deltaNames(releases, { image }), ['a.svg < image']);
  t.like(refetched[0], { name: 'a.svg', reason: 'renewed' });
  t.true((refetched[0]?.transfer?.withDeltas ?? Infinity) < 200);
  await checkDeltas(t, releases);
});

for (const [what, options, files] of [
  ['unit', { together: ['u/'] }, { 'u/a.bin': wordsOf('a'), 'u/b.bin': wordsOf('b'), 'u/c.js': `// ${OLD}` }],
  [
    'group of modules',
    {},
    {
      'u/a.js': `import './b.js';\n// ${wordsOf('a')}`,
      'u/b.js': `import './c.js';\n// ${wordsOf('b')}`,
      'u/c.js': `import './a.js';\n// ${OLD}`,
    },
  ],
] as const) {
  test(`writeRelease() makes every other file of a ${what} cheap where one changed`, async (t) => {
    const { releases, release } = await deploysOf(t, options);
    await release(files);
    const { refetched, deltas } = await release({ 'u/c.js': `${files['u/c.js']}\nexport const more = 1;\n` });
    t.deepEqual(
      Object.fromEntries(refetched.map(({ name, reason }) => [name, reason])),
      Object.fromEntries(Object.keys(files).map((name) => [name, name === 'u/c.js' ? 'changed' : 'renewed'])),
    );
    t.is(deltas?.made, 3);
    for (const { name, transfer } of refetched) t.true((transfer?.withDeltas ?? Infinity) < 250, name);
    await checkDeltas(t, releases);
  });
}

test('writeRelease() releases files whose names leave no room for deltas', async (t) => {
  const { root, releases, release } = await deploysOf(t, { together: ['u/'] });
  const longest = `${'a'.repeat(249)}.js`;
  const files = ['u/a.js', 'u/a.js.dcz', 'u/b.js', 'u/b.js.dcz/x.js', `u/${longest}`];
  const contents = Object.fromEntries(files.map((name) => [name, `// ${wordsOf(name, 60)}`]));
  await release({ ...contents, 'u/own.js': '1' });
  const { added } = await release({ 'u/own.js': '2' });
  for (const name of files)
    t.deepEqual(
      await readFile(join(releases, added[0]?.fingerprint ?? '', name)),
      await readFile(join(root, name)),
      name,
    );
  t.deepEqual(await deltaNames(releases, contents), [
    'u/a.js.dcz < u/a.js.dcz',
    'u/b.js.dcz/x.js < u/b.js.dcz/x.js',
  ]);
  await checkDeltas(t, releases);
});

/** A text with some digest. */
function textOf(digest: RegExp): string {
  for (let number = 0; ; number += 1) {
    const text = `${OLD}${number}`;
    if (digest.test(sha256(text))) return text;
  }
}

test('writeRelease() names deltas by digests with slashes, wherever those are', async (t) => {
  const { releases, release } = await deploysOf(t);
  const contents = {
    plain: textOf(/^[^/]+$/),
    start: textOf(/^\//),
    middle: textOf(/\w\/\/\w/),
  };
  for (const content of Object.values(contents)) await release({ 'a.txt': content });
  await release({ 'a.txt': NEW }, { deltas: 4 });
  const newest = (await deltaNames(releases, contents)).filter(
    (name, index, all) => all.indexOf(name) === index,
  );
  t.deepEqual(
    newest,
    ['middle', 'plain', 'start'].map((name) => `a.txt < ${name}`),
  );
  await checkDeltas(t, releases);
});

test('writeRelease() keeps no delta that saves little, and measures it by the compressed file', async (t) => {
  const { releases, release } = await deploysOf(t, { compress: true });
  const short = 'short\n'.repeat(5000);
  await release({ 'other.txt': wordsOf('1'), 'short.txt': short });
  await release({ 'other.txt': wordsOf('2'), 'short.txt': `${short}!` });
  t.deepEqual(await deltasIn(releases), []);
  const { deltas } = await release({ 'other.txt': `${wordsOf('2')}!`, 'short.txt': short });
  t.is(deltas?.made, 1);
});

test('writeRelease() makes none of older bytes that are gone or damaged', async (t) => {
  const { releases, release } = await deploysOf(t);
  const names = ['cut.txt', 'gone.txt', 'other.txt', 'whole.txt'];
  const contents = Object.fromEntries(names.map((name) => [name, wordsOf(name)]));
  const { added } = await release(contents);
  const old = (name: string): string =>
    join(releases, added.find(({ assets }) => assets[0] === name)?.fingerprint ?? '', name);
  await truncate(old('cut.txt'), 5000);
  await rm(old('gone.txt'));
  await writeFile(old('other.txt'), wordsOf('others'));
  await release(Object.fromEntries(names.map((name) => [name, `${contents[name]}!`])));
  t.deepEqual(await deltaNames(releases, contents), ['whole.txt < whole.txt']);
});

test('writeRelease() succeeds where older bytes cannot be read', async (t) => {
  const { releases, release } = await deploysOf(t);
  await release({ 'a.txt': OLD });
  const { added } = await release({ 'a.txt': NEW });
  const old = join(releases, added[0]?.fingerprint ?? '', 'a.txt');
  await rm(old);
  await mkdir(old);
  const content = `${NEW}!`;
  const { refetchedTransfer } = await release({ 'a.txt': content });
  t.deepEqual(refetchedTransfer, { withDeltas: content.length, withoutDeltas: content.length });
  t.deepEqual(await deltaNames(releases, { old: OLD }), ['a.txt < old', 'a.txt < old']);
});

/** A unit of two files: in the third release one is as in the second, which has its delta against the first. */
const [UNIT, STEPS] = [
  { together: ['u/'] },
  [
    { 'u/a.txt': OLD, 'u/b.txt': '1' },
    { 'u/a.txt': NEW, 'u/b.txt': '1' },
    { 'u/a.txt': NEW, 'u/b.txt': '2' },
  ],
] as const;

test('writeRelease() takes deltas over that an earlier release has', async (t) => {
  const { releases, release } = await deploysOf(t, UNIT);
  for (const files of STEPS.slice(0, 2)) await release(files);
  const { deltas } = await release(STEPS[2]);
  t.like(deltas, { made: 1, linked: 1 });
  t.deepEqual(await deltaNames(releases, { old: OLD, new: NEW }), [
    'u/a.txt < new',
    'u/a.txt < old',
    'u/a.txt < old',
  ]);
  for (const [name, inodes] of await inodesOf(releases)) t.is(inodes.size, 1, name);
  await checkDeltas(t, releases);
});

test('writeRelease() takes no delta over that saves little now that files are compressed', async (t) => {
  const { releases, release } = await deploysOf(t, UNIT);
  const old = `${'short\n'.repeat(2000)}${wordsOf('old', 20)}`;
  const content = `${old}\n${wordsOf('new', 60)}`;
  await release({ 'u/a.txt': old, 'u/b.txt': '1' });
  await release({ 'u/a.txt': content });
  t.deepEqual(await deltaNames(releases, { old }), ['u/a.txt < old']);
  const { added, deltas } = await release({ 'u/b.txt': '2' }, { compress: true });
  t.like(deltas, { made: 1, linked: 0 });
  const here = (await deltasIn(releases)).filter(({ path }) => path.startsWith(added[0]?.fingerprint ?? ''));
  t.deepEqual(
    here.map(({ dictionary }) => dictionary),
    [sha256(content)],
  );
});

const DAMAGES: Readonly<Record<string, (delta: string) => Promise<void>>> = {
  'cut short': (delta) => truncate(delta, 60),
  'of another time': (delta) => utimes(delta, 0, 0),
  async 'of other bytes, and of their time'(delta) {
    const bytes = Buffer.from('not a delta');
    await writeFile(delta, bytes);
    const time = timeOfContent(hexadecimal((await xxhash()).h64Raw(bytes)));
    await utimes(delta, time, time);
  },
};

for (const [damage, damageDelta] of Object.entries(DAMAGES)) {
  test(`writeRelease() makes a delta anew where that of an earlier release is ${damage}`, async (t) => {
    const { releases, release } = await deploysOf(t, UNIT);
    for (const files of STEPS.slice(0, 2)) await release(files);
    const { path } = await onlyDelta(releases);
    await damageDelta(join(releases, path));
    const { added, deltas } = await release(STEPS[2]);
    t.like(deltas, { made: 2, linked: 0 });
    await rm(join(releases, path.slice(0, 16)), { recursive: true });
    t.deepEqual(await deltaNames(releases, { old: OLD, new: NEW }), ['u/a.txt < new', 'u/a.txt < old']);
    t.true(
      (await deltasIn(releases)).every(({ path: each }) => each.startsWith(added[0]?.fingerprint ?? '')),
    );
  });
}

test('a release back to folders that are there adds no deltas, and leaves those that are', async (t) => {
  const { releases, release } = await deploysOf(t);
  await release({ 'a.txt': OLD });
  await release({ 'a.txt': NEW });
  const before = await contentOf(releases);
  t.is((await deltasIn(releases)).length, 1);
  const { added, deltas, refetchedTransfer } = await release({ 'a.txt': OLD });
  t.deepEqual(added, []);
  t.deepEqual(deltas, { made: 0, bytes: 0, linked: 0, diskBytes: 0 });
  t.deepEqual(refetchedTransfer, { withDeltas: OLD.length, withoutDeltas: OLD.length });
  t.deepEqual(await contentOf(releases), before);
});

test('writeRelease() without deltas links none, and says nothing of them', async (t) => {
  const { releases, release } = await deploysOf(t, UNIT);
  for (const files of STEPS.slice(0, 2)) await release(files);
  const dry = await release(STEPS[2], { dryRun: true });
  const { added, ...plain } = await release(STEPS[2], { deltas: false });
  for (const report of [dry, plain])
    t.false('deltas' in report || 'refetchedTransfer' in report || 'transfer' in Object(report.refetched[0]));
  t.true((await deltasIn(releases)).every(({ path }) => !path.startsWith(added[0]?.fingerprint ?? '')));
});

test('pruneReleases() removes deltas with their folder, and counts them', async (t) => {
  const { releases, release } = await deploysOf(t);
  await release({ 'a.txt': OLD });
  await release({ 'a.txt': NEW });
  const { path } = await onlyDelta(releases);
  const { size } = await stat(join(releases, path));
  await release({ 'a.txt': OLD });
  const { freedBytes, removedFolders } = await pruneReleases({ releases, keep: 1, olderThanSeconds: 0 });
  t.is(freedBytes, NEW.length + size);
  t.deepEqual(removedFolders, [path.slice(0, 16)]);
  t.is((await foldersIn(releases)).length, 1);
});

test('writeRelease() makes equal trees of files and deltas on two hosts, with the same times', async (t) => {
  const [one, other] = [await deploysOf(t, UNIT), await deploysOf(t, UNIT)];
  for (const files of STEPS) {
    await one.release(files);
    await other.release(files);
  }
  const [tree, otherTree] = [one, other].map(async ({ releases }) =>
    [...(await treeOf(releases))].flatMap(([name, { mode, bytes, changed }]) =>
      name.startsWith('.static-url') ? [] : [[name, mode, bytes, bytes === undefined ? undefined : changed]],
    ),
  );
  t.deepEqual(await tree, await otherTree);
  t.is((await deltasIn(one.releases)).length, 3);
});

test('writeRelease() hands deltas on where the releases folder was copied', async (t) => {
  const { root, releases, release } = await deploysOf(t, UNIT);
  for (const files of STEPS.slice(0, 2)) await release(files);
  const copy = `${releases}-copy`;
  await cp(releases, copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  await writeFiles(root, STEPS[2]);
  t.like((await writeRelease({ roots: root, releases: copy, deltas: true, ...UNIT })).deltas, {
    made: 1,
    linked: 1,
  });
});

test('writeRelease() tells how many deltas are made', async (t) => {
  const { release } = await deploysOf(t);
  await release({ 'a.txt': OLD });
  const told: ReleaseProgress[] = [];
  await release({ 'a.txt': NEW }, { onProgress: (progress) => void told.push(progress) });
  t.deepEqual(
    told.filter(({ stage }) => stage === 'making deltas').map(({ done, total }) => [done, total]),
    [
      [0, 1],
      [1, 1],
    ],
  );
});
