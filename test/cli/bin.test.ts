import { closeSync, constants, openSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import { commitAll, createRepository, GIT_ENVIRONMENT } from '../helpers/git.ts';
import { runProgram, type Ended, type Surroundings } from '../helpers/run-node.ts';

/** The built program; `npm test` builds it first. */
const BIN = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

function runBin(argv: readonly string[], surroundings?: Surroundings): Promise<Ended> {
  return runProgram(process.execPath, [BIN, ...argv], surroundings);
}

test('static-url prints the URL of the commit of its working folder', async (t) => {
  const { folder } = await createRepository(t);
  const commit = commitAll(folder, 'second');
  const { code, stdout, stderr } = await runBin(['url', '--from', 'git'], {
    cwd: folder,
    env: GIT_ENVIRONMENT,
  });
  t.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `/static/${commit.slice(0, 16)}/\n`, stderr: '' });
});

test('static-url reads the environment and the working folder of its process', async (t) => {
  const cwd = await temporaryFolder(t, { 'public/a-b.css': '1' });
  t.is(
    (await runBin(['url', '--from', 'env', '--env', 'RELEASE'], { env: { RELEASE: 'v42' } })).stdout,
    '/static/aafa8c00753f1a92/\n',
  );
  t.is(
    (await runBin(['url', '--from', 'content', '--root', 'public'], { cwd })).stdout,
    '/static/2d96e2d020a4205f/\n',
  );
});

test('static-url ends its process with 1 for a failure and 2 for wrong usage, without a stack', async (t) => {
  const failed = await runBin(['url', '--from', 'content', '--root', '/nonexistent']);
  t.is(failed.code, 1);
  t.regex(failed.stderr, /^error: Cannot find the root "\/nonexistent" .*\n$/);
  const wrong = await runBin(['ulr']);
  t.is(wrong.code, 2);
  t.regex(wrong.stderr, /Did you mean url\?/);
  t.notRegex(failed.stderr + wrong.stderr, /\n\s+at /);
});

test('static-url keeps silent where nobody reads its output any more', async (t) => {
  const folder = await temporaryFolder(t);
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = openSync(pipe, constants.O_RDWR);
  const output = openSync(pipe, constants.O_WRONLY);
  closeSync(reader);
  try {
    const argv = ['nginx', 'static', '--prefix', '/static/', '--root', '/srv'];
    t.is((await runBin(argv, { stdio: ['ignore', output, 'pipe'] })).stderr, '');
    t.is((await runBin(['ulr'], { stdio: ['ignore', output, output] })).code, 2);
  } finally {
    closeSync(output);
  }
});

test('static-url is cut short by head(1) without a word', async (t) => {
  const command = `"$0" "$1" nginx static --prefix /static/ --root /srv | head -c 1`;
  const { code, stdout, stderr } = await runProgram('sh', ['-c', command, process.execPath, BIN]);
  t.deepEqual({ code, length: stdout.length, stderr }, { code: 0, length: 1, stderr: '' });
});

test('static-url fails where its output cannot be written', async (t) => {
  const output = openSync('/dev/full', 'w');
  try {
    for (const argv of [
      ['url', '--from', 'now'],
      ['nginx', 'static', '--prefix', '/s/', '--root', '/srv'],
      ['--help'],
    ]) {
      const { code, stderr } = await runBin(argv, { stdio: ['ignore', output, 'pipe'] });
      t.is(code, 1, argv.join(' '));
      t.regex(stderr, /^error: Cannot write the output: ENOSPC.*\n$/);
    }
  } finally {
    closeSync(output);
  }
});

test('static-url needs its working folder for relative paths only', async (t) => {
  const folder = await temporaryFolder(t, { 'gone/file': '' });
  const run = (...argv: string[]): Promise<Ended> => {
    const command = 'rm -r "$PWD" && exec "$0" "$@"';
    return runProgram(
      'sh',
      ['-c', `mkdir -p gone && cd gone && ${command}`, process.execPath, BIN, ...argv],
      { cwd: folder },
    );
  };
  const now = await run('url', '--from', 'now');
  t.is(now.stderr, '');
  t.is(now.code, 0);
  const content = await run('url', '--from', 'content', '--root', 'public');
  t.is(content.code, 1);
  t.regex(content.stderr, /^error: .*ENOENT.*\n$/);
});
