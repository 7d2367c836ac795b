import { chmod, constants, copyFile, link, open, utimes, type FileHandle } from 'node:fs/promises';
import { FILE_MODE, syncFile } from '../files/durable-files.ts';
import { timeOfContent } from './release-layout.ts';

/** A file of a release, ready to be given its place. */
export interface ReleasedFile {
  /** Its path in the folder that it is for. */
  readonly name: string;
  /** Where it is now. */
  readonly file: string;
  /** XXH64 of what its time is made of: see {@link timeOfContent}. */
  readonly hash: string;
}

/**
 * Writes a file with the mode and the time that it has in every release, and waits until it is on the disk.
 *
 * @param hash - XXH64 of what its time is made of
 */
export async function writeReleased<Result>(
  target: string,
  hash: string,
  write: (handle: FileHandle) => Promise<Result>,
): Promise<Result> {
  const handle = await open(target, 'wx', FILE_MODE);
  try {
    const result = await write(handle);
    const time = timeOfContent(hash);
    await handle.chmod(FILE_MODE);
    await utimes(target, time, time);
    await syncFile(handle);
    return result;
  } finally {
    await handle.close();
  }
}

/**
 * Links to a file of an earlier release. Not every file system links, and the file may be gone or damaged.
 *
 * @param check - gives what is known of the file when it is right
 * @returns that, or `undefined` when there is no link
 */
export async function linkIfRight<Known>(
  file: string,
  target: string,
  check: () => Promise<Known | undefined>,
): Promise<Known | undefined> {
  try {
    const known = await check();
    if (known !== undefined) await link(file, target);
    return known;
  } catch {
    return undefined;
  }
}

/** Gives bytes another name; where the file system cannot, or has given them too many, another copy. */
export async function placeFile(file: string, target: string, hash: string): Promise<void> {
  try {
    await link(file, target);
  } catch {
    await copyFile(file, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await chmod(target, FILE_MODE);
    await utimes(target, timeOfContent(hash), timeOfContent(hash));
  }
}
