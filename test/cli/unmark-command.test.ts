import { readdir } from 'node:fs/promises';
import test from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import { runMain } from './run-main.ts';

const VERSION = '0123456789abcdef';

test('unmark removes all markers and prints their versions', async (t) => {
  const cwd = await temporaryFolder(t, { [`current/${VERSION}`]: '', 'current/README': '' });
  t.is((await runMain(['unmark', 'current'], { cwd })).out, `${VERSION}\n`);
  t.deepEqual(await readdir(`${cwd}/current`), ['README']);
});

test('unmark --json prints what was removed', async (t) => {
  const cwd = await temporaryFolder(t, { [`current/${VERSION}`]: '' });
  const { out, error } = await runMain(['unmark', 'current', '--json'], { cwd });
  t.deepEqual(JSON.parse(out), { removed: [VERSION], warnings: [] });
  t.is(error, '');
});

test('unmark says that it found nothing to unmark, as in a mistyped folder', async (t) => {
  const cwd = await temporaryFolder(t, { [`current/${VERSION}`]: '' });
  for (const [folder, warning] of [
    ['curent', `There is no folder "${cwd}/curent", so no version was unmarked.`],
    ['.', `No marker is in the folder "${cwd}", so no version was unmarked.`],
  ] as const) {
    // The first deploy finds nothing either, and goes on.
    const expected = { code: 0, error: `warning: ${warning}\n` };
    t.deepEqual(await runMain(['unmark', folder], { cwd }), { ...expected, out: '' });
    t.deepEqual(await runMain(['unmark', folder, '--json'], { cwd }), {
      ...expected,
      out: `${JSON.stringify({ removed: [], warnings: [warning] })}\n`,
    });
  }
  t.deepEqual(await readdir(`${cwd}/current`), [VERSION]);
});

test('unmark without a folder, or with an empty one, is wrong usage', async (t) => {
  t.is((await runMain(['unmark'])).code, 2);
  t.is((await runMain(['unmark', ''])).code, 2);
});
