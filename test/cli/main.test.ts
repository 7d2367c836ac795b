import { readFile } from 'node:fs/promises';
import test from 'ava';
import { runMain } from './run-main.ts';

for (const command of [
  [],
  ['url'],
  ['mark'],
  ['unmark'],
  ['release'],
  ['prune'],
  ['nginx'],
  ['nginx', 'static'],
  ['publish'],
  ['test-publish'],
  ['site', 'targets'],
]) {
  const name = ['static-url', ...command].join(' ');

  test(`${name} --help describes it with an example`, async (t) => {
    const { code, out, error } = await runMain([...command, '--help']);
    t.is(code, 0);
    t.is(error, '');
    t.true(out.startsWith(`Usage: ${name} `), out);
    t.regex(out, new RegExp(String.raw`\nExample[^\n]*\n(?:  \$ [^\n]*\n)*  \$ ${name} `));
    t.is((await runMain([...command, '-h'])).out, out);
  });

  test(`${name} refuses an unknown flag as wrong usage, without a stack`, async (t) => {
    const { code, out, error } = await runMain([...command, '--no-such-flag']);
    t.is(code, 2);
    t.is(out, '');
    t.regex(error, /^error: unknown option '--no-such-flag'\n/);
    t.regex(error, /--help/);
    t.notRegex(error, /\n\s+at /);
  });
}

test('static-url --version prints the version of the package', async (t) => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  for (const flag of ['--version', '-V'])
    t.deepEqual(await runMain([flag]), { code: 0, out: `${version}\n`, error: '' });
});

test('static-url suggests what is near a mistyped command or flag', async (t) => {
  const mistyped: readonly (readonly [argv: string[], suggestion: string])[] = [
    [['ulr', '--from', 'now'], 'Did you mean url?'],
    [['ngnix', 'static'], 'Did you mean nginx?'],
    [['nginx', 'statc'], 'Did you mean static?'],
    [['--versoin'], 'Did you mean --version?'],
    [['url', '--form', 'now'], 'Did you mean --from?'],
    [['url', '--from', 'git', '--prefx', '/'], 'Did you mean --prefix?'],
    [['url', '--from', 'file', '--no-hsah'], 'Did you mean --no-hash?'],
    [['nginx', 'static', '--rot', '/srv'], 'Did you mean --root?'],
    [['nginx', 'static', '--max-aeg', '1'], 'Did you mean --max-age?'],
  ];
  for (const [argv, suggestion] of mistyped) {
    const { code, out, error } = await runMain(argv);
    t.is(code, 2, argv.join(' '));
    t.is(out, '');
    t.true(error.includes(suggestion), error);
  }
});

test('static-url without a command is wrong usage and prints help as an error', async (t) => {
  for (const argv of [[], ['nginx']]) {
    const { code, out, error } = await runMain(argv);
    t.is(code, 2);
    t.is(out, '');
    t.regex(error, /^Usage: static-url/);
  }
});

test('static-url refuses arguments that no command takes', async (t) => {
  for (const argv of [
    ['url', '--from', 'now', 'extra'],
    ['nginx', 'static', '--prefix', '/s/', '--root', '/srv', 'extra'],
  ]) {
    const { code, out, error } = await runMain(argv);
    t.is(code, 2);
    t.is(out, '');
    t.regex(error, /too many arguments/);
  }
});

test('static-url ends with 1 for a failure, in one line on standard error', async (t) => {
  const { code, out, error } = await runMain(['url', '--from', 'file', '--file', '/nonexistent/deployed']);
  t.is(code, 1);
  t.is(out, '');
  t.regex(error, /^error: Cannot find the sentinel file "\/nonexistent\/deployed"\. .*\n$/);
});

test('static-url ends with 2 for a value of the wrong shape, in one line on standard error', async (t) => {
  const { code, out, error } = await runMain(['url', '--from', 'now', '--prefix', 'static']);
  t.is(code, 2);
  t.is(out, '');
  t.is(error, 'error: The prefix "static" is relative. Did you mean "/static"?\n');
});
