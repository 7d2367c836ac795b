import { closeSync, fstatSync, openSync, type Stats } from 'node:fs';
import { readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { settle } from '../../src/files/file-signature.ts';
import { RootBoundary } from '../../src/serve/root-boundary.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { serveRoot } from './serve-assets.ts';

/** A file that is open until the test ends, and what it is. */
function opened(t: ExecutionContext, path: string): readonly [descriptor: number, stats: Stats] {
  const descriptor = openSync(path, 'r');
  t.teardown(() => closeSync(descriptor));
  return [descriptor, fstatSync(descriptor)];
}

async function boundaryOfPublic(t: ExecutionContext) {
  const folder = await temporaryFolder(t, { 'public/a.txt': 'one', 'outside.txt': 'two' });
  await settle();
  const boundary = new RootBoundary([join(folder, 'public')]);
  const path = join(folder, 'public/a.txt');
  const [inside, outside] = [opened(t, path), opened(t, join(folder, 'outside.txt'))];
  return { boundary, path, inside, outside };
}

test('RootBoundary.holdsOpened() tells by the open file, whatever was found by the same path before', async (t) => {
  const { boundary, path, inside, outside } = await boundaryOfPublic(t);
  for (let count = 0; count < 2; count += 1) {
    const [[one, itsStats], [other, otherStats]] = [inside, outside];
    t.true(boundary.holdsOpened(one, path, itsStats));
    t.false(boundary.holdsOpened(other, path, otherStats));
  }
});

test('RootBoundary.holdsOpened() is not fooled by a file of another device with the same number and times', async (t) => {
  const { boundary, path, inside, outside } = await boundaryOfPublic(t);
  const [[one, stats], [other]] = [inside, outside];
  t.true(boundary.holdsOpened(one, path, stats));
  t.false(boundary.holdsOpened(other, path, Object.assign(fstatSync(one), { dev: stats.dev + 1 })));
});

test('RootBoundary.holdsOpened() trusts no times within which a file may have changed once more', async (t) => {
  const { boundary, path, inside, outside } = await boundaryOfPublic(t);
  const [[one], [other]] = [inside, outside];
  // Of a file system that keeps whole seconds.
  const stats = Object.assign(fstatSync(one), { ctimeMs: Math.ceil(Date.now() / 1000) * 1000 });
  t.true(boundary.holdsOpened(one, path, stats));
  t.false(boundary.holdsOpened(other, path, stats));
});

test('handler() sends nothing that was written to a file after its folder was moved out and linked', async (t) => {
  const folder = await temporaryFolder(t, { 'public/place/file': 'public' });
  await settle();
  const { get, assets } = await serveRoot(t, folder, { memoryBudgetBytes: 0 });
  const paths = [assets.url('place/file'), '/static/place/file'];
  for (const path of paths) t.is(String((await get(path)).body), 'public');
  await rename(join(folder, 'public/place'), join(folder, 'moved'));
  await symlink(join(folder, 'moved'), join(folder, 'public/place'));
  await writeFile(join(folder, 'moved/file'), 'secret');
  t.is(String(await readFile(join(folder, 'public/place/file'))), 'secret');
  for (const path of paths) t.is((await get(path)).status, 404, path);
});
