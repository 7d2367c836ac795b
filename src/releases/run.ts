import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, writeFileAtomically } from '../files/durable-files.ts';
import { systemErrorCode } from '../core/errors.ts';
import { DAY_MILLISECONDS, FOLDER_MODE, type ReleaseLayout } from './release-layout.ts';
import { createRunId, isRunId, runState } from './run-identity.ts';

/** One run of a command in a releases folder, and what is its own there. */
export interface Run {
  readonly id: string;
  /** A folder for what is being built or removed. */
  readonly staging: string;
  readonly announcement: string;
  readonly condemned: string;
  /** The mode of all folders that it makes. */
  readonly folderMode: number;
}

/** Makes sure that the releases folder is there, and gives the run a folder of its own. */
export async function startRun(layout: ReleaseLayout): Promise<Run> {
  makeFolder(layout.releases, FOLDER_MODE);
  const folderMode = sharedMode((await stat(layout.releases)).mode);
  for (const folder of [layout.manifests, layout.announcements, layout.condemned, layout.staging])
    makeFolder(folder, folderMode);
  const id = createRunId();
  const staging = join(layout.staging, id);
  await mkdir(staging);
  const file = `${id}.json`;
  return {
    id,
    staging,
    announcement: join(layout.announcements, file),
    condemned: join(layout.condemned, file),
    folderMode,
  };
}

/** The group's rights, by which accounts share a releases folder, and the bit that hands the group on. */
const SHARING_BITS = 0o2020;

function sharedMode(releasesMode: number): number {
  return FOLDER_MODE | (releasesMode & SHARING_BITS);
}

/** Removes what was the run's own. What cannot be removed now, a later run removes. */
export async function endRun({ staging, announcement, condemned }: Run): Promise<void> {
  for (const path of [condemned, staging, announcement])
    await rm(path, { recursive: true, force: true }).catch(() => {});
}

/** Writes a file of the run as JSON, whole or not at all. */
export async function writeRunFile(run: Run, file: string, value: unknown): Promise<void> {
  await writeFileAtomically(file, `${JSON.stringify(value)}\n`, join(run.staging, 'file.json'));
}

/**
 * Removes what runs left behind that are dead for certain, or that nobody knows about and that are older than a day.
 * Of pruning, announcements that are younger stay in any case.
 */
export async function removeLeftovers(
  layout: ReleaseLayout,
  keepAnnouncements: boolean,
  now: number,
): Promise<void> {
  for (const folder of [layout.staging, layout.condemned, layout.announcements]) {
    for (const name of await readFolder(folder)) {
      const id = name.replace(/\.json$/, '');
      const state = isRunId(id) ? runState(id) : 'alive';
      if (state === 'alive') continue;
      const path = join(folder, name);
      const patient = state === 'unknown' || (keepAnnouncements && folder === layout.announcements);
      if (patient && now - (await changedAt(path, now)) < DAY_MILLISECONDS) continue;
      // Another account's remains are for that account's next run.
      await rm(path, { recursive: true, force: true }).catch(() => {});
    }
  }
}

/** The names in a folder; none when it is not there. */
export async function readFolder(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** When a path was last changed, in milliseconds; for one that is gone, now. */
export async function changedAt(path: string, now: number): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return now;
    throw error;
  }
}
