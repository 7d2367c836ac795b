import { close, fchmod, fstat, mkdir, open, write } from 'node:fs';
import { promisify } from 'node:util';
import { systemErrorCode } from '../../core/errors.ts';
import { FILE_MODE } from '../../files/durable-files.ts';
import { FOLDER_MODE } from '../landing/index.ts';
import { describeClash, makeFolderOf, umask } from './page-writer.ts';

// Not by file handles: each of them is watched by the garbage collector.
const [openFile, writeBytes, statFile, changeMode, closeFile, makeOneFolder] = [
  promisify(open),
  promisify(write),
  promisify(fstat),
  promisify(fchmod),
  promisify(close),
  promisify(mkdir),
];

/**
 * Writes a new file by the thread pool: many at a time take turns on the disk.
 *
 * @returns its modification time, in milliseconds
 */
export async function writeInPool(path: string, bytes: Uint8Array): Promise<number> {
  const descriptor = await openNew(path);
  try {
    for (let written = 0; written < bytes.length;)
      written += (await writeBytes(descriptor, bytes, written, bytes.length - written, null)).bytesWritten;
    if ((umask & FILE_MODE) !== 0) await changeMode(descriptor, FILE_MODE);
    return (await statFile(descriptor)).mtimeMs;
  } finally {
    await closeFile(descriptor);
  }
}

async function openNew(path: string): Promise<number> {
  // The folder of a page is hardly ever there.
  if (path.endsWith('/index.html') && (umask & FOLDER_MODE) === 0)
    await makeOneFolder(path.slice(0, path.lastIndexOf('/')), FOLDER_MODE).catch(() => {});
  try {
    return await openFile(path, 'wx', FILE_MODE);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw describeClash(path, error);
    makeFolderOf(path);
    return openFile(path, 'wx', FILE_MODE);
  }
}
