import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { Change } from '../../src/files/watch/change-batch.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { watchFolder } from './watch-folder.ts';

/** Waits until the watcher has said that all is watched again. */
async function watchedAgain(change: () => Promise<Change>): Promise<void> {
  while ((await change()).kind !== 'reload');
}

test('the root is watched again when a folder far above it is replaced', async (t) => {
  const folder = await temporaryFolder(t, {
    'dist/client/public/app.css': '',
    'dist.new/client/public/app.css': '',
  });
  const root = join(folder, 'dist/client/public');
  const { change } = await watchFolder(t, {}, { root });
  renameSync(join(folder, 'dist'), join(folder, 'dist.old'));
  renameSync(join(folder, 'dist.new'), join(folder, 'dist'));
  await watchedAgain(change);
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
    await watchedAgain(change);
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
    await watchedAgain(change);
    writeFileSync(join(root, 'css/app.css'), 'c{}');
    t.deepEqual(await change(), { kind: 'css', assets: ['css/app.css'] });
  });
}
