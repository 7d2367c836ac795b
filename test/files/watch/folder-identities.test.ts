import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { haveMoved, identifyFolders } from '../../../src/files/watch/folder-identities.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

test('haveMoved() tells a folder that is gone because a file stands where the one above it was', async (t) => {
  const folder = await temporaryFolder(t, { 'css/parts/a.css': '' });
  const folders = identifyFolders([join(folder, 'css/parts')]);
  t.false(haveMoved(folders));
  await rm(join(folder, 'css'), { recursive: true });
  writeFileSync(join(folder, 'css'), '');
  t.true(haveMoved(folders));
});
