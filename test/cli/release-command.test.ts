import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { main } from '../../src/cli/main.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import type { ReleaseReport } from '../../src/releases/release-report.ts';
import { wordsOf } from '../releases/delta-files.ts';
import { contentOf, SITE, versionsIn } from '../releases/tree.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { runMain } from './run-main.ts';

const FILES = { 'public/a.css': 'a { background: url(b.svg) }', 'public/b.svg': '<svg></svg>' };

test('release writes the release tree, found from the working folder, and says what it did', async (t) => {
  const cwd = await temporaryFolder(t, FILES);
  const argv = ['release', '--root', 'public', '--releases', 'releases'];
  const { code, out, error } = await runMain(argv, { cwd });
  t.is(error, '');
  t.is(code, 0);
  const [version = ''] = await versionsIn(join(cwd, 'releases'));
  t.is(
    out,
    `Release ${version} is in "releases": 2 assets, 39 B.
  new      2 folders with 3 files, 50 B, 39 B copied
  reused   0 folders with 0 files, 0 B
It is the first release: every visitor fetches everything.
`,
  );
  t.is(
    (await runMain(argv, { cwd })).out,
    `Release ${version} is in "releases": 2 assets, 39 B.
  new      0 folders with 0 files, 0 B, 0 B copied
  reused   2 folders with 3 files, 50 B
A visitor of release ${version} fetches nothing again.
`,
  );
  await writeFiles(cwd, { 'public/a.css': 'i { background: url(b.svg) }' });
  const { out: changed } = await runMain([...argv, '--dry-run'], { cwd });
  t.regex(
    changed,
    /^Release [0-9a-f]{16} would be in "releases": 2 assets, 39 B\.\n {2}new {6}1 folder with 2 files/,
  );
  t.true(
    changed.endsWith(`A visitor of release ${version} fetches again up to 2 files, 39 B before compression:
  28 B  "a.css"
  11 B  "b.svg", the same bytes under a new URL
`),
  );
});

test('release --json prints the report', async (t) => {
  const cwd = await temporaryFolder(t, FILES);
  const argv = ['release', '--root', 'public', '--releases', 'releases', '--json'];
  const dry = JSON.parse((await runMain([...argv, '--dry-run'], { cwd })).out) as ReleaseReport;
  t.deepEqual(await readdir(cwd), ['public']);
  const { out } = await runMain(argv, { cwd });
  t.true(out.endsWith('}\n'));
  t.deepEqual(JSON.parse(out), { ...dry, dryRun: false });
  t.deepEqual(
    JSON.parse(out),
    await writeRelease({ roots: join(cwd, 'public'), releases: join(cwd, 'other') }),
  );
});

test('release hands every flag on', async (t) => {
  const cwd = await temporaryFolder(t);
  await writeFiles(join(cwd, 'public'), { ...SITE, '.hidden': 'hidden' });
  await writeFiles(join(cwd, 'second'), { 'second.txt': 'second', 'tiny.txt': 'not this one' });
  const flags =
    '--root public --root second --releases releases --prefix https://cdn.example.com/s/ --modules importmap --dotfiles --well-known --compress --manifest assets.json';
  const { code, out, error } = await runMain(['release', ...flags.split(' ')], { cwd });
  t.is(code, 0, error);
  t.regex(out, /\n {2}beside {3}\d+ compressed copies, [\d.]+ k?B for [\d.]+ k?B\n/);
  await writeRelease({
    roots: [join(cwd, 'public'), join(cwd, 'second')],
    releases: join(cwd, 'expected'),
    prefix: 'https://cdn.example.com/s/',
    modules: 'importmap',
    dotfiles: true,
    wellKnown: true,
    compress: true,
    manifest: join(cwd, 'expected.json'),
  });
  t.deepEqual(await contentOf(join(cwd, 'releases')), await contentOf(join(cwd, 'expected')));
  t.is(await readFile(join(cwd, 'assets.json'), 'utf8'), await readFile(join(cwd, 'expected.json'), 'utf8'));
});

test('release says which folders stay without compressed copies', async (t) => {
  const cwd = await temporaryFolder(t, { 'public/a.css': 'a {}\n'.repeat(100), 'public/b.css': 'b {}' });
  const argv = ['release', '--root', 'public', '--releases', 'releases'];
  await runMain(argv, { cwd });
  const { out } = await runMain([...argv, '--compress'], { cwd });
  t.true(
    out.includes(
      '\n  without  1 reused folder has no compressed copies, since nothing in a folder changes: release into a new releases folder to have them\n',
    ),
    out,
  );
});

test('release follows links out of the root by a flag alone', async (t) => {
  const cwd = await temporaryFolder(t, { ...FILES, 'secret.txt': 'secret' });
  await symlink('../secret.txt', join(cwd, 'public/leak.txt'));
  const argv = ['release', '--root', 'public', '--releases', 'releases'];
  const refused = await runMain(argv, { cwd });
  t.is(refused.code, 1);
  t.regex(refused.error, /^error: The symbolic link ".*\/public\/leak\.txt" points to ".*\/secret\.txt"/);
  t.is((await runMain([...argv, '--symlinks', 'follow'], { cwd })).code, 0);
});

function nowhere(): void {}

function twelveFiles(letter: string): Record<string, string> {
  const files = Array.from({ length: 12 }, (_, index) => [
    `public/${index}.txt`,
    letter.repeat((index + 1) * 100),
  ]);
  return Object.fromEntries(files) as Record<string, string>;
}

test('release --well-known takes in that folder, and no other whose name starts with a dot', async (t) => {
  const cwd = await temporaryFolder(t, { 'public/.well-known/security.txt': '', 'public/.env': '' });
  const argv = ['release', '--root', 'public', '--releases', 'releases', '--json'];
  const count = async (...flags: string[]): Promise<number> =>
    (JSON.parse((await runMain([...argv, ...flags], { cwd })).out) as ReleaseReport).assets.count;
  t.is(await count(), 0);
  t.is(await count('--well-known'), 1);
  t.is(await count('--dotfiles'), 2);
});

test('release names the ten biggest files that visitors fetch again', async (t) => {
  const cwd = await temporaryFolder(t);
  await writeFiles(cwd, twelveFiles('a'));
  const argv = ['release', '--root', 'public', '--releases', 'releases'];
  await runMain(argv, { cwd });
  await writeFiles(cwd, twelveFiles('b'));
  const { out } = await runMain(argv, { cwd });
  t.regex(
    out,
    /again up to 12 files, 7\.8 kB before compression:\n {2}1\.2 kB {2}"11\.txt"\n(?: {2} *\d.*\n){9} {2}and 2 more; see --json\n$/,
  );
});

/** How many deltas each of the given runs makes, each of a text that changed, one after the other. */
async function deltasMade(cwd: string, runs: readonly (readonly string[])[]): Promise<number[]> {
  const made: number[] = [];
  for (const [deploy, flags] of runs.entries()) {
    await writeFiles(cwd, { 'public/a.txt': `${wordsOf('a')} ${deploy}` });
    const argv = ['release', '--root', 'public', '--releases', 'releases', '--json', ...flags];
    const report = JSON.parse((await runMain(argv, { cwd })).out) as ReleaseReport;
    made.push(report.deltas?.made ?? -1);
  }
  return made;
}

test('release --deltas takes the number of releases, or means three', async (t) => {
  const cwd = await temporaryFolder(t);
  const none: string[] = [];
  const made = await deltasMade(cwd, [
    none,
    none,
    none,
    none,
    ['--deltas'],
    ['--deltas', '4'],
    ['--deltas=1'],
  ]);
  t.deepEqual(made, [-1, -1, -1, -1, 3, 4, 1]);
});

test('release takes deltas from the configuration, unless a flag says otherwise', async (t) => {
  const cwd = await temporaryFolder(t, { 'static-url.config.mjs': 'export default { deltas: 2 };' });
  const made = await deltasMade(cwd, [['--no-deltas'], ['--no-deltas'], [], ['--deltas'], ['--no-deltas']]);
  t.deepEqual(made, [-1, -1, 2, 3, -1]);
  const wrong = [
    ['0', '0'],
    ["'3'", '"3"'],
    ['null', 'null'],
  ] as const;
  for (const [index, [value, said]] of wrong.entries()) {
    const config = `wrong-${index}.mjs`;
    await writeFiles(cwd, { [config]: `export default { deltas: ${value} };` });
    const argv = ['release', '--root', 'public', '--releases', 'releases', '--config', config];
    const { code, error } = await runMain(argv, { cwd });
    t.is(code, 2);
    t.is(
      error.split('\n')[0],
      `error: ${config}: "deltas" is true, false or a whole number of releases from 1 on, not ${said}.`,
    );
  }
});

test('release --deltas says what a visitor fetches, with a browser that takes deltas and with any other', async (t) => {
  const cwd = await temporaryFolder(t, {
    'public/a.css': `/* ${wordsOf('a')} */ a { background: url(b.svg) }`,
    'public/b.svg': '<svg></svg>',
  });
  const argv = ['release', '--root', 'public', '--releases', 'releases'];
  const first = await runMain([...argv, '--deltas'], { cwd });
  t.is(
    first.out,
    (await runMain([...argv.slice(0, -1), 'others'], { cwd })).out.replace('others', 'releases'),
  );
  await writeFiles(cwd, { 'public/a.css': `/* ${wordsOf('a')} */ b { background: url(b.svg) }` });
  const { out } = await runMain([...argv, '--deltas'], { cwd });
  t.regex(
    out,
    /\n {2}deltas {3}1 made, (\d\d B); \d+(?:\.\d)? kB on the disk\nA visitor of release [0-9a-f]{16} fetches again up to 2 files: \d\d B with a browser that takes deltas, 9\.0 kB with any other \(9\.0 kB before compression\):\n {4}\1 {2}9\.0 kB {2}"a\.css"\n {4}11 B {4}11 B {2}"b\.svg", the same bytes under a new URL\n$/,
  );
});

test('release refuses what is missing, empty or wrong, as wrong usage, and writes nothing', async (t) => {
  const cwd = await temporaryFolder(t, FILES);
  const wrong: readonly (readonly [argv: string[], reason: RegExp])[] = [
    [['--releases', 'o'], /'--root <folder\.\.\.>' is missing/],
    [['--root', 'public'], /'--releases <folder>' is missing/],
    [['--root', '', '--releases', 'o'], /is empty/i],
    [['--root', 'public', '--releases='], /is empty/i],
    [['--root', 'public', '--releases', 'o', '--manifest='], /is empty/i],
    [['--root', 'public', '--releases', 'public/o'], /lies in the root/],
    [['--root', 'public', '--releases', 'o', '--manifest', 'public/assets.json'], /lies in the root/],
    [['--root', 'public', '--releases', 'o', '--modules', 'groups'], /Allowed choices are group, importmap/],
    [['--root', 'public', '--releases', 'o', '--prefix', 's'], /is relative/],
    [
      ['--root', 'public', '--releases', 'o', '--deltas', '0'],
      /--deltas is .* number of releases from 1 on, not 0/,
    ],
    [['--root', 'public', '--releases', 'o', '--deltas', 'x'], /It is a whole number of releases\./],
    [['--root', 'public', '--releases', 'o', '--deltas', '2', '--deltas'], /is given twice/],
    [['--root', 'public', '--releases', 'o', '--compres'], /Did you mean --compress\?/],
  ];
  for (const [argv, reason] of wrong) {
    const { code, out, error } = await runMain(['release', ...argv], { cwd });
    t.is(code, 2, `${argv.join(' ')}: ${error}`);
    t.is(out, '');
    t.regex(error, reason);
    t.notRegex(error, /\n\s+at /);
  }
  t.deepEqual(await readdir(cwd), ['public']);
});

test('release ends with 1 where a file refers to what is not there', async (t) => {
  const cwd = await temporaryFolder(t, { 'public/a.css': 'a { background: url(gone.svg) }' });
  const { code, out, error } = await runMain(['release', '--root', 'public', '--releases', 'releases'], {
    cwd,
  });
  t.is(code, 1);
  t.is(out, '');
  t.regex(error, /^error: .*gone\.svg/);
  t.deepEqual(await readdir(cwd), ['public']);
});

test('release draws a progress bar on a terminal, takes it away again, and draws none with --json', async (t) => {
  const cwd = await temporaryFolder(t);
  await writeFiles(join(cwd, 'public'), SITE);
  const drawn = async (...flags: string[]): Promise<string> => {
    const progress = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    const argv = ['release', '--root', 'public', '--compress', ...flags];
    t.is(await main(argv, { write: nowhere, writeError: nowhere, progress, cwd, env: {} }), 0);
    progress.end();
    return text(progress);
  };
  const bar = await drawn('--releases', 'one');
  for (const part of ['copying [', 'compressing [', 'linking [', '8/8']) t.true(bar.includes(part), part);
  t.true(bar.endsWith('\u001B[2K'), JSON.stringify(bar.slice(-40)));
  t.notRegex(bar, /\?25l/);
  t.is(await drawn('--releases', 'two', '--json'), '');
});
