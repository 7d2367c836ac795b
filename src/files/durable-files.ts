import { chmodSync, existsSync, fsync, mkdirSync, statSync } from 'node:fs';
import { open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { systemErrorCode } from '../core/errors.ts';

/** Readable for everyone, whatever the umask: a web server has an account of its own. */
export const FILE_MODE = 0o644;

/**
 * Writes a file that appears whole or not at all, in place of what had its name. Its bytes are on the disk before it has
 * its name, so that not even a power failure leaves an empty one.
 *
 * @param temporary - where it is written first: a path on the same file system that nobody else uses
 */
export async function writeFileAtomically(file: string, text: string, temporary: string): Promise<void> {
  await writeDurably(temporary, text);
  await rename(temporary, file);
}

/** Writes a new file and waits until it is on the disk. */
export async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'w', FILE_MODE);
  try {
    await handle.writeFile(content);
    await handle.chmod(FILE_MODE);
    await syncFile(handle);
  } finally {
    await handle.close();
  }
}

const syncDescriptor = promisify(fsync);

/** Waits until what was written to an open file is on the disk. Under Yarn's Plug'n'Play the handle itself cannot. */
export function syncFile({ fd }: FileHandle): Promise<void> {
  return syncDescriptor(fd);
}

/** Makes a folder and the missing ones above it, with a mode whatever the umask. One that exists stays as it is. */
export function makeFolder(folder: string, mode: number): void {
  if (isFolder(folder)) return;
  // Not with the option "recursive": it never ends where the system lets nobody make a folder, as in /proc, and says
  // that a read-only file system lacks the folder.
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
