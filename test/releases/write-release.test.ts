import { chmod, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { reachOf } from '../../src/assets/asset-index.ts';
import { openCollection } from '../helpers/open-collection.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { runForValue } from '../helpers/run-node.ts';
import { createPlace, type Place } from './place.ts';
import { contentOf, foldersIn, leftoversIn, SITE, treeOf, versionsIn } from './tree.ts';

for (const modules of ['group', 'importmap'] as const) {
  test(`writeRelease() lays under each fingerprint what a browser can reach there (modules: ${modules})`, async (t) => {
    const { root, releases } = await createPlace(t);
    const report = await writeRelease({ roots: root, releases, modules });
    const { index, version } = await openCollection({ prefix: '/static/', roots: root, modules });
    t.is(report.version, version);
    t.deepEqual(await foldersIn(releases), [...index.members.keys()].toSorted());
    for (const fingerprint of index.members.keys()) {
      const folder = join(releases, fingerprint);
      const files = [...(await treeOf(folder))].filter(([, { bytes }]) => bytes !== undefined);
      const reach = [...reachOf(index, fingerprint)].toSorted();
      t.deepEqual(files.map(([name]) => name).toSorted(), reach);
      for (const name of reach)
        t.deepEqual(await readFile(join(folder, name)), await readFile(join(root, name)), name);
    }
    t.deepEqual(await leftoversIn(releases), []);
    const own = index.assets.get('js/b.js')?.fingerprint ?? '';
    t.is((await readdir(join(releases, own, 'js'))).length, modules === 'group' ? 3 : 1);
  });
}

/** A release by a process of its own, with a umask of its own. */
function releaseWith(place: Place, umask: number): string {
  return `
  const { writeRelease } = await import(${JSON.stringify(new URL('../../src/releases/write-release.ts', import.meta.url).href)});
  process.umask(${umask});
  const { version } = await writeRelease({ roots: ${JSON.stringify(place.root)}, releases: ${JSON.stringify(place.releases)}, compress: true });
  process.stdout.write(JSON.stringify(version));
`;
}

/** What must be equal on all hosts. */
async function comparableTree({ releases }: Place): Promise<unknown[]> {
  const tree = await treeOf(releases);
  return [...tree].map(([name, { mode, bytes, changed }]) => [
    name,
    mode,
    bytes,
    // Manifests tell by their time when a release was; folders have theirs by chance.
    bytes === undefined || name.startsWith('.static-url/') ? undefined : changed,
  ]);
}

test('writeRelease() makes equal trees on two hosts, whatever the order, the times and the umask', async (t) => {
  const one = await createPlace(t);
  const other = await createPlace(t, Object.fromEntries(Object.entries(SITE).toReversed()));
  for (const name of Object.keys(SITE)) {
    await utimes(join(other.root, name), 1e9, 1e9);
    await chmod(join(other.root, name), 0o640);
  }
  t.is(await runForValue(releaseWith(one, 0o022)), await runForValue(releaseWith(other, 0o077)));
  t.deepEqual(await comparableTree(other), await comparableTree(one));
  t.true((await foldersIn(one.releases)).length > 5);
  for (const [name, { mode, bytes }] of await treeOf(other.releases))
    t.is(mode, bytes === undefined ? '755' : '644', name);
  t.is((await stat(other.releases)).mode & 0o777, 0o755);
});

test('writeRelease() adds to what is there and changes nothing of it', async (t) => {
  const { root, releases } = await createPlace(t);
  const first = await writeRelease({ roots: root, releases, compress: true });
  const before = await treeOf(releases);
  await writeFiles(root, { 'css/app.css': 'b { background: url(../img/a.svg) }\n' });
  const second = await writeRelease({ roots: root, releases, compress: true });
  const after = await treeOf(releases);
  for (const [name, entry] of before)
    if (/^[0-9a-f]{16}\//.test(name)) t.deepEqual(after.get(name), entry, name);
  t.deepEqual(await versionsIn(releases), [first.version, second.version].toSorted());
  t.is(second.previousVersion, first.version);
  t.is(second.added.length, 1);
  t.deepEqual(second.added[0]?.assets, ['css/app.css', 'img/a.svg']);
  t.is(second.reused.length, first.added.length - 1);
  t.is(second.copiedBytes, 36);
});

test('writeRelease() keeps equal bytes once, in a release and in the next', async (t) => {
  const { root, releases } = await createPlace(t);
  const inodes = async (name: string): Promise<Set<bigint>> => {
    const found = new Set<bigint>();
    for (const [path, { inode }] of await treeOf(releases)) if (path.endsWith(name)) found.add(inode);
    return found;
  };
  await writeRelease({ roots: root, releases, compress: true });
  await writeFiles(root, { 'css/app.css': 'b { background: url(../img/a.svg) }\n' });
  await writeRelease({ roots: root, releases, compress: true });
  for (const name of ['img/a.svg', 'img/a.svg.br', 'img/a.svg.gz']) t.is((await inodes(name)).size, 1, name);
  t.is((await inodes('copy of app 100%.css')).size, 1);
});

test('writeRelease() finds everything there when nothing changed, and then is the newest release', async (t) => {
  const { root, releases } = await createPlace(t);
  const first = await writeRelease({ roots: root, releases });
  await writeFiles(root, { 'tiny.txt': 'y' });
  await writeRelease({ roots: root, releases });
  const before = await contentOf(releases);
  await writeFiles(root, { 'tiny.txt': 'x' });
  const again = await writeRelease({ roots: root, releases });
  t.deepEqual(again.added, []);
  t.is(again.copiedBytes, 0);
  t.is(again.version, first.version);
  t.deepEqual(await contentOf(releases), before);
  const times = await Promise.all(
    (await versionsIn(releases)).map(async (version) => ({
      version,
      time: (await stat(join(releases, `.static-url/manifests/${version}.json`))).mtimeMs,
    })),
  );
  t.is(times.toSorted((a, b) => b.time - a.time)[0]?.version, first.version);
});

test('writeRelease() writes nothing on a dry run, and says what the real one does', async (t) => {
  const { root, releases, folder } = await createPlace(t);
  const manifest = join(folder, 'assets.json');
  const dry = await writeRelease({ roots: root, releases, manifest, dryRun: true });
  t.deepEqual(await readdir(folder), ['public']);
  const real = await writeRelease({ roots: root, releases, manifest });
  t.deepEqual({ ...dry, dryRun: false }, real);
  await writeFiles(root, { 'css/app.css': 'b { background: url(../img/a.svg) }\n', 'new.txt': 'new' });
  const before = await treeOf(folder);
  const dryAgain = await writeRelease({ roots: root, releases, manifest, dryRun: true });
  t.deepEqual(await treeOf(folder), before);
  t.deepEqual({ ...dryAgain, dryRun: false }, await writeRelease({ roots: root, releases, manifest }));
});

test('writeRelease() leaves a manifest beside the app, by which the app opens its release', async (t) => {
  const { root, releases, folder } = await createPlace(t);
  const manifest = join(folder, 'assets.json');
  await writeRelease({ roots: root, releases, manifest });
  await writeRelease({ roots: root, releases, manifest });
  const released = await openCollection({ prefix: '/static/', manifest, releases });
  const source = await openCollection({ prefix: '/static/', roots: root });
  t.is(released.version, source.version);
  t.deepEqual(released.paths(), source.paths());
  for (const path of source.paths()) {
    t.is(released.url(path), source.url(path));
    t.is(released.asset(path).integrity, source.integrity(path));
    t.deepEqual(await readFile(released.asset(path).file), await readFile(join(root, path)));
  }
  const [version = ''] = await versionsIn(releases);
  t.deepEqual(
    await readFile(manifest),
    await readFile(join(releases, `.static-url/manifests/${version}.json`)),
  );
  t.is((await stat(manifest)).mode & 0o777, 0o644);
  t.deepEqual((await readdir(folder)).toSorted(), ['assets.json', 'public', 'releases']);
});

test('writeRelease() gives folders without a manifest their integrity again', async (t) => {
  const { root, releases } = await createPlace(t);
  const { version } = await writeRelease({ roots: root, releases });
  const file = join(releases, `.static-url/manifests/${version}.json`);
  const text = await readFile(file, 'utf8');
  await rm(file);
  t.deepEqual((await writeRelease({ roots: root, releases })).added, []);
  t.is(await readFile(file, 'utf8'), text);
});

test('writeRelease() takes of two files with one name that of the first root', async (t) => {
  const folder = await temporaryFolder(t, { 'a/x.txt': 'a', 'b/x.txt': 'b', 'b/y.txt': 'b' });
  const releases = join(folder, 'releases');
  const { added } = await writeRelease({ roots: [join(folder, 'a'), join(folder, 'b')], releases });
  const texts = await Promise.all(
    added.map(async ({ fingerprint, assets: [name = ''] }) => [
      name,
      await readFile(join(releases, fingerprint, name), 'utf8'),
    ]),
  );
  t.deepEqual(Object.fromEntries(texts), { 'x.txt': 'a', 'y.txt': 'b' });
});

test('writeRelease() says what a visitor of the release before fetches again', async (t) => {
  const { root, releases } = await createPlace(t);
  const first = await writeRelease({ roots: root, releases });
  t.is(first.previousVersion, null);
  t.deepEqual(first.refetched, []);
  await writeFiles(root, {
    'css/app.css': 'b { background: url(../img/a.svg) }\n',
    'js/b.js': "import { a } from './a.js';\nexport const b = () => [a];\n",
    'new.txt': 'new',
  });
  const { refetched, refetchedBytes } = await writeRelease({ roots: root, releases });
  t.deepEqual(
    refetched.map(({ name, reason }) => [name, reason]),
    [
      // Its own URL is as before, but the stylesheet asks for it under the stylesheet's new one.
      ['img/a.svg', 'renewed'],
      // One group with the module that changed.
      ['js/a.js', 'renewed'],
      ['js/b.js', 'changed'],
      ['css/app.css', 'changed'],
    ],
  );
  t.is(
    refetchedBytes,
    refetched.reduce((sum, { size }) => sum + size, 0),
  );
});

test('writeRelease() takes in the folder .well-known and bare module names by option', async (t) => {
  const { root, releases } = await createPlace(t, {
    '.well-known/security.txt': 'contact',
    '.hidden': 'hidden',
    'a.js': "import 'three';\n",
    'vendor/three.js': 'export {};\n',
  });
  const plain = await writeRelease({ roots: root, releases });
  t.is(plain.assets.count, 2);
  const imports = { three: 'vendor/three.js' };
  const report = await writeRelease({ roots: root, releases, wellKnown: true, imports });
  t.is(report.assets.count, 3);
  const { version } = await openCollection({ prefix: '/static/', roots: root, wellKnown: true, imports });
  t.is(report.version, version);
});
