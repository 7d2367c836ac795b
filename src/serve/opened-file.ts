import { constants, fstatSync } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { systemErrorCode } from '../core/errors.ts';
import {
  isSameButForStatus,
  isSameSignature,
  signatureOf,
  type FileSignature,
} from '../files/file-signature.ts';
import type { HttpResponse } from '../http/exchange.ts';
import type { BodyPart } from '../http/prepared-answer.ts';
import { breakOff, ResponseBody } from '../http/response-body.ts';
import type { RootBoundary } from './root-boundary.ts';

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
 * Whether an error says that a path has no file to read. All others, such as too many open files, say nothing about the
 * path.
 */
export function isNotThere(error: unknown): boolean {
  return NOT_THERE.has(systemErrorCode(error) ?? '');
}

/** The signature of the file at a path; `undefined` when there is none. */
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
 * Opens a file; the caller closes it.
 *
 * @param boundary - what it must be inside of
 * @returns `undefined` when there is no file that may be read
 * @throws the system's error when that cannot be told, as with too many open files
 */
export async function openFile(path: string, boundary?: RootBoundary): Promise<OpenedFile | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, READ);
    const stats = fstatSync(handle.fd);
    // What was opened is what counts: a link on the way to it may lead elsewhere a moment later.
    if (stats.isFile() && boundary?.holdsOpened(handle.fd, path, stats) !== false)
      return { handle, signature: signatureOf(stats), links: stats.nlink };
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

/**
 * Sends a part of an open file as the body of an answer whose head is written. Does not close the file.
 *
 * After each piece is read, and before it is sent, the file must still be what it was when it was opened; otherwise the
 * answer is broken off, so that the client never takes a mixture for the whole.
 *
 * @param isReleased - whether its status says nothing of its bytes: releases give and take names of it
 */
export async function streamFile(
  opened: OpenedFile,
  { start, end }: BodyPart,
  response: HttpResponse,
  isReleased = false,
): Promise<void> {
  if (start === end) {
    response.end();
    return;
  }
  const body = new ResponseBody(response);
  let position = start;
  while (position < end) {
    const piece = body.piece();
    const length = Math.min(piece.length, end - position);
    const { bytesRead } = await opened.handle.read(piece, 0, length, position);
    if (body.isGone) return;
    if (bytesRead === 0 || hasChanged(opened, isReleased)) {
      breakOff(response);
      return;
    }
    position += bytesRead;
    const bytes = piece.subarray(0, bytesRead);
    if (position === end) body.end(bytes);
    else if (!(await body.write(bytes))) return;
  }
}

/**
 * Whether the bytes of an open file may have changed. A deploy that gives the file one more name, or takes one from it,
 * changes its status too, and does not end the downloads.
 */
function hasChanged({ handle, signature, links }: OpenedFile, isReleased: boolean): boolean {
  // A look at an open file goes to no disk, and costs a tenth of what it does in another thread.
  const stats = fstatSync(handle.fd);
  const now = signatureOf(stats);
  if (isSameSignature(signature, now)) return false;
  return (!isReleased && stats.nlink === links) || !isSameButForStatus(signature, now);
}
