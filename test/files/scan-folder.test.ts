import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { requireFolder, scanFolder } from '../../src/files/scan-folder.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { runForValue } from '../helpers/run-node.ts';

const SCAN_FOLDER = new URL('../../src/files/scan-folder.ts', import.meta.url).href;

const STRICT = { dotfiles: false, wellKnown: false };

/** By code unit, which is neither by locale, nor by depth, nor by code point. */
const SORTED = ['B', 'a', 'a-b', 'a.b', 'aB', 'b!/z', 'b/a', 'z10', 'z9', 'ä', '\u{1F642}', '\u{FF61}'];

test('scanFolder() lists files by their names below the root, sorted by code unit', async (t) => {
  const names = SORTED.toReversed();
  const root = await temporaryFolder(t, Object.fromEntries(names.map((name) => [name, ''])));
  await mkdir(join(root, 'empty/folder'), { recursive: true });
  t.deepEqual(scanFolder(root, STRICT), SORTED);
});

test('scanFolder() sorts alike whatever the locale', async (t) => {
  const root = await temporaryFolder(t, Object.fromEntries(SORTED.map((name) => [name, ''])));
  for (const locale of ['C', 'sv_SE.UTF-8', 'tr_TR.UTF-8']) {
    const program = `
      import { scanFolder } from ${JSON.stringify(SCAN_FOLDER)};
      console.log(JSON.stringify(scanFolder(${JSON.stringify(root)}, ${JSON.stringify(STRICT)})));`;
    t.deepEqual(await runForValue(program, { env: { LC_ALL: locale, LANG: locale } }), SORTED, locale);
  }
});

test('scanFolder() goes down a thousand folders', async (t) => {
  const root = await temporaryFolder(t);
  const deep = Array.from({ length: 1000 }, () => 'd').join('/');
  await mkdir(join(root, deep), { recursive: true });
  await symlink(import.meta.filename, join(root, deep, 'file'));
  t.deepEqual(scanFolder(root, STRICT), [`${deep}/file`]);
});

test('scanFolder() leaves out names with a dot that the rule does not allow', async (t) => {
  const root = await temporaryFolder(t, {
    '.env': '',
    '.git/HEAD': '',
    '.well-known/security.txt': '',
    '.well-known/.secret': '',
    'a/.DS_Store': '',
    'a/.well-known/x': '',
    'a/b.c': '',
  });
  t.deepEqual(scanFolder(root, STRICT), ['a/b.c']);
  t.deepEqual(scanFolder(root, { dotfiles: false, wellKnown: true }), ['.well-known/security.txt', 'a/b.c']);
  t.is(scanFolder(root, { dotfiles: true, wellKnown: false }).length, 7);
});

test('scanFolder() does not look at a broken link that the rule leaves out', async (t) => {
  const root = await temporaryFolder(t, { 'app.css': '' });
  // Emacs leaves such a lock beside a file that is being edited.
  await symlink('user@host.1234:1600000000', join(root, '.#app.css'));
  t.deepEqual(scanFolder(root, STRICT), ['app.css']);
  t.throws(() => scanFolder(root, { dotfiles: true, wellKnown: false }), { code: 'LINK_BROKEN' });
});

test('scanFolder() follows links to files and folders, several to one folder too', async (t) => {
  const outside = await temporaryFolder(t, { 'x/y.css': '' });
  const root = await temporaryFolder(t, { 'a.css': '' });
  await symlink(outside, join(root, 'one'));
  await symlink(outside, join(root, 'two'));
  await symlink('a.css', join(root, 'three.css'));
  await symlink('one/x', join(root, 'four'));
  t.deepEqual(scanFolder(root, STRICT), ['a.css', 'four/y.css', 'one/x/y.css', 'three.css', 'two/x/y.css']);
});

test('scanFolder() takes a folder beside the one a link is in for no loop, though its name starts alike', async (t) => {
  const root = await temporaryFolder(t, { 'app/a.css': '', 'app-shared/b.css': '' });
  await symlink('../app-shared', join(root, 'app/shared'));
  await symlink('../app', join(root, 'app-shared/app'));
  t.throws(() => scanFolder(root, STRICT), { code: 'LINK_BROKEN', message: /leads back/ });
  const other = await temporaryFolder(t, { 'app-shared/b.css': '', 'app-shared-x/a.css': '' });
  await symlink('../app-shared', join(other, 'app-shared-x/shared'));
  t.deepEqual(scanFolder(other, STRICT), [
    'app-shared-x/a.css',
    'app-shared-x/shared/b.css',
    'app-shared/b.css',
  ]);
});

test('requireFolder() tells a missing root from a file', async (t) => {
  const root = await temporaryFolder(t, { file: '' });
  t.notThrows(() => requireFolder(root));
  t.throws(() => requireFolder(join(root, 'gone')), { code: 'ROOT_NOT_FOUND' });
  t.throws(() => requireFolder(join(root, 'file')), { code: 'ROOT_NOT_A_FOLDER' });
  t.throws(() => requireFolder(join(root, 'file/below')), { code: 'FILE_UNREADABLE', message: /ENOTDIR/ });
});
