import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { choiceOption, quote, requiredPath } from '../core/options.ts';
import type { LinkGuard } from './scan-folder.ts';

/**
 * Validates the folder whose files a prefix serves, or several: of files with one name the first folder's wins.
 *
 * @returns them as absolute paths: at least one
 * @throws TypeError
 */
export function rootList(roots: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(roots) ? roots : [roots];
  if (list.length === 0)
    throw new TypeError('The list of roots is empty. Name the folder that holds the files.');
  return list.map((root) => resolve(requiredPath('root', root)));
}

/** The roots as messages name them. */
export function rootsText(roots: readonly string[]): string {
  return roots.map(quote).join(' and ');
}

/** Which symbolic links are followed: those that point inside the roots, or all. */
export type LinkRule = 'inside' | 'follow';

/**
 * Validates and defaults the option `symlinks`.
 *
 * @throws TypeError
 */
export function linkRuleOption(value: unknown): LinkRule {
  return choiceOption('symlinks', value, ['inside', 'follow'], 'inside');
}

/** Refuses symbolic links that point outside the roots with a {@link StaticUrlError} `LINK_OUTSIDE`. */
export function guardRoots(roots: readonly string[]): LinkGuard {
  const realRoots = roots.map(realPath);
  return (link, target) => {
    if (isInside(target, realRoots)) return;
    throw new StaticUrlError(
      'LINK_OUTSIDE',
      `The symbolic link ${quote(link)} leads to ${quote(target)}, outside of the root. Remove it, or allow such links with "symlinks: 'follow'" (--follow-symlinks).`,
    );
  };
}

/** The real path of something that need not exist yet. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT' || dirname(path) === path) return path;
    return join(realPath(dirname(path)), basename(path));
  }
}

/**
 * A path relative to a folder, empty for the folder itself; `undefined` when the path is not below it. Both are
 * absolute; symbolic links are not resolved.
 */
export function pathBelow(folder: string, path: string): string | undefined {
  if (path === folder) return '';
  const start = folder.endsWith(sep) ? folder : folder + sep;
  return path.startsWith(start) ? path.slice(start.length) : undefined;
}

/** Whether a path is one of some folders or lies in one; symbolic links are not resolved. */
export function isInside(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => pathBelow(folder, path) !== undefined);
}
