import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
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

test('mark leaves the marker of the version and removes those of others, not other files', async (t) => {
  const cwd = await temporaryFolder(t, {
    'public/a-b.css': '1',
    [`current/${VERSION}`]: '',
    'current/README': '',
  });
  // As nginx needs it; temporary folders are closed.
  await chmod(cwd, 0o755);
  const argv = ['mark', 'current', '--from', 'content', '--root', 'public'];
  t.deepEqual(await runMain(argv, { cwd }), { code: 0, out: '/static/2d96e2d020a4205f/\n', error: '' });
  t.deepEqual((await readdir(join(cwd, 'current'))).toSorted(), ['2d96e2d020a4205f', 'README']);
});

test('mark refuses a folder in the root, whose content its marker would change', async (t) => {
  const cwd = await temporaryFolder(t, { 'public/app.css': 'a {}' });
  const argv = ['mark', 'public/current', '--from', 'content', '--root', 'public'];
  const { code, out, error } = await runMain(argv, { cwd });
  t.deepEqual([code, out], [2, '']);
  t.regex(error, /^error: The marker folder ".*\/public\/current" lies in the root ".*\/public"/);
  t.deepEqual(await readdir(join(cwd, 'public')), ['app.css']);
});

test('mark warns of a folder that nginx cannot enter', async (t) => {
  const cwd = await temporaryFolder(t, { 'current/README': '' });
  await chmod(join(cwd, 'current'), 0o700);
  const argv = ['mark', 'current', '--from', 'now'];
  const { code, error } = await runMain(argv, { cwd });
  t.is(code, 0);
  t.regex(error, /^warning: The folder ".*\/current" has the mode 0700, .*\.\n$/);
  const { warnings } = JSON.parse((await runMain([...argv, '--json'], { cwd })).out);
  t.deepEqual(warnings, [error.slice('warning: '.length, -1)]);
});

test('mark leaves the markers as they are when it fails', async (t) => {
  const cwd = await temporaryFolder(t, { [`current/${VERSION}`]: '' });
  const { code, out } = await runMain(['mark', 'current', '--from', 'content', '--root', 'gone'], {
    cwd,
  });
  t.is(code, 1);
  t.is(out, '');
  t.deepEqual(await readdir(join(cwd, 'current')), [VERSION]);
});

test('mark prints no URL when it cannot leave the marker', async (t) => {
  const cwd = await temporaryFolder(t, { file: '' });
  const { code, out, error } = await runMain(['mark', 'file/current', '--from', 'now'], { cwd });
  t.is(code, 1);
  t.is(out, '');
  t.regex(error, /^error: Cannot write the marker folder ".*\/file\/current": ENOTDIR/);
});
