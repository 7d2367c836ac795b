import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import { runMain } from './run-main.ts';

const GOOD = { 'app.css': 'a{b:url(a.png)}', 'a.png': '' };
const BAD = { 'app.css': 'a{}\nb{c:url(b.png)}\n/*# sourceMappingURL=no.map */', 'a.png': '' };

test('check prints how many files it has read and ends with 0 when nothing is wrong', async (t) => {
  const cwd = await temporaryFolder(t, GOOD);
  t.deepEqual(await runMain(['check', '--root', '.'], { cwd }), {
    code: 0,
    out: 'Checked 2 files: 0 errors.\n',
    error: '',
  });
});

test('check prints what is wrong, warnings too, and ends with 1', async (t) => {
  const cwd = await temporaryFolder(t, BAD);
  const { code, out, error } = await runMain(['check', '--root', cwd, '--unreferenced']);
  t.is(code, 1);
  t.is(
    out,
    [
      `note: ${cwd}/a.png: No other file refers to it. Remove it, unless a page does.`,
      `note: ${cwd}/app.css: No other file refers to it. Remove it, unless a page does.`,
      `error: ${cwd}/app.css:2:5: The reference "b.png" leads to "b.png", which is not there. Did you mean "a.png"?`,
      `warning: ${cwd}/app.css:3:1: The reference "no.map" leads to "no.map", which is not there.`,
      'Checked 2 files: 1 error, 1 warning, 2 notes.\n',
    ].join('\n'),
  );
  t.is(error, 'error: Found 1 error in 2 files. Correct what is told above.\n');
});

test('check ends with 0 when there are warnings and notes alone', async (t) => {
  const cwd = await temporaryFolder(t, { 'app.css': '/*# sourceMappingURL=no.map */' });
  const { code, out } = await runMain(['check', '--root', '.', '--unreferenced'], { cwd });
  t.is(code, 0);
  t.regex(out, /Checked 1 file: 0 errors, 1 warning, 1 note\.\n$/);
});

test('check follows links out of the root by a flag alone', async (t) => {
  const cwd = await temporaryFolder(t, { 'public/app.css': 'a{}', 'secret.txt': 'secret' });
  await symlink('../secret.txt', join(cwd, 'public/leak.txt'));
  const { code, error } = await runMain(['check', '--root', 'public'], { cwd });
  t.is(code, 1);
  t.regex(error, /^error: The symbolic link ".*\/public\/leak\.txt" points to ".*\/secret\.txt"/);
  const { out } = await runMain(['check', '--root', 'public', '--symlinks', 'follow'], { cwd });
  t.is(out, 'Checked 2 files: 0 errors.\n');
});

test('check --json prints one object with every finding, whatever it ends with', async (t) => {
  const cwd = await temporaryFolder(t, BAD);
  const { code, out } = await runMain(['check', '--root', '.', '--json'], { cwd });
  t.is(code, 1);
  t.deepEqual(JSON.parse(out), {
    files: 2,
    findings: [
      {
        kind: 'missing',
        severity: 'error',
        asset: 'app.css',
        line: 2,
        column: 5,
        reference: 'b.png',
        message: `${join(cwd, 'app.css')}:2:5: The reference "b.png" leads to "b.png", which is not there. Did you mean "a.png"?`,
      },
      {
        kind: 'missing',
        severity: 'warning',
        asset: 'app.css',
        line: 3,
        column: 1,
        reference: 'no.map',
        message: `${join(cwd, 'app.css')}:3:1: The reference "no.map" leads to "no.map", which is not there.`,
      },
    ],
  });
});

test('check takes several roots, a prefix, and dotfiles', async (t) => {
  const cwd = await temporaryFolder(t, {
    'one/app.css': 'a{b:url(img/a.png);c:url(/s/img/a.png)}',
    'two/img/a.png': '',
    'two/.hidden/b.css': 'a{b:url(no.png)}',
  });
  const run = (...argv: string[]): ReturnType<typeof runMain> => runMain(['check', ...argv], { cwd });
  t.is((await run('--root', 'one', 'two')).code, 0);
  t.is((await run('--root', 'one', '--root', 'two')).code, 0);
  t.is((await run('--root', 'one')).code, 1);
  t.regex((await run('--root', 'one', 'two', '--prefix', '/s/')).out, /"\/s\/img\/a\.png" does not stay/);
  t.regex((await run('--root', 'one', 'two', '--dotfiles')).out, /"no\.png" leads to/);
});

test('check tells of wrong usage with 2, and of a folder that it cannot read with 1', async (t) => {
  const cwd = await temporaryFolder(t);
  const none = await runMain(['check']);
  t.is(none.code, 2);
  t.regex(none.error, /^error: required option '--root <folder\.\.\.>' is missing/);
  t.is((await runMain(['check', '--root', ''])).code, 2);
  t.is((await runMain(['check', '--root', '.', '--prefix', 'x'], { cwd })).code, 2);
  const missing = await runMain(['check', '--root', 'none'], { cwd });
  t.is(missing.code, 1);
  t.regex(missing.error, /^error: Cannot find the root /);
});
