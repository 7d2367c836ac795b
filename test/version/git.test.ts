import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { getStaticUrlGit } from '../../src/index.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { commitAll, createRepository, git } from '../helpers/git.ts';

const urlOf = (commit: string): string => `/static/${commit.slice(0, 16)}/`;

test('getStaticUrlGit() has the first 16 digits of the commit, and keeps them over uncommitted edits', async (t) => {
  const { folder, commit } = await createRepository(t);
  t.is(commit.length, 40);
  t.is(getStaticUrlGit('/static/', { cwd: folder }), urlOf(commit));
  await writeFiles(folder, { 'app.css': 'a{color:red}\n', 'new.css': '' });
  git(folder, 'add', 'new.css');
  t.is(getStaticUrlGit('/static/', { cwd: folder }), urlOf(commit));
  const next = commitAll(folder, 'second');
  t.not(next, commit);
  t.is(getStaticUrlGit('/static/', { cwd: folder }), urlOf(next));
});

test('getStaticUrlGit() asks in a sub-folder, an ignored folder and through a link', async (t) => {
  const { folder, commit } = await createRepository(t);
  await writeFiles(folder, { 'app/sub/x.css': '', 'ignored/x.css': '', '.gitignore': 'ignored\n' });
  const outside = await temporaryFolder(t);
  await symlink(join(folder, 'app'), join(outside, 'link'));
  for (const cwd of [
    join(folder, 'app/sub'),
    join(folder, 'ignored'),
    join(outside, 'link'),
    pathToFileURL(join(folder, 'app')),
  ]) {
    t.is(getStaticUrlGit('/static/', { cwd }), urlOf(commit), String(cwd));
  }
});

test('getStaticUrlGit() has the commit of a detached head', async (t) => {
  const { folder, commit } = await createRepository(t);
  commitAll(folder, 'second');
  git(folder, 'checkout', '--quiet', commit);
  t.is(getStaticUrlGit('/static/', { cwd: folder }), urlOf(commit));
});

test('getStaticUrlGit() has the commit of a worktree, not of the repository it belongs to', async (t) => {
  const { folder, commit } = await createRepository(t);
  const worktree = join(await temporaryFolder(t), 'tree');
  git(folder, 'worktree', 'add', '--quiet', '-b', 'other', worktree);
  const next = commitAll(worktree, 'second');
  await mkdir(join(worktree, 'sub'));
  t.not(next, commit);
  t.is(getStaticUrlGit('/static/', { cwd: join(worktree, 'sub') }), urlOf(next));
  t.is(getStaticUrlGit('/static/', { cwd: folder }), urlOf(commit));
});

test('getStaticUrlGit() reads packed references, shallow clones and bare repositories', async (t) => {
  const { folder } = await createRepository(t);
  const commit = commitAll(folder, 'second');
  git(folder, 'pack-refs', '--all');
  t.is(getStaticUrlGit('/static/', { cwd: folder }), urlOf(commit));
  const clones = await temporaryFolder(t);
  git(clones, 'clone', '--quiet', '--depth=1', `file://${folder}`, 'shallow');
  git(clones, 'clone', '--quiet', '--bare', folder, 'bare');
  t.is(getStaticUrlGit('/static/', { cwd: join(clones, 'shallow') }), urlOf(commit));
  t.is(getStaticUrlGit('/static/', { cwd: join(clones, 'bare') }), urlOf(commit));
});

test('getStaticUrlGit() cuts the 64 digits of a SHA-256 repository', async (t) => {
  const { folder, commit } = await createRepository(t, '--object-format=sha256');
  t.is(commit.length, 64);
  t.is(getStaticUrlGit('/static/', { cwd: folder }), urlOf(commit));
});

test('getStaticUrlGit() has the commit where an image holds no objects, only the references', async (t) => {
  const { folder, commit } = await createRepository(t);
  await rm(join(folder, '.git/objects'), { recursive: true });
  await mkdir(join(folder, '.git/objects'));
  t.is(getStaticUrlGit('/static/', { cwd: folder }), urlOf(commit));
});

test('getStaticUrlGit() in a repository without commit says so', async (t) => {
  const folder = await temporaryFolder(t);
  git(folder, 'init', '--quiet');
  t.throws(() => getStaticUrlGit('/static/', { cwd: folder }), {
    code: 'GIT_NO_COMMIT',
    message: /no commit yet/,
  });
});

test('getStaticUrlGit() tells a branch that git cannot read from one without commit', async (t) => {
  const { folder } = await createRepository(t);
  await writeFile(join(folder, '.git/refs/heads/main'), 'cut off');
  t.throws(() => getStaticUrlGit('/static/', { cwd: folder }), {
    code: 'GIT_FAILED',
    message: /current branch appears to be broken.*can be read/,
  });
});

test('getStaticUrlGit() outside of a repository says so, with what to use instead', async (t) => {
  const folder = await temporaryFolder(t);
  const error = t.throws(() => getStaticUrlGit('/static/', { cwd: folder }), { code: 'GIT_NO_REPOSITORY' });
  t.true(error.message.includes(JSON.stringify(folder)), error.message);
  t.regex(error.message, /from an environment variable, or from its content/);
});

test('getStaticUrlGit() says that its folder is missing, or is none', async (t) => {
  const folder = await temporaryFolder(t, { file: '' });
  for (const name of ['gone', 'file', 'file/below']) {
    t.throws(
      () => getStaticUrlGit('/static/', { cwd: join(folder, name) }),
      { code: 'GIT_NO_REPOSITORY', message: /there is no such folder/ },
      name,
    );
  }
});

test('getStaticUrlGit() quotes what git says of a damaged repository', async (t) => {
  const { folder } = await createRepository(t);
  await writeFile(join(folder, '.git/config'), '[core\n');
  t.throws(() => getStaticUrlGit('/static/', { cwd: folder }), {
    code: 'GIT_FAILED',
    message: /bad config line 1/,
  });
});

test('getStaticUrlGit() refuses arguments of the wrong shape', async (t) => {
  const { folder } = await createRepository(t);
  t.throws(() => getStaticUrlGit('static', { cwd: folder }), { instanceOf: TypeError });
  t.throws(() => getStaticUrlGit('/static/', { cwd: '' }), { instanceOf: TypeError });
  t.throws(() => getStaticUrlGit('/static/', { cwd: 1 as never }), { instanceOf: TypeError });
  t.throws(() => getStaticUrlGit('/static/', { cwd: new URL('https://example.com/') }), {
    instanceOf: TypeError,
    message: /^The option "cwd" is a path or a "file:" URL/,
  });
  t.throws(() => getStaticUrlGit('/static/', { dir: folder } as never), {
    instanceOf: TypeError,
    message: /"dir"/,
  });
});
