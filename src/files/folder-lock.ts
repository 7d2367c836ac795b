import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { systemErrorCode } from '../core/errors.ts';
import { isPlainObject, quote } from '../core/text.ts';
import { ifThere, readFolder } from './disk-access.ts';
import { writeDurably } from './durable-files.ts';
import { isRunId, runState } from './run-id.ts';

/** Who holds a lock. */
interface LockHolder {
  /** The file that stands for it. */
  readonly file: string;
  readonly state: 'alive' | 'unknown';
  /** `process 12 on "host", since …`; empty where the file does not tell. */
  readonly text: string;
}

/** What became of taking a lock: it is held, and to be given up; or another has it. */
export type TakenLock = { readonly unlock: () => Promise<void> } | { readonly holder: LockHolder };

/**
 * Takes a lock between processes. It is a folder with one file, the holder's: a folder that holds something is replaced by no rename, and
 * a dead holder's file is removed by its name, so that of two that find it only one goes on.
 *
 * @param lock - its path, in a folder that is there and where it may have neighbours of its name
 * @param run - as `createRunId()` gives it
 */
export async function takeFolderLock(lock: string, run: string): Promise<TakenLock> {
  const candidate = `${lock}-${run}`;
  const file = `${run}.json`;
  try {
    await mkdir(candidate);
    const holder = { process: process.pid, host: hostname(), since: new Date().toISOString() };
    await writeDurably(join(candidate, file), JSON.stringify(holder));
    while (!(await moveFolder(candidate, lock))) {
      const holding = await removeDeadHolder(lock);
      if (holding !== undefined) return { holder: holding };
    }
  } finally {
    await rm(candidate, { recursive: true, force: true });
  }
  return {
    unlock: async () => {
      await rm(join(lock, file), { force: true });
      // The next one may hold it already.
      await rmdir(lock).catch(() => {});
    },
  };
}

/** Removes what runs that were killed, such as while they asked for a lock, have left behind: `<path>-<run>`. */
export async function removeDeadCandidates(path: string): Promise<void> {
  const folder = dirname(path);
  const start = `${basename(path)}-`;
  for (const name of await readFolder(folder)) {
    const run = name.slice(start.length);
    if (name.startsWith(start) && isRunId(run) && runState(run) === 'dead')
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Moves a folder to where none is, or an empty one. */
async function moveFolder(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(systemErrorCode(error) ?? '')) return false;
    throw error;
  }
}

/** The holder that is not known to be dead, if there is one. */
async function removeDeadHolder(lock: string): Promise<LockHolder | undefined> {
  for (const name of (await ifThere(readdir(lock))) ?? []) {
    const file = join(lock, name);
    const run = name.replace(/\.json$/, '');
    const state = isRunId(run) ? runState(run) : 'unknown';
    if (state === 'dead') {
      await rm(file, { force: true });
      continue;
    }
    const text = await ifThere(readFile(file, 'utf8'));
    // It has just ended.
    if (text !== undefined) return { file, state, text: holderText(text) };
  }
  return undefined;
}

function holderText(text: string): string {
  try {
    const holder: unknown = JSON.parse(text);
    if (!isPlainObject(holder)) return '';
    return `process ${String(holder['process'])} on ${quote(holder['host'])}, since ${String(holder['since'])}`;
  } catch {
    return '';
  }
}
