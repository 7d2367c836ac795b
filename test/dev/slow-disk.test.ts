import { writeFileSync } from 'node:fs';
import promises, { rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { watchFolder } from './watch-folder.ts';

/** What chokidar has looked at. */
const looks: string[] = [];
/** Files that a slow disk tells nothing of until then. */
const held = new Map<string, Promise<void>>();
const { stat } = promises;

// Before chokidar is loaded, which keeps the function.
promises.stat = (async (...args: Parameters<typeof stat>) => {
  const path = String(args[0]);
  looks.push(path);
  await held.get(path);
  return stat(...args);
}) as typeof stat;
syncBuiltinESMExports();

/** Slows the disk down for some files; returns what ends that. */
function hold(...paths: readonly string[]): () => void {
  let release: (() => void) | undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  for (const path of paths) held.set(path, released);
  return () => release?.();
}

test.serial('a new file is one change, however long it takes to find out what it is', async (t) => {
  const { root, change } = await watchFolder(t, { 'app.css': '' });
  const release = hold(join(root, 'new.js'));
  writeFileSync(join(root, 'new.js'), '');
  t.deepEqual(await change(), { kind: 'reload' });
  release();
  writeFileSync(join(root, 'app.css'), 'a {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] }, 'nothing between them');
});

test.serial('close() is for good, whatever is found out after it', async (t) => {
  const root = join(await temporaryFolder(t), 'public');
  await writeFiles(root, { 'a.css': '', 'b.css': '' });
  const { change, watcher } = await watchFolder(t, {}, { root });
  const files = [join(root, 'a.css'), join(root, 'b.css')];
  const release = hold(...files);
  for (const file of files) writeFileSync(file, 'a {}');
  await change();
  await watcher.close();
  await rm(root, { recursive: true });
  looks.length = 0;
  release();
  for (let count = 0; count < 10; count += 1) await stat('/');
  t.deepEqual(
    looks.filter((path) => path === root),
    [],
  );
});
