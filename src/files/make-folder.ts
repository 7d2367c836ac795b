import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from '../core/errors.ts';

/** Makes a folder and those above it that are missing, with a mode whatever the umask. One that is there stays as it is. */
export function makeFolder(folder: string, mode: number): void {
  if (isFolder(folder)) return;
  // Not by the option "recursive": it never ends where the system lets nobody make a folder, as in /proc, and says that
  // a read-only file system lacks the folder.
  const above = dirname(folder);
  if (above !== folder && !existsSync(above)) makeFolder(above, mode);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process made it meanwhile.
    if (systemErrorCode(error) === 'EEXIST' && isFolder(folder)) return;
    throw error;
  }
  chmodSync(folder, mode);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
