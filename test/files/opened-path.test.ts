import { rename, rm, symlink } from 'node:fs/promises';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { comparedPath, openedPath } from '../../src/files/opened-path.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** A file that was opened by a link, which can be led to another one. */
async function openByLink(t: ExecutionContext) {
  const folder = await temporaryFolder(t, { 'one.txt': 'one', 'two.txt': 'two' });
  const [link, one] = [join(folder, 'link.txt'), join(folder, 'one.txt')];
  await symlink(one, link);
  const descriptor = openSync(link, 'r');
  t.teardown(() => closeSync(descriptor));
  const leadToTwo = async (): Promise<void> => {
    await symlink(join(folder, 'two.txt'), `${link}.next`);
    await rename(`${link}.next`, link);
  };
  return { folder, link, one, descriptor, leadToTwo };
}

for (const [name, find] of Object.entries({ openedPath, comparedPath })) {
  test(`${name}() finds the real path of a file that was opened by a link`, async (t) => {
    const { link, one, descriptor } = await openByLink(t);
    t.is(find(descriptor, link), one);
  });

  test(`${name}() never takes another file for the open one whose path leads there by now`, async (t) => {
    const { link, one, descriptor, leadToTwo } = await openByLink(t);
    await leadToTwo();
    const found = find(descriptor, link);
    t.true(found === undefined || found === one, found);
  });
}

test('comparedPath() throws what the system says of a path that leads nowhere by now', async (t) => {
  const { link, descriptor } = await openByLink(t);
  await rm(link);
  t.throws(() => comparedPath(descriptor, link), { code: 'ENOENT' });
});
