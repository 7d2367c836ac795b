import { DOTFILE_OPTIONS, type DotfileOptions } from '../core/dotfiles.ts';
import type { Secret } from '../core/hash.ts';
import { optionError } from '../core/errors.ts';
import { BOOLEAN, PATH, choice, validated, type Kind } from '../core/option-kinds.ts';
import type { Table } from '../core/options.ts';

/** How a time becomes a version. */
export interface TimeOptions {
  /**
   * Whether the version is a digest of the time, or the time itself in UTC: `YYYYMMDDHHmmsscc` (cc: hundredths of a second).
   *
   * @defaultValue `true`
   */
  readonly hash?: boolean;
  /**
   * Makes the digest an HMAC-SHA-256, so that nobody can compute the version of a time without it. Not empty or blank.
   * Passing `undefined` is an error, so that an unset variable does not weaken it silently.
   */
  readonly secret?: Secret;
}

/** Options of {@link getStaticUrlNow}. */
export type StaticUrlNowOptions = TimeOptions;

/** Options of {@link getStaticUrlFile}. */
export interface StaticUrlFileOptions extends TimeOptions {
  /**
   * Which time of the file counts: `'atime'`, its last access, or `'mtime'`, its last change. Prefer `'mtime'`: an access
   * time moves when anybody reads the file, or never, as the mount decides.
   *
   * @defaultValue `'atime'`, as the classic helper has it
   */
  readonly time?: 'atime' | 'mtime';
}

/** Options of {@link getStaticUrlGit}. */
export interface StaticUrlGitOptions {
  /**
   * A folder in the repository: a path, or a `file:` URL. When given, variables such as `GIT_DIR` that a surrounding git
   * hook sets are ignored.
   *
   * @defaultValue the working folder
   */
  readonly cwd?: string | URL;
}

/** Options of {@link getStaticUrlContent}: take the same as the router and nginx, so that what they serve counts. */
export type StaticUrlContentOptions = DotfileOptions;

const SECRET: Kind<Secret> = validated({ kind: 'string' }, requireSecret);

/**
 * Refuses a secret that protects nothing.
 *
 * @throws TypeError
 */
export function requireSecret(value: unknown, option: string): void {
  const advice = 'Is the variable it comes from set? Leave the option out to use no secret.';
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) {
    // Its type alone: whatever it is, it does not belong in a log.
    const given = value === undefined ? 'undefined' : `of type ${typeof value}`;
    throw optionError(option, (name) => `${name(option)} is ${given}, not a string or bytes. ${advice}`);
  }
  const isText = typeof value === 'string';
  if (isText ? value.trim() === '' : value.length === 0)
    throw optionError(option, (name) => `${name(option)} is empty${isText ? ' or blank' : ''}. ${advice}`);
}

export const NOW_OPTIONS: Table<StaticUrlNowOptions, 'secret'> = {
  hash: {
    ...BOOLEAN,
    flag: '--no-hash',
    default: true,
    help: 'Whether the version is a digest of the time, or the time itself in UTC: YYYYMMDDHHmmsscc (cc: hundredths of a second).',
  },
  secret: {
    ...SECRET,
    help: 'Makes the digest an HMAC-SHA-256, so that nobody can compute the version of a time without it.',
  },
};

export const FILE_OPTIONS: Table<StaticUrlFileOptions, 'secret'> = {
  ...NOW_OPTIONS,
  time: {
    ...choice('atime', 'mtime'),
    flag: '--time <which>',
    default: 'atime',
    help: "Which time of the file counts: 'atime', its last access, or 'mtime', its last change.",
  },
};

export const GIT_OPTIONS: Table<StaticUrlGitOptions, 'cwd'> = {
  cwd: {
    ...PATH,
    flag: '--cwd <folder>',
    defaultText: 'the working folder',
    help: 'A folder in the repository: a path, or a file: URL.',
  },
};

export const CONTENT_OPTIONS: Table<StaticUrlContentOptions> = DOTFILE_OPTIONS;
