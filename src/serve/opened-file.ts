import { constants, fstatSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { signatureOf, type FileSignature } from '../assets/file-signature.ts';
import { systemErrorCode } from '../core/errors.ts';

/** A file that is open for reading, and what it was when it was opened. */
export interface OpenedFile {
  readonly handle: FileHandle;
  readonly signature: FileSignature;
  /** How many names the file has. */
  readonly links: number;
}

/** A pipe in a file's place must not hold a thread until somebody writes to it; Windows has no such flag. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** What the system says of a path under which there is no file to read. */
const NOT_THERE = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'ENXIO'];

/**
 * Opens a file; whoever gets it closes it.
 *
 * @returns `undefined` when there is no file that may be read
 * @throws the system's error when that cannot be told, as with too many open files
 */
export async function openFile(path: string): Promise<OpenedFile | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, READ);
    const stats = fstatSync(handle.fd);
    if (stats.isFile()) return { handle, signature: signatureOf(stats), links: stats.nlink };
  } catch (error) {
    if (!NOT_THERE.includes(systemErrorCode(error) ?? '')) throw error;
  }
  await handle?.close();
  return undefined;
}
