import { writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { ReleaseOptions } from '../../src/releases/options.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { runForValue } from '../helpers/run-node.ts';
import { sha256 } from './delta-files.ts';
import { createPlace, type Place } from './place.ts';
import { contentOf, treeOf } from './tree.ts';

const FAILURES: readonly (readonly [
  title: string,
  code: string,
  message: RegExp,
  spoil: (place: Place) => Promise<Partial<ReleaseOptions>>,
])[] = [
  [
    'a reference leads nowhere',
    'REFERENCE_BROKEN',
    /gone\.png/,
    async ({ root }) => {
      await writeFiles(root, { 'css/app.css': 'a { background: url(gone.png) }' });
      return {};
    },
  ],
  [
    'a source changes meanwhile',
    'FILE_CHANGED',
    /tiny\.txt" changed while/,
    async ({ root }) => {
      await writeFiles(root, { 'tiny.txt': 'z' });
      return {
        onProgress: ({ stage, done }) => {
          if (stage === 'copying' && done === 0) writeFileSync(join(root, 'tiny.txt'), 'changed');
        },
      };
    },
  ],
];

for (const [title, code, message, spoil] of FAILURES) {
  test(`writeRelease() leaves everything as it was when ${title}`, async (t) => {
    const place = await createPlace(t);
    await writeRelease({ roots: place.root, releases: place.releases });
    const options = await spoil(place);
    const before = await contentOf(place.releases);
    await t.throwsAsync(writeRelease({ roots: place.root, releases: place.releases, ...options }), {
      code,
      message,
    });
    t.deepEqual(await contentOf(place.releases), before);
  });
}

/** JavaScript after which nothing makes deltas, whatever Node has and whatever is installed. */
const NO_MAKER = `
  import { register, syncBuiltinESMExports } from 'node:module';
  import zlib from 'node:zlib';
  zlib.zstdCompressSync = undefined;
  syncBuiltinESMExports();
  register('data:text/javascript,' + encodeURIComponent(\`
    export async function resolve(specifier, context, next) {
      const isMaker = specifier === '@bokuweb/zstd-wasm';
      return next(specifier, isMaker ? { ...context, parentURL: 'file:///nowhere/' } : context);
    }
  \`));
`;

test('writeRelease() writes nothing where deltas are asked for and nothing makes them', async (t) => {
  const { root, folder } = await createPlace(t);
  const options = { roots: root, releases: join(folder, 'releases'), deltas: true };
  const { code, message } = await runForValue<{ code: string; message: string }>(`
    ${NO_MAKER}
    const { writeRelease } = await import(${JSON.stringify(new URL('../../src/releases/write-release.ts', import.meta.url).href)});
    const options = ${JSON.stringify(options)};
    // Who only looks needs none.
    await writeRelease({ ...options, dryRun: true });
    const error = await writeRelease(options).catch((reason) => reason);
    process.stdout.write(JSON.stringify({ code: error.code, message: error.message }));
  `);
  t.is(code, 'PACKAGE_MISSING', message);
  t.deepEqual(await readdir(folder), ['public']);
});

test('writeRelease() refuses a folder of an earlier release that is damaged, until it is removed', async (t) => {
  const { root, releases } = await createPlace(t);
  const { added } = await writeRelease({ roots: root, releases });
  const folder = join(releases, added.find(({ assets }) => assets[0] === 'css/app.css')?.fingerprint ?? '');
  const file = join(folder, 'img/a.svg');
  const bytes = await readFile(file);
  await rm(file);
  const missing = { code: 'RELEASE_DAMAGED', message: /"img\/a\.svg" is missing\. Remove the folder/ };
  await t.throwsAsync(writeRelease({ roots: root, releases }), missing);
  await writeFile(file, bytes.subarray(1));
  const shorter = { code: 'RELEASE_DAMAGED', message: /has \d+ bytes in place of \d+/ };
  await t.throwsAsync(writeRelease({ roots: root, releases }), shorter);
  await rm(folder, { recursive: true });
  await writeRelease({ roots: root, releases });
  t.deepEqual(await readFile(file), bytes);
});

test('writeRelease() copies what an earlier release has in other bytes than it should', async (t) => {
  const { root, releases } = await createPlace(t);
  await writeRelease({ roots: root, releases });
  for (const [name] of await treeOf(releases))
    if (/^[0-9a-f]{16}\/img\/a\.svg$/.test(name)) {
      await rm(join(releases, name));
      await writeFile(join(releases, name), (await readFile(join(root, 'img/a.svg'))).fill('!'));
    }
  await writeFiles(root, { 'css/app.css': 'b { background: url(../img/a.svg) }\n' });
  const { added } = await writeRelease({ roots: root, releases });
  const copy = await readFile(join(releases, added[0]?.fingerprint ?? '', 'img/a.svg'));
  t.deepEqual(copy, await readFile(join(root, 'img/a.svg')));
});

test('writeRelease() refuses a folder with what a prune would take for releases, until their state is there', async (t) => {
  const { root, folder } = await createPlace(t);
  const wrong = join(folder, 'wrong');
  await writeFiles(wrong, { '0123456789abcdef/keep': 'mine' });
  const before = await contentOf(wrong);
  for (const dryRun of [true, false])
    await t.throwsAsync(writeRelease({ roots: root, releases: wrong, dryRun }), {
      code: 'RELEASE_NOT_FOUND',
      message: /wrong" holds no release, but a folder "0123456789abcdef"/,
    });
  t.deepEqual(await contentOf(wrong), before);
  await mkdir(join(wrong, '.static-url'));
  await writeRelease({ roots: root, releases: wrong });
  t.is(await readFile(join(wrong, '0123456789abcdef/keep'), 'utf8'), 'mine');
});

test('writeRelease() refuses a place for the manifest where it cannot be, before it writes anything', async (t) => {
  const { root, releases, folder } = await createPlace(t);
  for (const [manifest, message] of [
    [join(folder, 'gone/assets.json'), /manifest ".*\/gone\/assets\.json": its folder is not there/],
    [folder, /it is a folder\. Name a file in it, such as ".*\/assets\.json"/],
    [join(root, '../public/tiny.txt/assets.json'), /lies in the root/],
    [join(folder, 'file/assets.json'), /Cannot write ".*\/file\/assets\.json": ENOTDIR/],
  ] as const) {
    await writeFiles(folder, { file: '' });
    for (const dryRun of [true, false])
      await t.throwsAsync(writeRelease({ roots: root, releases, manifest, dryRun }), { message });
  }
  t.deepEqual((await readdir(folder)).toSorted(), ['file', 'public']);
  // These folders the release makes itself.
  for (const place of ['one', 'two/in'])
    await writeRelease({
      roots: root,
      releases: join(folder, place),
      manifest: join(folder, place.slice(0, 3), 'assets.json'),
    });
  for (const place of ['one', 'two']) t.true((await readdir(join(folder, place))).includes('assets.json'));
});

test('writeRelease() says at once that nobody can make the releases folder', async (t) => {
  const { root } = await createPlace(t);
  await t.throwsAsync(writeRelease({ roots: root, releases: '/proc/releases' }), {
    code: 'FILE_UNWRITABLE',
    message: /^Cannot write "\/proc\/releases": E[A-Z]+\. Check its path and permissions\.$/,
  });
});

test('writeRelease() refuses places inside a root, and options of the wrong shape', async (t) => {
  const { root, releases, folder } = await createPlace(t);
  const wrong: readonly (readonly [options: unknown, message: RegExp])[] = [
    [{ roots: root, releases: join(root, 'out') }, /releases folder ".*\/out" lies in the root/],
    [{ roots: root, releases: root }, /lies in the root/],
    [{ roots: root, releases, manifest: join(root, 'assets.json') }, /manifest ".*" lies in the root/],
    [{ roots: root }, /option "releases"/],
    [{ releases }, /option "roots"/],
    [{ roots: root, releases, compres: true }, /Did you mean "compress"\?/],
    [{ roots: root, releases, compress: 'br' }, /"compress" is true or false/],
    [{ roots: root, releases, symlinks: 'refuse' }, /"inside" or "follow"/],
    [{ roots: root, releases, modules: 'groups' }, /"group" or "importmap"/],
    [{ roots: root, releases, onProgress: 1 }, /"onProgress" is a function/],
    [undefined, /needs the options/],
  ];
  for (const [options, message] of wrong)
    await t.throwsAsync(writeRelease(options as ReleaseOptions), { instanceOf: TypeError, message });
  t.deepEqual(await readdir(folder), ['public']);
});

test('writeRelease() refuses a file that nginx would send as a delta of another', async (t) => {
  const digest = sha256('older');
  const name = `js/app.js.dcz/${digest}`;
  const folder = await temporaryFolder(t, {
    'public/js/app.js': 'app();',
    [`public/${name}`]: 'other bytes',
  });
  const release = { roots: join(folder, 'public'), releases: join(folder, 'releases') };
  await t.throwsAsync(writeRelease(release), {
    code: 'COPY_WRONG',
    message: /js\/app\.js\.dcz\/.*" is named like a delta of ".*js\/app\.js": .*Remove it/,
  });
  await rm(join(folder, 'public/js/app.js'));
  await t.notThrowsAsync(writeRelease(release), 'it is of nothing that is there');
});
