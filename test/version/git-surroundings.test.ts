import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { commitAll, createRepository, git, GIT_ENVIRONMENT } from '../helpers/git.ts';
import { closeUntilEnd, DROP_PRIVILEGES } from '../helpers/permissions.ts';
import { ENTRY, runForValue, TYPESCRIPT } from '../helpers/run-node.ts';

interface Outcome {
  readonly url?: string;
  readonly code?: string;
  readonly message?: string;
}

/** JavaScript that prints what getStaticUrlGit() gives for some options, as one {@link Outcome}. */
function ask(options: object): string {
  return `
    let outcome;
    try { outcome = { url: api.getStaticUrlGit('/static/', ${JSON.stringify(options)}) } }
    catch (error) { outcome = { code: error.code, message: error.message } }
    console.log(JSON.stringify(outcome));`;
}

const urlOf = (commit: string): string => `/static/${commit.slice(0, 16)}/`;

test('getStaticUrlGit() asks in the working folder by default', async (t) => {
  const { folder, commit } = await createRepository(t);
  t.deepEqual(await runForValue<Outcome>(ask({}), { cwd: folder, env: GIT_ENVIRONMENT }), {
    url: urlOf(commit),
  });
});

test('getStaticUrlGit() without the program git says what to do', async (t) => {
  const { folder } = await createRepository(t);
  const empty = await temporaryFolder(t);
  const { code, message } = await runForValue<Outcome>(ask({ cwd: folder }), { env: { PATH: empty } });
  t.is(code, 'GIT_NOT_FOUND');
  t.is(
    message,
    'Cannot find the program "git". Install it, or take the version from a file or an environment variable.',
  );
});

test('getStaticUrlGit() says why the program git could not be started', async (t) => {
  const { folder } = await createRepository(t);
  const programs = await temporaryFolder(t, { git: 'not a program' });
  const { code, message } = await runForValue<Outcome>(ask({ cwd: folder }), { env: { PATH: programs } });
  t.is(code, 'GIT_FAILED');
  t.regex(message ?? '', /EACCES/);
});

test('getStaticUrlGit() tells a git that was killed from a repository without commit', async (t) => {
  const { folder } = await createRepository(t);
  const programs = await temporaryFolder(t, { git: '#!/bin/sh\nkill -9 $$\n' });
  await chmod(join(programs, 'git'), 0o755);
  const { code, message } = await runForValue<Outcome>(ask({ cwd: folder }), { env: { PATH: programs } });
  t.is(code, 'GIT_FAILED');
  t.regex(message ?? '', /SIGKILL/);
});

test('getStaticUrlGit() refuses what a wrapper of git prints in place of a commit', async (t) => {
  const { folder } = await createRepository(t);
  const programs = await temporaryFolder(t, {
    git: '#!/bin/sh\necho "Update available, run: brew upgrade"\n',
  });
  await chmod(join(programs, 'git'), 0o755);
  const { url, code, message } = await runForValue<Outcome>(ask({ cwd: folder }), {
    env: { PATH: programs },
  });
  t.is(url, undefined);
  t.is(code, 'GIT_FAILED');
  t.regex(message ?? '', /Update available/);
});

test('getStaticUrlGit() says that git distrusts a repository of another user', async (t) => {
  const { folder } = await createRepository(t);
  const env = { ...GIT_ENVIRONMENT, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };
  const { code, message } = await runForValue<Outcome>(ask({ cwd: folder }), { env });
  t.is(code, 'GIT_NO_REPOSITORY');
  t.regex(message ?? '', /belongs to another user.*safe\.directory/);
});

test('getStaticUrlGit() says that it may not enter its folder', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'closed/app'), { recursive: true });
  await closeUntilEnd(t, join(folder, 'closed'));
  await chmod(folder, 0o755);
  const outcomes = await Promise.all(
    ['closed', 'closed/app'].map((name) =>
      runForValue<Outcome>(DROP_PRIVILEGES + ask({ cwd: join(folder, name) })),
    ),
  );
  for (const { code, message } of outcomes) {
    t.is(code, 'GIT_FAILED');
    t.regex(message ?? '', /EACCES/);
  }
});

test('getStaticUrlGit() with cwd has the commit of that folder inside a hook of another repository', async (t) => {
  const app = (await createRepository(t)).folder;
  const commit = commitAll(app, 'of the app');
  const source = (await createRepository(t)).folder;
  const bare = join(await temporaryFolder(t), 'bare.git');
  git(app, 'init', '--quiet', '--bare', bare);
  const program = `import * as api from ${JSON.stringify(ENTRY)}; ${ask({ cwd: app })}`;
  const log = await temporaryFolder(t, { 'program.mjs': program });
  // What a push sets differs: a quarantine for objects in pre-receive, a relative GIT_DIR in both.
  for (const hook of ['pre-receive', 'post-receive']) {
    await writeFiles(join(bare, 'hooks'), {
      [hook]: `#!/bin/sh\nenv > ${log}/${hook}.env\n"${process.execPath}" --import "${TYPESCRIPT}" ${log}/program.mjs > ${log}/${hook}.json\n`,
    });
    await chmod(join(bare, 'hooks', hook), 0o755);
  }
  git(source, 'push', '--quiet', bare, 'main');
  t.regex(await readFile(join(log, 'pre-receive.env'), 'utf8'), /^GIT_QUARANTINE_PATH=/m);
  for (const hook of ['pre-receive', 'post-receive']) {
    t.regex(await readFile(join(log, `${hook}.env`), 'utf8'), /^GIT_DIR=/m);
    t.deepEqual(JSON.parse(await readFile(join(log, `${hook}.json`), 'utf8')), { url: urlOf(commit) }, hook);
  }
});

test('getStaticUrlGit() without cwd follows GIT_DIR, and names it where it leads nowhere', async (t) => {
  const app = await createRepository(t);
  const other = await createRepository(t);
  const commit = commitAll(other.folder, 'second');
  const follow = { cwd: app.folder, env: { ...GIT_ENVIRONMENT, GIT_DIR: join(other.folder, '.git') } };
  t.deepEqual(await runForValue<Outcome>(ask({}), follow), { url: urlOf(commit) });
  const { code, message } = await runForValue<Outcome>(ask({}), {
    cwd: app.folder,
    env: { ...GIT_ENVIRONMENT, GIT_DIR: '.' },
  });
  t.is(code, 'GIT_NO_REPOSITORY');
  t.regex(message ?? '', /GIT_DIR/);
  t.regex(message ?? '', /"cwd"/);
});
