import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { rename, rm, symlink, writeFile } from 'node:fs/promises';
import { EventEmitter, on, once } from 'node:events';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import type { Change } from '../../src/dev/change-batch.ts';
import { startWatcher } from '../../src/dev/watcher.ts';
import { temporaryFolder, writeFiles, type Files } from '../helpers/folder.ts';

/** A watched folder, ready, with what is told about it. */
async function watchFolder(
  t: ExecutionContext,
  files: Files,
  {
    watch = [],
    broken = [],
  }: { readonly watch?: readonly string[]; readonly broken?: readonly string[] } = {},
) {
  const root = await temporaryFolder(t, files);
  for (const name of broken) await symlink(name, join(root, name));
  const errors: string[] = [];
  const told = new EventEmitter();
  const changes = on(told, 'change');
  const ready = once(told, 'ready');
  const watcher = startWatcher({
    root,
    watch,
    onReady: () => told.emit('ready'),
    onChange: (change) => told.emit('change', change),
    onError: (error) => errors.push(error.message),
  });
  // Nothing else keeps the test's process alive.
  const alive = setInterval(() => {}, 1_000);
  t.teardown(async () => {
    clearInterval(alive);
    await watcher.close();
  });
  await ready;
  if (broken.length === 0) t.deepEqual(errors, []);
  return {
    root,
    errors,
    watcher,
    told,
    change: async (): Promise<Change> => {
      const { value } = await changes.next();
      return value[0];
    },
  };
}

test('an edited stylesheet is one change', async (t) => {
  const { root, change } = await watchFolder(t, { 'css/app.css': 'a {}', 'other.css': '' });
  await writeFile(join(root, 'css/app.css'), 'b {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['css/app.css'] });
  await writeFile(join(root, 'css/app.css'), 'c {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['css/app.css'] });
});

test('a burst of 300 files is one change', async (t) => {
  const names = Array.from({ length: 300 }, (_, index) => `build/${index}.css`);
  const { root, change } = await watchFolder(t, {
    ...Object.fromEntries(names.map((name) => [name, ''])),
    'a.css': '',
  });
  await Promise.all(names.map((name) => writeFile(join(root, name), 'a {}')));
  const burst = await change();
  t.is(burst.kind === 'css' && new Set(burst.assets).size, 300);
  await writeFile(join(root, 'a.css'), 'a {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['a.css'] }, 'nothing between them');
});

test('300 new files are one change', async (t) => {
  const { root, change } = await watchFolder(t, { 'a.css': '' });
  await Promise.all(Array.from({ length: 300 }, (_, index) => writeFile(join(root, `${index}.js`), '')));
  t.deepEqual(await change(), { kind: 'reload' });
  await writeFile(join(root, 'a.css'), 'a {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['a.css'] }, 'nothing between them');
});

test('an atomic save counts as an edit of the file, and its temporary file not at all', async (t) => {
  const { root, change } = await watchFolder(t, { 'app.css': 'a {}' });
  for (const content of ['b {}', 'c {}']) {
    await writeFile(join(root, 'app.css.tmp'), content);
    await rename(join(root, 'app.css.tmp'), join(root, 'app.css'));
    t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] });
  }
  await rm(join(root, 'app.css'));
  await writeFile(join(root, 'app.css'), 'd {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] }, 'removed and written again');
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
    await writeFile(join(views, name), '1');
    t.deepEqual(await change(), { kind: 'reload' }, name);
  }
});

test('what cannot be watched is told once, and the rest is watched', async (t) => {
  const { root, change, errors } = await watchFolder(
    t,
    { 'app.css': '' },
    { broken: ['link-to-itself', 'another'] },
  );
  await writeFile(join(root, 'app.css'), 'a {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] });
  t.is(errors.length, 1);
  t.regex(errors[0] ?? '', /ELOOP/);
});

test('close() ends all notices', async (t) => {
  const { root, watcher, told, change } = await watchFolder(t, { 'app.css': '' });
  await writeFile(join(root, 'app.css'), 'a {}');
  await change();
  await watcher.close();
  told.on('change', () => t.fail());
  const other = await watchFolder(t, { 'other.css': '' });
  await writeFile(join(root, 'app.css'), 'b {}');
  await writeFile(join(other.root, 'other.css'), 'b {}');
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
    startWatcher({ root: ${JSON.stringify(root)}, watch: [], onReady: () => console.log('ready'), onChange() {}, onError() {} });`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import=tsx',
    '--input-type=module',
    '--eval',
    script,
  ]);
  t.is(stdout, 'ready\n');
});

for (const gone of ['', 'css']) {
  test(`startWatcher() goes on when ${gone === '' ? 'the root' : 'a sub-folder'} is removed and made anew at once`, async (t) => {
    const root = join(await temporaryFolder(t), 'public');
    await writeFiles(root, { 'css/app.css': 'a{}', 'js/app.js': '' });
    const changes: Change[] = [];
    let heard: (() => void) | undefined;
    const next = async (holds: () => boolean): Promise<void> => {
      while (!holds()) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    };
    await new Promise<void>((resolve) => {
      const watcher = startWatcher({
        root,
        watch: [],
        onReady: resolve,
        onChange: (change) => {
          changes.push(change);
          heard?.();
        },
        onError: (error) => t.fail(error.message),
      });
      t.teardown(() => watcher.close());
    });
    rmSync(join(root, gone), { recursive: true });
    mkdirSync(join(root, 'css'), { recursive: true });
    writeFileSync(join(root, 'css/app.css'), 'b{}');
    // One reload says that all is watched again.
    await next(() => changes.some(({ kind }) => kind === 'reload'));
    const before = changes.length;
    for (let edit = 0; changes.length === before; edit += 1) {
      writeFileSync(join(root, 'css/app.css'), `c${edit}{}`);
      await Promise.race([next(() => changes.length > before), pause(500)]);
    }
    t.true(changes.length > before);
  });
}
