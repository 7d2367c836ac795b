import { createHmac } from 'node:crypto';
import { chmod, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { getStaticUrlContent, getStaticUrlFile } from '../../src/index.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { createRepository } from '../helpers/git.ts';
import { runMain } from './run-main.ts';

const OLD = '0123456789abcdef';

test('url --from now prints a URL of the time', async (t) => {
  const { code, out, error } = await runMain(['url', '--from', 'now']);
  t.is(code, 0, error);
  t.regex(out, /^\/static\/[0-9a-f]{16}\/\n$/);
  t.regex((await runMain(['url', '--from=now', '--no-hash', '--prefix=/s'])).out, /^\/s\/20[0-9]{14}\/\n$/);
});

test('url --from file prints the URL of the sentinel, found from the working folder', async (t) => {
  const cwd = await temporaryFolder(t, { deployed: '' });
  const file = join(cwd, 'deployed');
  await utimes(file, 1_600_000_000, 1_700_000_000);
  const run = async (...argv: string[]): Promise<string> =>
    (
      await runMain(['url', '--from', 'file', '--file', 'deployed', ...argv], {
        cwd,
        env: { PEPPER: 'pepper' },
      })
    ).out;
  t.is(await run(), `${getStaticUrlFile('/static/', file)}\n`);
  t.is(await run('--time', 'mtime'), `${getStaticUrlFile('/static/', file, { time: 'mtime' })}\n`);
  t.is(await run('--time', 'mtime', '--no-hash'), '/static/2023111422132000/\n');
  t.is(await run('--time', 'atime', '--no-hash'), '/static/2020091312264000/\n');
  const digest = createHmac('sha256', 'pepper').update('1700000000000000000').digest('hex').slice(0, 16);
  t.is(await run('--time', 'mtime', '--secret-env', 'PEPPER'), `/static/${digest}/\n`);
});

test('url --from git prints the URL of the commit', async (t) => {
  const { folder, commit } = await createRepository(t);
  const { code, out, error } = await runMain(['url', '--from', 'git', '--cwd', '.'], { cwd: folder });
  t.deepEqual({ code, out, error }, { code: 0, out: `/static/${commit.slice(0, 16)}/\n`, error: '' });
});

test("url --from env prints the URL of the first variable that is set in the terminal's environment", async (t) => {
  const env = { EMPTY: '', RELEASE: 'v42', COMMIT: 'A'.repeat(40) };
  const run = (...argv: string[]): ReturnType<typeof runMain> =>
    runMain(['url', '--from', 'env', ...argv], { env });
  t.is((await run('--env', 'NONE', 'EMPTY', 'COMMIT', 'RELEASE')).out, '/static/aaaaaaaaaaaaaaaa/\n');
  t.is((await run('--env', 'NONE', '--env', 'RELEASE')).out, '/static/aafa8c00753f1a92/\n');
  const failed = await run('--env', 'NONE', 'EMPTY');
  t.is(failed.code, 1);
  t.regex(failed.error, /^error: None of the environment variables "NONE", "EMPTY" is set\./);
});

test('url --from content prints the URL of the tree', async (t) => {
  const cwd = await temporaryFolder(t, { 'public/a-b.css': '1', 'public/.env': 'A=1' });
  const run = async (...argv: string[]): Promise<string> =>
    (await runMain(['url', '--from', 'content', '--root', 'public', ...argv], { cwd })).out;
  t.is(await run(), '/static/2d96e2d020a4205f/\n');
  t.is(await run('--dotfiles'), '/static/7355366bac2701ef/\n');
  t.is(await run('--prefix', 'https://cdn.example.com'), 'https://cdn.example.com/2d96e2d020a4205f/\n');
});

test('url --json and mark --json print what they did as data', async (t) => {
  const cwd = await temporaryFolder(t, { 'public/a-b.css': '1', [`current/${OLD}`]: '' });
  await chmod(cwd, 0o755);
  const argv = ['url', '--from', 'content', '--root', 'public', '--prefix', '//cdn.example.com/s', '--json'];
  const parts = {
    url: '//cdn.example.com/s/2d96e2d020a4205f/',
    prefix: '//cdn.example.com/s/',
    version: '2d96e2d020a4205f',
    from: 'content',
  };
  const { out } = await runMain(argv, { cwd });
  t.true(out.endsWith('}\n'));
  t.deepEqual(JSON.parse(out), parts);
  t.deepEqual(JSON.parse((await runMain(['mark', 'current', ...argv.slice(1)], { cwd })).out), {
    ...parts,
    markerFolder: 'current',
    removed: [OLD],
    warnings: [],
  });
});

test('url refuses what is missing, wrong or without effect, as wrong usage', async (t) => {
  const wrong: readonly (readonly [argv: string[], reason: RegExp])[] = [
    [[], /'--from <source>' is missing/],
    [['--from'], /argument missing/],
    [['--from', 'gti'], /Allowed choices are now, file, git, env, content/],
    [['--from', 'file'], /--from file needs --file/],
    [['--from', 'env'], /--from env needs --env/],
    [['--from', 'content'], /--from content needs --root/],
    [['--from', 'file', '--file', 'x', '--time', 'ctime'], /Allowed choices are atime, mtime/],
    [
      ['--from', 'now', '--root', 'public'],
      /--root has no effect with --from now: it goes with --from content/,
    ],
    [
      ['--from', 'git', '--no-hash'],
      /--no-hash has no effect with --from git: it goes with --from now or file/,
    ],
    [['--from', 'content', '--root', '.', '--secret-env', 'A'], /--secret-env has no effect/],
    [['--from', 'now', '--secret-env', 'UNSET'], /"UNSET" of --secret-env is not set/],
    [['--from', 'now', '--secret-env', 'EMPTY'], /"EMPTY" of --secret-env is not set/],
    [['--from', 'now', '--secret-env', 'BLANK'], /"BLANK" of --secret-env is not set/],
    [['--from', 'now', '--secret-env', 'toString'], /"toString" of --secret-env is not set/],
    [['--from', 'now', '--no-hash', '--secret-env', 'SET'], /no effect/],
    [['--from', 'now', '--prefix', ''], /prefix "" is empty/],
  ];
  for (const [argv, reason] of wrong) {
    const { code, out, error } = await runMain(['url', ...argv], {
      env: { EMPTY: '', BLANK: ' \n', SET: 'pepper' },
    });
    t.is(code, 2, `${argv.join(' ')}: ${error}`);
    t.is(out, '');
    t.regex(error, reason);
    t.notRegex(error, /pepper|\n\s+at /);
  }
});

test('url refuses an empty path, which an unset variable of a script gives, in place of the working folder', async (t) => {
  const cwd = await temporaryFolder(t, { [OLD]: 'kept' });
  for (const argv of [
    ['--from', 'content', '--root', ''],
    ['--from', 'file', '--file', ''],
    ['--from', 'git', '--cwd='],
  ]) {
    const { code, out, error } = await runMain(['url', ...argv], { cwd });
    t.is(code, 2, argv.join(' '));
    t.is(out, '');
    t.regex(error, /is empty/i);
  }
  t.is((await runMain(['mark', '', '--from', 'now'], { cwd })).code, 2);
  t.deepEqual(await readdir(cwd), [OLD]);
});

test('url --from content agrees with the helper of the app', async (t) => {
  const cwd = await temporaryFolder(t, { 'a.css': 'a{}', 'b/c.js': '1' });
  const { out } = await runMain(['url', '--from', 'content', '--root', '.'], { cwd });
  t.is(out, `${await getStaticUrlContent('/static/', cwd)}\n`);
});
