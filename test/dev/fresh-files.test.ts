import fs, { writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import { watchFolder } from './watch-folder.ts';

/** What happens just before the watcher looks at a file, once. */
const before = new Map<string, () => void>();
const { statSync } = fs;

Object.assign(fs, {
  statSync: (path: string, options?: fs.StatSyncOptions) => {
    const happen = before.get(path);
    before.delete(path);
    happen?.();
    return statSync(path, options);
  },
});
syncBuiltinESMExports();

test.serial('a file that was written just before a look counts when its next edit would show', async (t) => {
  const root = await temporaryFolder(t, { 'app.css': 'a {}', 'other.css': '' });
  const { change } = await watchFolder(t, {}, { root });
  before.set(join(root, 'app.css'), () => writeFileSync(join(root, 'app.css'), 'b {}'));
  writeFileSync(join(root, 'other.css'), 'a {}');
  t.deepEqual(await change(), { kind: 'css', assets: ['other.css'] });
  t.deepEqual(await change(), { kind: 'css', assets: ['app.css'] });
});
