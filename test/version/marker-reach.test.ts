import { chmod, chown } from 'node:fs/promises';
import test from 'ava';
import { warnOfClosedFolder } from '../../src/version/marker-reach.ts';
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
    t.true(
      warning.startsWith(`The marker folder ${JSON.stringify(folder)} has the mode ${shown}, `),
      warning,
    );
  }
});

test('warnOfClosedFolder() says nothing of a folder that all may enter, or a group given to it', async (t) => {
  const folder = await temporaryFolder(t);
  for (const mode of [0o755, 0o711]) {
    await chmod(folder, mode);
    t.is(warnOfClosedFolder(folder), undefined);
  }
  // Only root may give a folder to any group.
  if (process.getuid?.() !== 0) return;
  await chown(folder, 0, 33);
  await chmod(folder, 0o750);
  t.is(warnOfClosedFolder(folder), undefined);
});
