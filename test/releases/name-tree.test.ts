import { cp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { pruneReleases } from '../../src/releases/prune-releases.ts';
import type { ReleaseReport } from '../../src/releases/release-report.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { coarseFolder } from '../helpers/coarse-disk.ts';
import { temporaryFolder, writeFiles, type Files } from '../helpers/folder.ts';
import { runForValue } from '../helpers/run-node.ts';
import { leftoversIn } from './tree.ts';

/** For a program of its own, as JavaScript. */
const WRITE_RELEASE = JSON.stringify(new URL('../../src/releases/write-release.ts', import.meta.url).href);

interface Place {
  readonly folder: string;
  readonly releases: string;
  readonly release: (files: Files, options?: { readonly dryRun?: boolean }) => Promise<ReleaseReport>;
  readonly prune: (keep: number) => Promise<unknown>;
  /** What stands in the tree of names, as text. */
  readonly names: () => Promise<Record<string, string>>;
}

async function place(t: ExecutionContext): Promise<Place> {
  const folder = await temporaryFolder(t);
  const [roots, releases] = [join(folder, 'public'), join(folder, 'releases')];
  return {
    folder,
    releases,
    async release(files, options) {
      await rm(roots, { recursive: true, force: true });
      await writeFiles(roots, files);
      return writeRelease({ roots, releases, ...options });
    },
    prune: (keep) => pruneReleases({ releases, keep, olderThanSeconds: 0 }),
    async names() {
      const tree = join(releases, '.static-url/names');
      const entries = await readdir(`${tree}/`, { recursive: true, withFileTypes: true });
      const files = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      const read = files.map(async (file) => [file.slice(tree.length + 1), await readFile(file, 'utf8')]);
      return Object.fromEntries(await Promise.all(read));
    },
  };
}

test('what any kept release has by name stays, the newest bytes of each name', async (t) => {
  const { release, names } = await place(t);
  await release({ 'a.js': '1', 'lazy-1.js': 'one', 'sub/x.css': 'x' });
  const { names: second } = await release({ 'a.js': '2', 'lazy-2.js': 'two' });
  t.deepEqual(second, { count: 4, hidden: [] });
  const kept = { 'a.js': '2', 'lazy-1.js': 'one', 'lazy-2.js': 'two', 'sub/x.css': 'x' };
  t.deepEqual(await names(), kept);
  // The first one released again is the newest.
  await release({ 'a.js': '1', 'lazy-1.js': 'one', 'sub/x.css': 'x' });
  t.deepEqual(await names(), { ...kept, 'a.js': '1' });
});

test('a name goes with the last release that has it', async (t) => {
  const { release, prune, names } = await place(t);
  for (const number of ['1', '2', '3']) await release({ 'a.js': number, [`lazy-${number}.js`]: number });
  await prune(2);
  t.deepEqual(await names(), { 'a.js': '3', 'lazy-2.js': '2', 'lazy-3.js': '3' });
  await prune(1);
  t.deepEqual(await names(), { 'a.js': '3', 'lazy-3.js': '3' });
});

test('where a name is a file in one release and a folder in another, the newest wins, and the report says so', async (t) => {
  const { release, names } = await place(t);
  await release({ 'a/b.js': 'below', c: 'file', 'd.js': 'd' });
  const dry = await release({ a: 'file', 'c/e.js': 'below' }, { dryRun: true });
  const report = await release({ a: 'file', 'c/e.js': 'below' });
  t.deepEqual(report.names, { count: 3, hidden: ['a/b.js', 'c'] });
  t.deepEqual(dry.names, report.names);
  t.deepEqual(await names(), { a: 'file', 'c/e.js': 'below', 'd.js': 'd' });
});

test('names cost no bytes: they are other names of released files', async (t) => {
  const { release, releases } = await place(t);
  const { added } = await release({ 'a.js': '1' });
  const released = await stat(join(releases, added[0]?.fingerprint ?? '', 'a.js'));
  t.is((await stat(join(releases, '.static-url/names/a.js'))).ino, released.ino);
});

test('the tree of names is whole where the file system gives a file no more names', async (t) => {
  const { folder, releases, names } = await place(t);
  await writeFiles(join(folder, 'public'), { 'a.js': '1', 'sub/b.js': '2' });
  await runForValue(`
    import promises from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    promises.link = async () => { throw Object.assign(new Error('EMLINK'), { code: 'EMLINK', syscall: 'link' }); };
    syncBuiltinESMExports();
    const { writeRelease } = await import(${WRITE_RELEASE});
    await writeRelease(${JSON.stringify({ roots: join(folder, 'public'), releases })});
    process.stdout.write('1');
  `);
  t.deepEqual(await names(), { 'a.js': '1', 'sub/b.js': '2' });
});

/** Releases `one`, and just before it calls a function of node:fs/promises on the trees of names, all of `other`. */
async function releaseOvertaken({ folder, releases }: Place, call: 'rename' | 'readdir'): Promise<void> {
  await writeFiles(join(folder, 'one'), { 'a.js': '1', 'one.js': '1' });
  await writeFiles(join(folder, 'other'), { 'a.js': '2', 'other.js': '2' });
  await runForValue(`
    import promises from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    const { ${call} } = promises;
    let comesIn = () => writeRelease(${JSON.stringify({ roots: join(folder, 'other'), releases })});
    promises.${call} = async (...args) => {
      if (args.some((arg) => String(arg).includes('name-trees'))) {
        const release = comesIn;
        comesIn = () => {};
        await release();
      }
      return ${call}(...args);
    };
    syncBuiltinESMExports();
    const { writeRelease } = await import(${WRITE_RELEASE});
    await writeRelease(${JSON.stringify({ roots: join(folder, 'one'), releases })});
    process.stdout.write('1');
  `);
}

test('a release that comes in while another swaps its tree of names is in the tree that stays', async (t) => {
  const here = await place(t);
  await releaseOvertaken(here, 'rename');
  t.deepEqual(await here.names(), { 'a.js': '2', 'one.js': '1', 'other.js': '2' });
});

test('a tree of names that comes into its place while another release tidies up stays', async (t) => {
  const here = await place(t);
  await releaseOvertaken(here, 'readdir');
  t.deepEqual(await here.names(), { 'a.js': '2', 'one.js': '1', 'other.js': '2' });
  t.is((await readdir(join(here.releases, '.static-url/name-trees'))).length, 1);
});

test('a releases folder that was copied with its links followed gets a tree of names again', async (t) => {
  const { folder, release, releases, names } = await place(t);
  await release({ 'a.js': '1' });
  const copy = join(folder, 'copy');
  await cp(releases, copy, { recursive: true, dereference: true });
  await rm(releases, { recursive: true });
  await cp(copy, releases, { recursive: true });
  t.deepEqual(await names(), { 'a.js': '1' });
  await release({ 'b.js': '2' });
  t.deepEqual(await names(), { 'a.js': '1', 'b.js': '2' });
});

test('a link that leads into the releases folder that this one was copied from is replaced', async (t) => {
  const { folder, release, releases, prune, names } = await place(t);
  await release({ 'a.js': '1' });
  const original = join(folder, 'original');
  await rename(releases, original);
  // Node makes relative links absolute.
  await cp(original, releases, { recursive: true, preserveTimestamps: true });
  await prune(5);
  await rm(original, { recursive: true });
  t.deepEqual(await names(), { 'a.js': '1' });
});

test('a prune that finds nothing to remove mends a tree of names that was lost', async (t) => {
  const { release, releases, prune, names } = await place(t);
  await release({ 'a.js': '1' });
  await rm(join(releases, '.static-url/names'));
  await prune(5);
  t.deepEqual(await names(), { 'a.js': '1' });
});

test('old trees of names do not pile up', async (t) => {
  const { release, releases } = await place(t);
  for (const number of ['1', '2', '3']) await release({ 'a.js': number });
  t.is((await readdir(join(releases, '.static-url/name-trees'))).length, 1);
});

test('names that differ in case alone have one place where the file system does not tell them apart', async (t) => {
  const { folder, release, releases, names } = await place(t);
  await release({ 'a.js': 'same', 'Old.js': 'old', 'CSS/x.css': 'x' });
  await rm(join(folder, 'public'), { recursive: true });
  await writeFiles(join(folder, 'public'), { 'a.js': 'same', 'old.js': 'new', 'css/y.css': 'y' });
  await runForValue(`
    import promises from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    const alike = (path) => path.replace(/(?<=\\/names-\\d+)\\/.*/, (name) => name.toLowerCase());
    for (const name of ['mkdir', 'chmod', 'link', 'copyFile']) {
      const original = promises[name];
      promises[name] = (...args) => original(...args.map((each) => (typeof each === 'string' ? alike(each) : each)));
    }
    syncBuiltinESMExports();
    const { writeRelease } = await import(${WRITE_RELEASE});
    await writeRelease(${JSON.stringify({ roots: join(folder, 'public'), releases })});
    process.stdout.write('1');
  `);
  t.deepEqual(await names(), { 'a.js': 'same', 'old.js': 'new', 'css/x.css': 'x', 'css/y.css': 'y' });
});

test('where the file system has no symbolic links, the tree of names is a folder in its place', async (t) => {
  const { folder, releases, names } = await place(t);
  await writeFiles(join(folder, 'one'), { 'a.js': '1', 'one.js': '1' });
  await writeFiles(join(folder, 'other'), { 'a.js': '2', 'other.js': '2' });
  await runForValue(`
    import promises from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    promises.symlink = async () => { throw Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'symlink' }); };
    syncBuiltinESMExports();
    const { writeRelease } = await import(${WRITE_RELEASE});
    for (const name of ['one', 'other'])
      await writeRelease({ roots: ${JSON.stringify(folder)} + '/' + name, releases: ${JSON.stringify(releases)} });
    process.stdout.write('1');
  `);
  t.deepEqual(await names(), { 'a.js': '2', 'one.js': '1', 'other.js': '2' });
  t.deepEqual(await leftoversIn(releases), []);
  t.deepEqual(await readdir(join(releases, '.static-url/name-trees')), []);
});

test('a prune gives back what goes before its tree of names takes room', async (t) => {
  const { release, releases, names } = await place(t);
  for (const number of ['1', '2']) await release({ 'a.js': number, [`lazy-${number}.js`]: number });
  await runForValue(`
    import promises from 'node:fs/promises';
    import { readdirSync } from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const { mkdir } = promises;
    promises.mkdir = async (path, ...options) => {
      const [staging] = /^.*(?=\\/names-)/.exec(path) ?? [];
      if (staging !== undefined && readdirSync(staging).some((name) => /^[0-9a-f]{16}$/.test(name)))
        throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'mkdir' });
      return mkdir(path, ...options);
    };
    syncBuiltinESMExports();
    const { pruneReleases } = await import(${JSON.stringify(new URL('../../src/releases/prune-releases.ts', import.meta.url).href)});
    await pruneReleases(${JSON.stringify({ releases, keep: 1, olderThanSeconds: 0 })});
    process.stdout.write('1');
  `);
  t.deepEqual(await names(), { 'a.js': '2', 'lazy-2.js': '2' });
});

test('the last of several releases is the newest where the file system keeps whole seconds', async (t) => {
  const { folder } = await place(t);
  const releases = join(await coarseFolder(t), 'releases');
  for (const text of ['1', '2', '3', '4', '5']) {
    await writeFiles(join(folder, 'public'), { 'a.js': text });
    await writeRelease({ roots: join(folder, 'public'), releases });
    t.is(await readFile(join(releases, '.static-url/names/a.js'), 'utf8'), text);
  }
  await pruneReleases({ releases, keep: 1, olderThanSeconds: 0 });
  t.is(await readFile(join(releases, '.static-url/names/a.js'), 'utf8'), '5');
});
