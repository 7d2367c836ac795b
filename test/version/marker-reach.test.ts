import { chmod, chown, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { markCurrent, warnOfClosedFolder } from '../../src/version/marker.ts';
import { temporaryFolder } from '../helpers/folder.ts';

test('warnOfClosedFolder() warns of a folder that only its owner and the own group may enter', async (t) => {
  const folder = await temporaryFolder(t);
  for (const [mode, shown] of [
    [0o700, '0700'],
    [0o750, '0750'],
    [0o744, '0744'],
  ] as const) {
    await chmod(folder, mode);
    const warning = warnOfClosedFolder(folder) ?? '';
    t.true(warning.startsWith(`The folder ${JSON.stringify(folder)} has the mode ${shown}, `), warning);
  }
});

test('warnOfClosedFolder() warns of a closed folder above the one that was just made', async (t) => {
  const folder = await temporaryFolder(t, { 'home/x': '' });
  const home = join(folder, 'home');
  await chmod(folder, 0o711);
  await chmod(home, 0o750);
  const current = join(home, 'srv/current');
  markCurrent(current, '0123456789abcdef');
  // A link is as closed as what it leads to.
  await symlink(current, join(folder, 'linked'));
  for (const each of [current, join(folder, 'linked')]) {
    t.is(
      warnOfClosedFolder(each),
      `The folder ${JSON.stringify(home)} has the mode 0750, so nginx finds no marker in ${JSON.stringify(each)} and caches no version unless its user may enter. Run "chmod o+x" with it.`,
    );
  }
  await chmod(home, 0o751);
  t.is(warnOfClosedFolder(current), undefined);
});

test('warnOfClosedFolder() says nothing of a folder that all may enter, or a group given to it', async (t) => {
  const folder = await temporaryFolder(t, { 'current/x': '' });
  await chmod(join(folder, 'current'), 0o755);
  for (const mode of [0o755, 0o711]) {
    await chmod(folder, mode);
    t.is(warnOfClosedFolder(join(folder, 'current')), undefined);
  }
  // Only root may give a folder to any group.
  if (process.getuid?.() !== 0) return;
  await chown(folder, 0, 33);
  await chmod(folder, 0o750);
  t.is(warnOfClosedFolder(folder), undefined);
});
