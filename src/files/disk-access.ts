import { readdir, stat } from 'node:fs/promises';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { quote } from '../core/text.ts';

/** The result of a file operation, or `undefined` when its file is not there: another run may have been faster. */
export async function ifThere<Value>(found: Promise<Value>): Promise<Value | undefined> {
  try {
    return await found;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The names in a folder, sorted; none when it is not there. */
export async function readFolder(folder: string): Promise<string[]> {
  return ((await ifThere(readdir(folder))) ?? []).toSorted();
}

/** When a path was last changed, in milliseconds; for one that is gone, now. */
export async function changedAt(path: string): Promise<number> {
  return (await ifThere(stat(path)))?.mtimeMs ?? Date.now();
}

/** What to do about a folder that cannot be written, in words of the command that writes it. */
export interface WriteAdvice {
  /** Where no room is left. */
  readonly full: string;
  /** Where it lies on two file systems. */
  readonly split: string;
}

/**
 * The error to throw for one that came up while a folder was written. What is no error of the system comes back as it is.
 *
 * @param folder - named when the system does not say which path it means
 */
export function describeWriteError(error: unknown, folder: string, advice: WriteAdvice): unknown {
  const code = systemErrorCode(error);
  if (code === undefined || error instanceof StaticUrlError || !(error instanceof Error)) return error;
  if (!('syscall' in error)) return error;
  const source = quote(pathOf(error, 'path') ?? folder);
  // What renames and copies write is their `dest`.
  const path = quote(pathOf(error, 'dest') ?? pathOf(error, 'path') ?? folder);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StaticUrlError(
      'DISK_FULL',
      `Cannot write ${path}: no room is left (${code}). ${advice.full}`,
      { cause: error },
    );
  if (code === 'EXDEV')
    return new StaticUrlError(
      'CROSS_DEVICE',
      `Cannot rename ${source} into ${quote(folder)}: they are on different file systems (EXDEV). ${advice.split}`,
      { cause: error },
    );
  return new StaticUrlError(
    'FILE_UNWRITABLE',
    `Cannot write ${path}${path === source ? '' : ` (from ${source})`}: ${code}. Check its path and permissions.`,
    { cause: error },
  );
}

function pathOf(error: Error, name: 'path' | 'dest'): string | undefined {
  const path: unknown = Reflect.get(error, name);
  return typeof path === 'string' ? path : undefined;
}
