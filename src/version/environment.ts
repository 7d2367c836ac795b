import { versionOf } from '../core/hash.ts';
import { StaticUrlError } from '../core/errors.ts';
import { requireString } from '../core/option-kinds.ts';
import { quote } from '../core/text.ts';
import { cutToVersion } from '../core/version-format.ts';
import { staticUrl } from '../core/prefix.ts';

/** A whole commit id: SHA-1 or SHA-256. */
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;

/**
 * A static URL whose version comes from an environment variable, as hosting platforms set one per deploy.
 *
 * Takes the first of the named variables that is set and neither empty nor blank. A value that is wholly a commit id (40 or 64
 * hexadecimal characters) is cut to its first 16; any other value is hashed whole with SHA-256.
 *
 * Platforms set `GITHUB_SHA`, `CI_COMMIT_SHA`, `RENDER_GIT_COMMIT`, `HEROKU_BUILD_COMMIT`, `K_REVISION` and the like; the
 * documentation lists them.
 *
 * @param prefix - what static URLs start with: `/static/` or `https://cdn.example.com/static/`
 * @param names - the names of the variables, the most telling first
 * @returns prefix + version + `/`
 * @throws {@link StaticUrlError} `ENVIRONMENT_UNSET` when none of them is set
 * @throws TypeError for a prefix or names of the wrong shape
 *
 * @example
 * ```ts
 * import { getStaticUrlEnv } from 'static-url';
 *
 * export const STATIC_URL = getStaticUrlEnv('/static/', ['RENDER_GIT_COMMIT', 'GITHUB_SHA']);
 * ```
 */
export function getStaticUrlEnv(prefix: string, names: string | readonly string[]): string {
  return staticUrl(prefix, versionOfEnvironment(names, process.env));
}

/** Variables by name, as `process.env` has them. */
type Environment = Readonly<Record<string, string | undefined>>;

/** The version that the first variable gives which is set; see {@link getStaticUrlEnv}. */
export function versionOfEnvironment(names: string | readonly string[], env: Environment): string {
  const list = listNames(names);
  const value = list.map((name) => variableIn(env, name)).find((each) => each !== undefined);
  if (value === undefined) {
    const which = list.length === 1 ? 'The environment variable' : 'None of the environment variables';
    throw new StaticUrlError(
      'ENVIRONMENT_UNSET',
      `${which} ${list.map(quote).join(', ')} is ${list.length === 1 ? 'not set' : 'set'}. Set one per deploy, for example to the commit.`,
    );
  }
  return COMMIT.test(value) ? cutToVersion(value) : versionOf(value);
}

/** The value of a variable; one of nothing but white space, as broken scripts set it, counts as not set. */
export function variableIn(env: Environment, name: string): string | undefined {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value?.trim() === '' ? undefined : value;
}

function listNames(names: unknown): string[] {
  const list: unknown = typeof names === 'string' ? [names] : names;
  if (!Array.isArray(list)) {
    throw new TypeError(`getStaticUrlEnv() takes the names of environment variables, not ${quote(names)}.`);
  }
  if (list.length === 0)
    throw new TypeError('getStaticUrlEnv() needs the name of at least one environment variable.');
  return list.map((name) => requireString('name of an environment variable', name));
}
