import { constants, fstatSync } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { signatureOf, type FileSignature } from '../files/file-signature.ts';
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
const NOT_THERE = new Set([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EACCES',
  'EPERM',
  'ELOOP',
  'ENAMETOOLONG',
  'ENXIO',
]);

/**
 * Whether an error tells of a path that there is no file to read; all others, as with too many open files, tell nothing
 * of it.
 */
export function isNotThere(error: unknown): boolean {
  return NOT_THERE.has(systemErrorCode(error) ?? '');
}

/** The signature of a file at a path; `undefined` when there is none. */
export async function signatureAt(path: string): Promise<FileSignature | undefined> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? signatureOf(stats) : undefined;
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}

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
    if (!isNotThere(error)) throw error;
  }
  await handle?.close();
  return undefined;
}

/** In bytes. */
const PIECE_BYTES = 64 * 1024;

/** The bytes of an open file from its beginning, in pieces. */
export async function* piecesOf({ handle }: OpenedFile): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    const { bytesRead } = await handle.read(piece, 0, PIECE_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
