import {
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { dirname } from 'node:path';
import { systemErrorCode } from '../../core/errors.ts';
import { FILE_MODE } from '../../files/durable-files.ts';

/*
 * The bodies of pages are read and written asynchronously. Names are looked up and changed synchronously: each such call
 * takes some microseconds, a quarter of the asynchronous one, of which the event loop would pay more than that. Who has
 * many of them lets others go first in between.
 */

/** For everyone to enter, whatever the umask: the app and the web server have accounts of their own. */
export const FOLDER_MODE = 0o755;

/** The result of a file operation, or `undefined` when its file is not there: another process may have been faster. */
export function ifThere<Value>(operation: () => Value): Value | undefined {
  try {
    return operation();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that a file or a folder above it is not there. */
export function isMissing(error: unknown): boolean {
  const code = systemErrorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Removes a file. @returns whether it was there */
export function unlinkIfThere(file: string): boolean {
  // An exception costs more than the look.
  if (!isThere(file)) return false;
  return ifThere(() => (unlinkSync(file), true)) ?? false;
}

/** Whether something has this name. */
export function isThere(path: string): boolean {
  return statIfThere(path) !== undefined;
}

/** What has this name, or `undefined`. */
export function statIfThere(path: string): Stats | undefined {
  return ifThere(() => statSync(path, { throwIfNoEntry: false }));
}

/** The names in a folder; none when it is not there. */
export function namesIn(folder: string): string[] {
  return ifThere(() => readdirSync(folder)) ?? [];
}

/** Makes a folder below one that is there, with those between them. What is above is never made. */
export function makeFolderBelow(root: string, folder: string): void {
  for (;;) {
    try {
      mkdirSync(folder);
      chmodSync(folder, FOLDER_MODE);
      return;
    } catch (error) {
      if (systemErrorCode(error) === 'EEXIST') return;
      if (systemErrorCode(error) !== 'ENOENT' || folder === root || dirname(folder) === root) throw error;
    }
    makeFolderBelow(root, dirname(folder));
  }
}

/** Writes a small file that must not be there yet. */
export function writeNew(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', FILE_MODE);
  try {
    writeWhole(descriptor, text, file);
  } finally {
    closeSync(descriptor);
  }
}

/** Adds a line to a file that is there. */
export function appendLine(file: string, line: string): void {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_APPEND);
  try {
    writeWhole(descriptor, `${line}\n`, file);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes all of something in one call, or fails. */
export function writeWhole(descriptor: number, content: string | Buffer, path: string): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  if (writeSync(descriptor, bytes) < bytes.length)
    throw Object.assign(new Error(`ENOSPC: no space left on device, write '${path}'`), {
      code: 'ENOSPC',
      syscall: 'write',
      path,
    });
}

const NOT_EMPTY: ReadonlySet<string> = new Set(['ENOTEMPTY', 'EEXIST']);

/** Removes a folder unless something is in it. @returns `false` where something is */
export function removeIfEmpty(folder: string): boolean {
  try {
    ifThere(() => rmdirSync(folder));
    return true;
  } catch (error) {
    if (NOT_EMPTY.has(systemErrorCode(error) ?? '')) return false;
    throw error;
  }
}

const BATCH = 16;

/** Goes through many items and lets others go first now and then. */
export async function* patiently<Item>(items: Iterable<Item>): AsyncGenerator<Item, void, undefined> {
  let count = 0;
  for (const item of items) {
    count += 1;
    if (count % BATCH === 0) await setImmediate();
    yield item;
  }
}
