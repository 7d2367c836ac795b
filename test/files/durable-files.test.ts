import { chmod, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { makeFolder } from '../../src/files/durable-files.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { runNode } from '../helpers/run-node.ts';

const DURABLE_FILES = new URL('../../src/files/durable-files.ts', import.meta.url).href;

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o7777;
}

test('makeFolder() gives its mode to the folders that it makes, whatever the umask, and to no other', async (t) => {
  const folder = await temporaryFolder(t, { 'there/file': '' });
  await chmod(join(folder, 'there'), 0o700);
  await runNode(
    `process.umask(0o077);
     const { makeFolder } = await import(${JSON.stringify(DURABLE_FILES)});
     makeFolder(${JSON.stringify(join(folder, 'there/a/b'))}, 0o2775);
     makeFolder(${JSON.stringify(join(folder, 'there'))}, 0o755);`,
  );
  t.is(await modeOf(join(folder, 'there')), 0o700);
  t.is(await modeOf(join(folder, 'there/a')), 0o2775);
  t.is(await modeOf(join(folder, 'there/a/b')), 0o2775);
});

test('makeFolder() follows links to folders, and takes nothing else for one', async (t) => {
  const folder = await temporaryFolder(t, { 'real/file': '' });
  await symlink('real', join(folder, 'linked'));
  await symlink('nowhere', join(folder, 'broken'));
  makeFolder(join(folder, 'linked/a'), 0o755);
  t.is(await modeOf(join(folder, 'real/a')), 0o755);
  for (const name of ['real/file', 'broken'])
    t.throws(() => makeFolder(join(folder, name), 0o755), { code: 'EEXIST' }, name);
});

test('makeFolder() fails at once where the system lets nobody make a folder', (t) => {
  // By the option "recursive" Node goes round for ever there.
  t.throws(() => makeFolder('/proc/releases/a', 0o755), { message: /mkdir '\/proc\/releases'/ });
});
