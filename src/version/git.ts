import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { checkOptions, quote, requiredText } from '../core/options.ts';
import { cutToVersion } from '../core/version-format.ts';
import { staticUrl } from './static-url.ts';

/** Options of {@link getStaticUrlGit}. */
export interface StaticUrlGitOptions {
  /**
   * A folder in the repository. When given, variables such as `GIT_DIR` that a surrounding git hook sets are ignored.
   *
   * @defaultValue the working folder
   */
  readonly cwd?: string;
}

/**
 * A static URL whose version is the first 16 digits of the commit that is checked out.
 *
 * Asks the `git` program, so worktrees, detached heads and sub-folders work. Uncommitted edits keep the URL.
 *
 * @param prefix - what static URLs start with: `/static/` or `https://cdn.example.com/static/`
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
  checkOptions('getStaticUrlGit()', options, ['cwd']);
  const cwd = options.cwd === undefined ? process.cwd() : requiredText('option "cwd"', options.cwd);
  const commit = readCommit(cwd, options.cwd === undefined ? process.env : withoutRepository(process.env));
  return staticUrl(prefix, cutToVersion(commit));
}

function readCommit(cwd: string, env: NodeJS.ProcessEnv): string {
  try {
    return execFileSync('git', ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], {
      cwd,
      env: { ...env, LC_ALL: 'C' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    }).trim();
  } catch (error) {
    throw explain(cwd, error);
  }
}

/** The variables by which a git hook tells its children which repository they are in. */
function withoutRepository(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GIT_DIR: _, GIT_WORK_TREE: __, GIT_COMMON_DIR: ___, GIT_INDEX_FILE: ____, ...others } = env;
  return others;
}

function explain(cwd: string, error: unknown): StaticUrlError {
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    return new StaticUrlError(
      'GIT_NO_REPOSITORY',
      `Cannot ask git in ${quote(cwd)}: there is no such folder. Give a folder of the repository as "cwd".`,
      { cause: error },
    );
  }
  if (systemErrorCode(error) === 'ENOENT') {
    return new StaticUrlError(
      'GIT_NOT_FOUND',
      'Cannot find the program "git". Install it, or take the version from a file or an environment variable.',
      { cause: error },
    );
  }
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
  if (/not a git repository/i.test(said)) {
    return new StaticUrlError(
      'GIT_NO_REPOSITORY',
      `The folder ${quote(cwd)} is in no git repository. Images without ".git" can use getStaticUrlEnv() or getStaticUrlContent().`,
      { cause: error },
    );
  }
  if (/dubious ownership/i.test(said)) {
    return new StaticUrlError(
      'GIT_NO_REPOSITORY',
      `Git refuses the repository of ${quote(cwd)}, which belongs to another user. Run "git config --global --add safe.directory" with its folder.`,
      { cause: error },
    );
  }
  if (said === '') {
    return new StaticUrlError(
      'GIT_NO_COMMIT',
      `The repository of ${quote(cwd)} has no commit yet. Commit once, or use getStaticUrlNow() until then.`,
      { cause: error },
    );
  }
  return new StaticUrlError('GIT_FAILED', `Git cannot tell the commit of ${quote(cwd)}: ${said}`, {
    cause: error,
  });
}
