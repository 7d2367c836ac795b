import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../files/durable-files.ts';
import { createRunId, isRunId, runState } from '../files/run-id.ts';
import { changedAt, readFolder } from '../files/disk-access.ts';
import { FOLDER_MODE, type ReleaseLayout } from './release-layout.ts';

/** How long, in milliseconds, what a run left behind counts when nobody can tell whether the run is alive. */
export const DAY_MILLISECONDS: number = 24 * 60 * 60 * 1000;

/** One run of a command in a releases folder, and what belongs to it there. */
export interface Run {
  readonly id: string;
  /** A folder for what is being built or removed. */
  readonly staging: string;
  readonly announcement: string;
  readonly condemned: string;
  /** The mode of all folders that it makes. */
  readonly folderMode: number;
}

/** The group's rights, by which accounts share a releases folder, and the bit that hands the group on. */
const SHARING_BITS = 0o2020;

/** Makes sure that the releases folder is there, and gives the run a folder of its own. */
export async function startRun(layout: ReleaseLayout): Promise<Run> {
  makeFolder(layout.releases, FOLDER_MODE);
  const folderMode = FOLDER_MODE | ((await stat(layout.releases)).mode & SHARING_BITS);
  for (const folder of [
    layout.manifests,
    layout.announcements,
    layout.condemned,
    layout.staging,
    layout.nameTrees,
  ])
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

/** Removes what belongs to the run. A later run removes what cannot be removed now. */
export async function endRun({ staging, announcement, condemned }: Run): Promise<void> {
  for (const path of [condemned, staging, announcement])
    await rm(path, { recursive: true, force: true }).catch(() => {});
}

/**
 * Removes what dead runs left behind, and after a day what nobody can tell about. A prune keeps all announcements
 * younger than a day.
 */
export async function removeLeftovers(
  layout: ReleaseLayout,
  { keepAnnouncements }: { readonly keepAnnouncements: boolean },
): Promise<void> {
  for (const folder of [layout.staging, layout.condemned, layout.announcements]) {
    for (const name of await readFolder(folder)) {
      const id = name.replace(/\.json$/, '');
      const state = isRunId(id) ? runState(id) : 'alive';
      if (state === 'alive') continue;
      const path = join(folder, name);
      const patient = state === 'unknown' || (keepAnnouncements && folder === layout.announcements);
      if (patient && Date.now() - (await changedAt(path)) < DAY_MILLISECONDS) continue;
      // Another account's remains are for that account's next run.
      await rm(path, { recursive: true, force: true }).catch(() => {});
    }
  }
}
