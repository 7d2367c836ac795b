import { hostname } from 'node:os';
import { join } from 'node:path';
import { mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { StaticUrlError, systemErrorCode } from '../../core/errors.ts';
import { isPlainObject, quote } from '../../core/text.ts';
import { ifThere, readFolder } from '../../files/disk-access.ts';
import { writeDurably } from '../../files/durable-files.ts';
import { isRunId, runState } from '../../files/run-id.ts';
import type { SiteLayout } from './site-layout.ts';

/**
 * Makes a run the only one that writes a site. The lock is a folder with one file, the holder's: a folder that holds
 * something is replaced by no rename, and a dead holder's file is removed by its name, so that of two that find it only one
 * goes on.
 *
 * @returns gives the lock up
 * @throws {@link StaticUrlError} `SITE_LOCKED`
 */
export async function lockSite({ out, beside, lock }: SiteLayout, run: string): Promise<() => Promise<void>> {
  const candidate = join(beside, `lock-${run}`);
  const file = `${run}.json`;
  try {
    await mkdir(candidate);
    const holder = { process: process.pid, host: hostname(), since: new Date().toISOString() };
    await writeDurably(join(candidate, file), JSON.stringify(holder));
    while (!(await moveFolder(candidate, lock))) await removeDeadHolder(out, lock);
  } finally {
    await rm(candidate, { recursive: true, force: true });
  }
  return async () => {
    await rm(join(lock, file), { force: true });
    // The next one may hold it already.
    await rmdir(lock).catch(() => {});
  };
}

/** Removes what runs that were killed while they asked for the lock left behind. */
export async function removeDeadCandidates({ beside }: SiteLayout): Promise<void> {
  for (const name of await readFolder(beside)) {
    const run = name.replace(/^lock-/, '');
    if (run !== name && isRunId(run) && runState(run) === 'dead')
      await rm(join(beside, name), { recursive: true, force: true });
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

async function removeDeadHolder(out: string, lock: string): Promise<void> {
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
    if (text === undefined) continue;
    const advice =
      state === 'alive'
        ? 'Wait until it is done, or end that process.'
        : `Whether it still runs cannot be told from here. If it does not, remove ${quote(file)}.`;
    throw new StaticUrlError(
      'SITE_LOCKED',
      `Another export is writing ${quote(out)}${holderText(text)}. ${advice}`,
    );
  }
}

function holderText(text: string): string {
  try {
    const holder: unknown = JSON.parse(text);
    if (!isPlainObject(holder)) return '';
    return `: process ${String(holder['process'])} on ${quote(holder['host'])}, since ${String(holder['since'])}`;
  } catch {
    return '';
  }
}
