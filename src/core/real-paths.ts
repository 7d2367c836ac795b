import { realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { systemErrorCode } from './errors.ts';

/** The real path of what may not be there yet. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT' || dirname(path) === path) return path;
    return join(realPath(dirname(path)), basename(path));
  }
}

/** Whether a path is one of some folders or lies in one. No link is looked at. */
export function isInside(path: string, folders: readonly string[]): boolean {
  return folders.some(
    (folder) => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep),
  );
}
