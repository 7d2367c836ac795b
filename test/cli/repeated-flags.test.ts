import test from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import { runMain } from './run-main.ts';

const COMMANDS = [
  ['url'],
  ['mark', 'current'],
  ['unmark', 'current'],
  ['check'],
  ['release'],
  ['prune'],
  ['nginx', 'static'],
  ['nginx', 'releases'],
];

/** A value that a flag takes, by what its help calls it. */
const VALUES: Readonly<Record<string, string>> = {
  answer: 'not-found',
  count: '1',
  duration: '1d',
  mode: 'group',
  number: '1',
  releases: '1',
  rule: 'follow',
  seconds: '1',
  source: 'now',
  which: 'mtime',
};
/** Each adds to the ones before it. */
const REPEATABLE = ['--header', '--media-type'];

test('no flag of one value is taken twice, for the second would silently replace the first', async (t) => {
  for (const command of COMMANDS) {
    const { out: help } = await runMain([...command, '--help']);
    for (const [flags = '', flag = '', what = ''] of help.matchAll(
      /^ {2}(--[\w-]+) [<[]([\w=]+)[>\]](?=\s)/gm,
    )) {
      if (REPEATABLE.includes(flag)) continue;
      const value = VALUES[what] ?? 'x';
      const { code, out, error } = await runMain([...command, flag, value, flag, value]);
      t.deepEqual([code, out], [2, ''], `${command.join(' ')} ${flag}`);
      t.true(error.startsWith(`error: option '${flags.trim()}' is given twice. Keep one.\n`), error);
    }
  }
});

test('a flag that takes a list may be given again', async (t) => {
  const cwd = await temporaryFolder(t, { 'public/a.css': '', 'shared/b.css': '' });
  const roots = ['--root', 'public', '--root', 'shared'];
  const { out } = await runMain(['check', ...roots, '--json'], { cwd });
  t.is(JSON.parse(out).files, 2);
  const url = ['url', '--from', 'env', '--env', 'UNSET', '--env', 'COMMIT'];
  t.is((await runMain(url, { env: { COMMIT: 'one' } })).code, 0);
});
