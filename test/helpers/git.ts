import { execFileSync } from 'node:child_process';
import type { ExecutionContext } from 'ava';
import { temporaryFolder } from './folder.ts';

/** Git without the settings of the user and the machine, and without what a surrounding hook says. */
export const GIT_ENVIRONMENT: Readonly<Record<string, string | undefined>> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
};

/** Runs git in a folder and returns what it prints. */
export function git(cwd: string, ...args: readonly string[]): string {
  const env = { ...process.env, ...GIT_ENVIRONMENT };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** A repository in a temporary folder with one commit, and the id of that commit. */
export async function createRepository(
  t: ExecutionContext,
  ...initArguments: readonly string[]
): Promise<{ folder: string; commit: string }> {
  const folder = await temporaryFolder(t, { 'app.css': 'a{}\n' });
  git(folder, 'init', '--quiet', '--initial-branch=main', ...initArguments);
  return { folder, commit: commitAll(folder, 'first') };
}

/** Commits everything in a repository and returns the id of the commit. */
export function commitAll(folder: string, message: string): string {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
  return git(folder, 'rev-parse', 'HEAD');
}
