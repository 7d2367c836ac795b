import { chmod, mkdir, readFile, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { getStaticUrlContent } from '../../src/index.ts';
import { temporaryFolder, writeFiles, type Files } from '../helpers/folder.ts';
import { runForValue } from '../helpers/run-node.ts';

const FILL = 'static-url '.repeat(30_000);

/** Names that sort differently by locale, by depth and by order of creation; files at and over one piece of reading. */
const TREE: Files = {
  'B.css': 'b{}\n',
  'a-b.css': '1',
  'a.css': '',
  'a/b.css': '2',
  'fonts/piece.woff2': FILL.slice(0, 262_144),
  'fonts/z/y.woff2': FILL.slice(0, 300_000),
  'ä.css': 'umlaut',
};

/**
 * By the program xxhsum: for each file in this order its bytes, its name, and both lengths (name, bytes) as
 * little-endian 64-bit numbers, all in one stream to `xxhsum -H64`.
 */
const TREE_URL = '/static/c8ccec244168e8ad/';

/** JavaScript that writes the tree into a folder of a name, in an order, and prints its URL. */
function programOf(name: string, order: string): string {
  return `
    import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
    import { dirname, join } from 'node:path';
    process.umask(${name.length % 2 === 0 ? '0o077' : '0o002'});
    for (const [name, bytes] of Object.entries(JSON.parse(readFileSync('tree.json')))${order}) {
      const path = join('${name}', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
      utimesSync(path, name.length, name.length);
    }
    console.log(JSON.stringify(await api.getStaticUrlContent('/static/', '${name}')));`;
}

test('getStaticUrlContent() is the XXH64 of the sorted tree', async (t) => {
  t.is(await getStaticUrlContent('/static/', await temporaryFolder(t, TREE)), TREE_URL);
});

test('getStaticUrlContent() keeps leading zeros of the digest', async (t) => {
  // printf '28app.css\7\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0' | xxhsum -H64
  const root = await temporaryFolder(t, { 'app.css': '28' });
  t.is(await getStaticUrlContent('/static/', root), '/static/0456171026b13e36/');
});

test('getStaticUrlContent() is equal whatever the order of creation, times, modes, links, locale and time zone', async (t) => {
  const parent = await temporaryFolder(t, { 'tree.json': JSON.stringify(TREE) });
  const surroundings = [
    ['one', '', { LC_ALL: 'C', TZ: 'UTC' }],
    ['three', '.toReversed()', { LC_ALL: 'C.UTF-8', TZ: 'Asia/Tokyo' }],
    [
      'four',
      '.toSorted((a, b) => a[1].length - b[1].length)',
      { LC_ALL: 'sv_SE.UTF-8', LANG: 'sv_SE', TZ: 'America/Lima' },
    ],
  ] as const;
  const urls = await Promise.all(
    surroundings.map(([name, order, env]) =>
      runForValue<string>(programOf(name, order), { cwd: parent, env }),
    ),
  );
  t.deepEqual(urls, [TREE_URL, TREE_URL, TREE_URL]);
  await symlink(join(parent, 'one'), join(parent, 'link'));
  t.is(await getStaticUrlContent('/static/', `${parent}/link/`), TREE_URL);
});

test('getStaticUrlContent() changes with every byte, name and place, and with nothing else', async (t) => {
  const root = await temporaryFolder(t, TREE);
  const file = (name: string): string => join(root, name);
  const url = (): Promise<string> => getStaticUrlContent('/static/', root);
  const seen = new Set([await url()]);
  const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['a byte', () => writeFile(file('B.css'), 'c{}\n')],
    [
      'a byte behind the first piece',
      async () => {
        const bytes = await readFile(file('fonts/z/y.woff2'));
        bytes[299_999] = 0;
        await writeFile(file('fonts/z/y.woff2'), bytes);
      },
    ],
    ['a byte less', () => truncate(file('fonts/piece.woff2'), 262_143)],
    ['a name', () => rename(file('B.css'), file('C.css'))],
    ['the case of a name', () => rename(file('C.css'), file('c.css'))],
    ['a folder', () => rename(file('a'), file('b'))],
    ['an empty file', () => writeFile(file('empty'), '')],
    ['a file less', () => rm(file('a-b.css'))],
  ];
  for (const [what, change] of changes) {
    await change();
    const changed = await url();
    t.false(seen.has(changed), what);
    seen.add(changed);
  }
  const last = await url();
  await chmod(file('a.css'), 0o600);
  await utimes(file('a.css'), 1, 1);
  await writeFiles(root, { '.env': 'SECRET=1', '.git/HEAD': 'x', 'b/.DS_Store': 'x' });
  await mkdir(file('empty folder'));
  t.is(await url(), last);
});

test('getStaticUrlContent() differs between trees whose names and bytes follow each other alike', async (t) => {
  const trees: readonly Files[] = [
    { a: 'bc' },
    { ab: 'c' },
    { abc: '' },
    { a: 'b', c: '' },
    { a: '', bc: '' },
    { a: '', b: 'c' },
    { a: 'c', b: '' },
    { 'a/b': 'c' },
    { a: 'bc', d: '' },
    // What the frame of an inner file would be, as bytes of an outer one.
    { a: Buffer.from('xa\u0001\0\0\0\0\0\0\0\u0001\0\0\0\0\0\0\0') },
    { a: 'x', b: '' },
    { a: 'x\0b' },
  ];
  const urls = new Set<string>();
  for (const tree of trees) urls.add(await getStaticUrlContent('/static/', await temporaryFolder(t, tree)));
  t.is(urls.size, trees.length);
});

test('getStaticUrlContent() with wellKnown counts that folder at the root, and no other dotfile', async (t) => {
  const root = await temporaryFolder(t, { 'a.css': 'a{}', '.env': '', 'sub/.well-known/x': '' });
  const options = { wellKnown: true };
  const before = await getStaticUrlContent('/static/', root, options);
  t.is(before, await getStaticUrlContent('/static/', root));
  await writeFiles(root, { '.well-known/security.txt': 'contact' });
  t.not(await getStaticUrlContent('/static/', root, options), before);
  t.is(await getStaticUrlContent('/static/', root), before);
});

test('getStaticUrlContent() counts dotfiles by option only', async (t) => {
  const root = await temporaryFolder(t, { '.env': 'A=1', 'a-b.css': '1' });
  t.is(await getStaticUrlContent('/static/', root), '/static/2d96e2d020a4205f/');
  t.is(await getStaticUrlContent('/static/', root, { dotfiles: false }), '/static/2d96e2d020a4205f/');
  t.is(await getStaticUrlContent('/static/', root, { dotfiles: true }), '/static/7355366bac2701ef/');
});

test('getStaticUrlContent() digests what a link leads to under the name of the link', async (t) => {
  const root = await temporaryFolder(t, TREE);
  const outside = await temporaryFolder(t);
  await rename(join(root, 'a'), join(outside, 'folder'));
  await rename(join(root, 'B.css'), join(outside, '.file'));
  await symlink(join(outside, 'folder'), join(root, 'a'));
  await symlink(join(outside, '.file'), join(root, 'B.css'));
  t.is(await getStaticUrlContent('/static/', root), TREE_URL);
});
