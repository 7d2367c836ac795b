import { realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { systemErrorCode } from '../core/errors.ts';

/** The real path of what may not be there yet. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT' || dirname(path) === path) return path;
    return join(realPath(dirname(path)), basename(path));
  }
}

/**
 * What leads from a folder down to a path, empty for the folder itself; `undefined` when the path is not below it. Both
 * are absolute; no link is looked at.
 */
export function pathBelow(folder: string, path: string): string | undefined {
  if (path === folder) return '';
  const start = folder.endsWith(sep) ? folder : folder + sep;
  return path.startsWith(start) ? path.slice(start.length) : undefined;
}

/** Whether a path is one of some folders or lies in one. No link is looked at. */
export function isInside(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => pathBelow(folder, path) !== undefined);
}
