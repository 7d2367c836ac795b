import { EventEmitter, on } from 'node:events';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Change } from '../../src/dev/change-log.ts';
import { startWatcher } from '../../src/dev/watcher.ts';
import { settle } from '../../src/files/file-signature.ts';
import { temporaryFolder, type Files } from '../helpers/folder.ts';

/** A watched folder with what is told about it. */
export async function watchFolder(
  t: ExecutionContext,
  files: Files,
  {
    watch = [],
    broken = [],
    root: given,
  }: {
    readonly watch?: readonly string[];
    readonly broken?: readonly string[];
    /** An existing root instead. */
    readonly root?: string;
  } = {},
) {
  const root = given ?? (await temporaryFolder(t, files));
  for (const name of broken) await symlink(name, join(root, name));
  const errors: string[] = [];
  const told = new EventEmitter();
  const changes = on(told, 'change');
  const watcher = startWatcher({
    roots: [root],
    watch,
    onChange: (change) => told.emit('change', change),
    onError: (error) => errors.push(error.message),
  });
  // Nothing else keeps the test's process alive.
  const alive = setInterval(() => {}, 1_000);
  t.teardown(() => {
    clearInterval(alive);
    watcher.close();
  });
  // Until an edit shows by the times of a file that was written a moment ago.
  await settle();
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
