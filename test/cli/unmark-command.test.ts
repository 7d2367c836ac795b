import { readdir } from 'node:fs/promises';
import test from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import { runMain } from './run-main.ts';

const VERSION = '0123456789abcdef';

test('unmark removes all markers and prints their versions', async (t) => {
  const cwd = await temporaryFolder(t, { [`current/${VERSION}`]: '', 'current/README': '' });
  t.is((await runMain(['unmark', 'current'], { cwd })).out, `${VERSION}\n`);
  t.deepEqual(await readdir(`${cwd}/current`), ['README']);
  t.is((await runMain(['unmark', 'current', '--json'], { cwd })).out, '{"removed":[]}\n');
});

test('unmark without a folder, or with an empty one, is wrong usage', async (t) => {
  t.is((await runMain(['unmark'])).code, 2);
  t.is((await runMain(['unmark', ''])).code, 2);
});
