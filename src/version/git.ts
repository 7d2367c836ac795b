import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync } from 'node:fs';
import { StaticUrlError, systemErrorCode, type StaticUrlErrorCode } from '../core/errors.ts';
import { absolutePath } from '../core/option-kinds.ts';
import { resolveOptions } from '../core/options.ts';
import { quote } from '../core/text.ts';
import { cutToVersion } from '../core/version-format.ts';
import { GIT_OPTIONS, type StaticUrlGitOptions } from './options.ts';
import { staticUrl } from '../core/prefix.ts';

/**
 * A static URL whose version is the first 16 digits of the commit that is checked out.
 *
 * Asks the `git` program, so worktrees, detached heads and sub-folders work. Uncommitted edits keep the URL.
 *
 * @param prefix - what static URLs start with: `/static/` or `https://cdn.example.com/static/`
 * @param options - where the repository is
 * @returns prefix + version + `/`
 * @throws {@link StaticUrlError} `GIT_NOT_FOUND`, `GIT_NO_REPOSITORY`, `GIT_NO_COMMIT`, `GIT_FAILED`
 * @throws TypeError for a prefix or an option of the wrong shape
 *
 * @example
 * ```ts
 * import { getStaticUrlGit } from 'static-url';
 *
 * export const STATIC_URL = getStaticUrlGit('/static/', { cwd: import.meta.dirname });
 * ```
 */
export function getStaticUrlGit(prefix: string, options: StaticUrlGitOptions = {}): string {
  return staticUrl(prefix, versionOfCommit(options));
}

/** The version that the commit gives; see {@link getStaticUrlGit}. */
export function versionOfCommit(options: StaticUrlGitOptions): string {
  const { cwd } = resolveOptions('getStaticUrlGit()', options, GIT_OPTIONS);
  const commit =
    cwd === undefined
      ? readCommit(process.cwd(), process.env)
      : readCommit(absolutePath('option "cwd"', cwd), withoutRepository(process.env));
  return cutToVersion(commit);
}

/** A whole commit id as git prints it: SHA-1 or SHA-256. */
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

function readCommit(cwd: string, env: NodeJS.ProcessEnv): string {
  // The name that HEAD holds, not the object behind it: an image may leave the objects out.
  const { error, status, signal, stdout, stderr } = runGit(cwd, env, [
    'rev-parse',
    '--verify',
    '--quiet',
    'HEAD',
  ]);
  if (error) throw notStarted(cwd, error);
  const commit = stdout.trim();
  if (status === 0 && COMMIT.test(commit)) return commit;
  // "git rev-parse" is silent about a HEAD without a name, and about one that it cannot read.
  const said =
    stderr.trim() ||
    (status === 1
      ? runGit(cwd, env, ['log', '-1']).stderr.trim()
      : commit || `it ended with ${signal ?? status}`);
  throw refused(cwd, said, env['GIT_DIR']);
}

function runGit(cwd: string, env: NodeJS.ProcessEnv, args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync('git', args, {
    cwd,
    env: { ...env, LC_ALL: 'C' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
}

/** The variables by which a git hook tells its children which repository they are in. */
function withoutRepository(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GIT_DIR: _, GIT_WORK_TREE: __, GIT_COMMON_DIR: ___, GIT_INDEX_FILE: ____, ...others } = env;
  return others;
}

/** Why the program did not even start: the system names neither the folder nor the program as the cause. */
function notStarted(cwd: string, cause: Error): StaticUrlError {
  const code = systemErrorCode(cause);
  const fail = (kind: StaticUrlErrorCode, message: string): StaticUrlError =>
    new StaticUrlError(kind, message, { cause });
  if (code !== 'ENOENT' && code !== 'ENOTDIR')
    return fail(
      'GIT_FAILED',
      `Cannot run git in ${quote(cwd)}: ${code ?? String(cause)}. Check the permissions of the folder and of the program.`,
    );
  return code === 'ENOENT' && existsSync(cwd)
    ? fail(
        'GIT_NOT_FOUND',
        'Cannot find the program "git". Install it, or take the version from a file or an environment variable.',
      )
    : fail(
        'GIT_NO_REPOSITORY',
        `Cannot ask git in ${quote(cwd)}: there is no such folder. Name a folder of the repository.`,
      );
}

/** Why git gives no commit, by what it says. */
function refused(cwd: string, said: string, gitDir: string | undefined): StaticUrlError {
  if (said === '' || /does not have any commits yet/i.test(said))
    return new StaticUrlError(
      'GIT_NO_COMMIT',
      `The repository of ${quote(cwd)} has no commit yet. Commit once, or take the version from the time until then.`,
    );
  if (/not a git repository/i.test(said))
    return new StaticUrlError(
      'GIT_NO_REPOSITORY',
      gitDir === undefined
        ? `The folder ${quote(cwd)} is in no git repository. An image without ".git" can take the version from an environment variable, or from its content.`
        : `The variable GIT_DIR, which git hooks set, is ${quote(gitDir)}: no git repository from ${quote(cwd)}. Name the folder of the repository as "cwd" to ignore it.`,
    );
  if (/dubious ownership/i.test(said))
    return new StaticUrlError(
      'GIT_NO_REPOSITORY',
      `Git refuses the repository of ${quote(cwd)}, which belongs to another user. Run "git config --global --add safe.directory" with its folder.`,
    );
  return new StaticUrlError(
    'GIT_FAILED',
    `Git cannot tell the commit of ${quote(cwd)}: ${said}. If its files under ".git" can be read, run "git fsck".`,
  );
}
