import { execFile } from 'node:child_process';
import { chmodSync, renameSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { TYPESCRIPT } from '../helpers/run-node.ts';
import { isIgnoredName } from '../../src/dev/watcher.ts';
import { watchFolder } from './watch-folder.ts';

test('an edited stylesheet is one change', async (t) => {
  const { root, change } = await watchFolder(t, { 'css/app.css': 'a {}', 'other.css': '' });
  writeFileSync(join(root, 'css/app.css'), 'b {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['css/app.css'] });
  writeFileSync(join(root, 'css/app.css'), 'c {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['css/app.css'] });
});

test('a burst of 300 files is one change', async (t) => {
  const names = Array.from({ length: 300 }, (_, index) => `build/${index}.css`);
  const { root, change } = await watchFolder(t, {
    ...Object.fromEntries(names.map((name) => [name, ''])),
    'a.css': '',
  });
  for (const name of names) writeFileSync(join(root, name), 'a {}');
  const burst = await change();
  t.is(burst.kind === 'css' && new Set(burst.assets).size, 300);
  writeFileSync(join(root, 'a.css'), 'a {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['a.css'] }, 'nothing between them');
});

test('300 new files are one change', async (t) => {
  const { root, change } = await watchFolder(t, { 'a.css': '' });
  for (let index = 0; index < 300; index += 1) writeFileSync(join(root, `${index}.js`), '');
  t.deepEqual(await change(), { kind: 'reload' });
  writeFileSync(join(root, 'a.css'), 'a {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['a.css'] }, 'nothing between them');
});

test('an atomic save counts as an edit of the file, and its temporary file not at all', async (t) => {
  const { root, change } = await watchFolder(t, { 'app.css': 'a {}' });
  for (const content of ['b {}', 'c {}']) {
    writeFileSync(join(root, 'app.css.tmp'), content);
    renameSync(join(root, 'app.css.tmp'), join(root, 'app.css'));
    t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] });
  }
  unlinkSync(join(root, 'app.css'));
  writeFileSync(join(root, 'app.css'), 'd {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] }, 'removed and written again');
});

test('a file that is removed and written again in one go, as git does, is still watched', async (t) => {
  const { root, change } = await watchFolder(t, { 'app.css': 'a {}' });
  for (const content of ['b {}', 'c {}', 'd {}']) {
    unlinkSync(join(root, 'app.css'));
    writeFileSync(join(root, 'app.css'), content);
    t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] });
    for (const more of ['e {}', 'f {}']) {
      writeFileSync(join(root, 'app.css'), more);
      t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] }, 'edited in place after that');
    }
  }
});

test('a watched file outside the root is still watched after it was replaced', async (t) => {
  const file = join(await temporaryFolder(t, { '.env': '' }), '.env');
  const { change } = await watchFolder(t, {}, { watch: [file] });
  for (const content of ['1', '2']) {
    unlinkSync(file);
    writeFileSync(file, content);
    t.deepEqual(await change(), { kind: 'reload' });
    writeFileSync(file, `${content} edited`);
    t.deepEqual(await change(), { kind: 'reload' }, 'edited in place after that');
  }
});

test('a file behind a link is still watched after it was replaced', async (t) => {
  const folder = await temporaryFolder(t, { 'public/app.js': '', 'build/app.css': '' });
  await symlink('../build/app.css', join(folder, 'public/app.css'));
  const { change } = await watchFolder(t, {}, { root: join(folder, 'public') });
  const target = join(folder, 'build/app.css');
  for (const content of ['a {}', 'b {}', 'c {}']) {
    unlinkSync(target);
    writeFileSync(target, content);
    t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] });
    writeFileSync(target, `${content} edited`);
    t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] }, 'edited in place after that');
  }
});

test('what happens beside a watched file or on the way to it is no change', async (t) => {
  const folder = await temporaryFolder(t, { 'public/app.css': '', 'settings/config.json': '' });
  const root = join(folder, 'public');
  const watch = [join(folder, 'settings/config.json')];
  const { change } = await watchFolder(t, {}, { root, watch });
  for (const [index, stir] of [
    () => utimesSync(join(folder, 'settings'), 1, 1),
    () => chmodSync(folder, 0o755),
    () => writeFileSync(join(folder, 'settings/other.json'), ''),
  ].entries()) {
    stir();
    writeFileSync(join(root, 'app.css'), `/* ${index} */`);
    t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] }, stir.toString());
  }
});

test('all is watched from the start, whatever is missing', async (t) => {
  const names = Array.from({ length: 200 }, (_, index) => `css/${index}/app.css`);
  const { root, change } = await watchFolder(t, Object.fromEntries(names.map((name) => [name, ''])), {
    watch: [join(await temporaryFolder(t), 'never/views')],
  });
  writeFileSync(join(root, 'css/199/app.css'), 'a {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['css/199/app.css'] });
});

for (const name of ['views', 'later/views']) {
  test(`the missing folder ${name} is watched once it is there, whatever else is missing`, async (t) => {
    const folder = await temporaryFolder(t, { 'public/app.css': '' });
    const root = join(folder, 'public');
    const watch = [join(folder, name), join(folder, 'never')];
    const { change } = await watchFolder(t, {}, { root, watch });
    await mkdir(join(folder, name), { recursive: true });
    t.deepEqual(await change(), { kind: 'reload' });
    for (const content of ['1', '2']) {
      writeFileSync(join(folder, name, 'home.ejs'), content);
      t.deepEqual(await change(), { kind: 'reload' });
      writeFileSync(join(root, 'app.css'), `/* ${content} */`);
      t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] }, 'nothing between them');
    }
  });
}

test('isIgnoredName() ignores dotfiles, dot-folders and what editors leave behind', (t) => {
  for (const name of [
    '.DS_Store',
    '.git',
    '.app.css.swp',
    'app.css~',
    '#app.css#',
    'app.css.new',
    'app.css.tmp',
    'css.old',
    '..twice',
  ]) {
    t.true(isIgnoredName(name), name);
  }
  for (const name of ['app.css', 'app.min.css', '#hash.css', 'new', 'whats.new.css'])
    t.false(isIgnoredName(name), name);
});

test('what lies in an ignored folder is no change, and what was asked for is never ignored', async (t) => {
  const root = join(await temporaryFolder(t), '.cache/site.old');
  await writeFiles(root, { 'app.css': '', '.git/HEAD': '', 'css.old/app.css': '', '.env': '' });
  const { change } = await watchFolder(t, {}, { root, watch: [join(root, '.env')] });
  await writeFiles(root, { '.git/HEAD': '1', 'css.old/app.css': '1' });
  writeFileSync(join(root, 'app.css'), '1');
  t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] }, 'the root lies in a dot-folder');
  writeFileSync(join(root, '.env'), '1');
  t.deepEqual(await change(), { kind: 'reload' });
});

test('a new version beside the file that it replaces is no change until it does', async (t) => {
  const { root, change } = await watchFolder(t, { 'app.css': 'a {}', 'other.css': '' });
  writeFileSync(join(root, 'app.css.new'), 'b {}');
  writeFileSync(join(root, 'other.css'), 'b {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['other.css'] });
  await rename(join(root, 'app.css.new'), join(root, 'app.css'));
  t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] });
});

test('a file that comes and goes in one go is no change', async (t) => {
  const { root, change } = await watchFolder(t, { 'app.css': '' });
  writeFileSync(join(root, '4913'), ''); // as vim does, to see whether it may
  unlinkSync(join(root, '4913'));
  writeFileSync(join(root, 'app.css'), 'a {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] });
});

test('a stylesheet that is removed, written and removed again in one go is gone', async (t) => {
  const { root, change } = await watchFolder(t, { 'app.css': '' });
  unlinkSync(join(root, 'app.css'));
  writeFileSync(join(root, 'app.css'), 'a {}');
  unlinkSync(join(root, 'app.css'));
  t.deepEqual(await change(), { kind: 'reload' });
});

test('an edit of the same length counts when a build sets the time of modification back', async (t) => {
  const root = await temporaryFolder(t, { 'app.css': 'a {}' });
  const file = join(root, 'app.css');
  utimesSync(file, 1, 1);
  const { change } = await watchFolder(t, {}, { root });
  for (const content of ['b {}', 'c {}']) {
    writeFileSync(file, content);
    utimesSync(file, 1, 1);
    t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] });
  }
});

test('source maps and dotfiles are no change', async (t) => {
  const { root, change } = await watchFolder(t, {
    'app.css': '',
    'app.js.map': '',
    '.cache/a.js': '',
    '.env': '',
  });
  await writeFiles(root, {
    'app.js.map': '{}',
    'new.js.map': '{}',
    '.cache/a.js': '1',
    '.env': 'A=1',
    'app.css': 'a {}',
  });
  t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] });
});

test('a removed file and a file in a new folder reload', async (t) => {
  const { root, change } = await watchFolder(t, { 'app.css': '' });
  await rm(join(root, 'app.css'));
  t.deepEqual(await change(), { kind: 'reload' });
  const elsewhere = await temporaryFolder(t, { 'js/app.js': '' });
  await rename(join(elsewhere, 'js'), join(root, 'js'));
  t.deepEqual(await change(), { kind: 'reload' });
});

test('files and folders beside the root reload, stylesheets too', async (t) => {
  const views = await temporaryFolder(t, { 'views/page.ejs': '', 'views/mail.css': '', '.env': '' });
  const { change } = await watchFolder(t, {}, { watch: [join(views, 'views'), join(views, '.env')] });
  for (const name of ['views/page.ejs', 'views/mail.css', '.env']) {
    writeFileSync(join(views, name), '1');
    t.deepEqual(await change(), { kind: 'reload' }, name);
  }
});

test('what cannot be watched is reported once, and the rest is watched', async (t) => {
  const { root, change, errors } = await watchFolder(
    t,
    { 'app.css': '' },
    { broken: ['link-to-itself', 'another'] },
  );
  writeFileSync(join(root, 'app.css'), 'a {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] });
  t.is(errors.length, 1);
  t.regex(errors[0] ?? '', /ELOOP/);
});

test('close() ends all notices', async (t) => {
  const { root, watcher, told, change } = await watchFolder(t, { 'app.css': '' });
  writeFileSync(join(root, 'app.css'), 'a {}');
  await change();
  // Edited just before it ends, and gone just after.
  writeFileSync(join(root, 'app.css'), 'b {}');
  watcher.close();
  told.on('change', () => t.fail());
  await rm(join(root, 'app.css'));
  const other = await watchFolder(t, { 'other.css': '' });
  writeFileSync(join(root, 'app.css'), 'c {}');
  writeFileSync(join(other.root, 'other.css'), 'b {}');
  t.deepEqual(
    await other.change(),
    { kind: 'css', assets: ['other.css'] },
    'a later edit elsewhere is noticed',
  );
});

test('a watcher keeps no process alive', async (t) => {
  const root = await temporaryFolder(t, { 'app.css': '' });
  const module = new URL('../../src/dev/watcher.ts', import.meta.url).href;
  const script = `import { startWatcher } from ${JSON.stringify(module)};
    startWatcher({ roots: [${JSON.stringify(root)}], watch: [], onChange() {}, onError() {} });
    console.log('ready');`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    `--import=${TYPESCRIPT}`,
    '--input-type=module',
    '--eval',
    script,
  ]);
  t.is(stdout, 'ready\n');
});
