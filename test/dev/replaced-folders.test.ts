import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { watchFolder } from './watch-folder.ts';

test('the root is watched again when a folder far above it is replaced', async (t) => {
  const folder = await temporaryFolder(t, {
    'dist/client/public/app.css': '',
    'dist.new/client/public/app.css': '',
  });
  const root = join(folder, 'dist/client/public');
  const { change } = await watchFolder(t, {}, { root });
  renameSync(join(folder, 'dist'), join(folder, 'dist.old'));
  renameSync(join(folder, 'dist.new'), join(folder, 'dist'));
  t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] }, 'another file has its name');
  writeFileSync(join(root, 'app.css'), 'a {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] });
});

for (const link of ['current', 'current/public/theme']) {
  test(`the link ${link} is followed again when it is turned`, async (t) => {
    const folder = await temporaryFolder(t, {
      'one/public/app.css': '',
      'one/dark/theme.css': '',
      'two/public/app.css': '',
      'two/dark/theme.css': '',
    });
    symlinkSync('one', join(folder, 'current'));
    for (const each of ['one', 'two']) symlinkSync('../dark', join(folder, each, 'public/theme'));
    const root = join(folder, 'current/public');
    const { change } = await watchFolder(t, {}, { root });
    symlinkSync(join(folder, link === 'current' ? 'two' : 'two/dark'), join(folder, 'turned'));
    renameSync(join(folder, 'turned'), join(folder, link));
    const swapped = link === 'current' ? ['app.css', 'theme/theme.css'] : ['theme/theme.css'];
    t.deepEqual(await change(), { kind: 'css', assets: swapped });
    writeFileSync(join(root, 'theme/theme.css'), 'a {}');
    t.deepEqual(await change(), { kind: 'css', assets: ['theme/theme.css'] });
  });
}

for (const gone of ['', 'css']) {
  test(`startWatcher() goes on when ${gone === '' ? 'the root' : 'a sub-folder'} is removed and made anew at once`, async (t) => {
    const root = join(await temporaryFolder(t), 'public');
    await writeFiles(root, { 'css/app.css': 'a{}', 'js/app.js': '' });
    const { change } = await watchFolder(t, {}, { root });
    rmSync(join(root, gone), { recursive: true });
    mkdirSync(join(root, 'css'), { recursive: true });
    writeFileSync(join(root, 'css/app.css'), 'b{}');
    t.deepEqual(await change(), gone === '' ? { kind: 'reload' } : { kind: 'css', assets: ['css/app.css'] });
    writeFileSync(join(root, 'css/app.css'), 'c{}');
    t.deepEqual(await change(), { kind: 'css', assets: ['css/app.css'] });
  });
}

test('startWatcher() goes on when a file stands for a while where a folder was', async (t) => {
  const { root, change } = await watchFolder(t, { 'css/parts/a.css': '' });
  rmSync(join(root, 'css'), { recursive: true });
  writeFileSync(join(root, 'css'), '');
  t.deepEqual(await change(), { kind: 'reload' });
  rmSync(join(root, 'css'));
  await writeFiles(root, { 'css/parts/a.css': '' });
  t.deepEqual(await change(), { kind: 'reload' });
  writeFileSync(join(root, 'css/parts/a.css'), 'a {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['css/parts/a.css'] });
});
