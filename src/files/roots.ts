import { realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { StaticUrlError, systemErrorCode, optionError } from '../core/errors.ts';
import { absolutePath, choice, type Kind } from '../core/option-kinds.ts';
import { quote } from '../core/text.ts';
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
  return list.map((root) => absolutePath('root', root));
}

/** The roots as messages name them. */
export function rootsText(roots: readonly string[]): string {
  return roots.map(quote).join(' and ');
}

/** Which symbolic links are followed: those that point inside the roots, or all. */
export type LinkRule = 'inside' | 'follow';

export const LINK_RULE: Kind<LinkRule> = choice('inside', 'follow');

/** Refuses symbolic links that point outside the roots with a {@link StaticUrlError} `LINK_OUTSIDE`. */
export function guardRoots(roots: readonly string[]): LinkGuard {
  const realRoots = roots.map(realPath);
  return (link, target) => {
    if (isInside(target, realRoots)) return;
    throw optionError(
      'symlinks',
      (name) =>
        `The symbolic link ${quote(link)} points to ${quote(target)}, outside the roots. Remove it, or set ${name('symlinks')} to "follow".`,
      (message) => new StaticUrlError('LINK_OUTSIDE', message),
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
