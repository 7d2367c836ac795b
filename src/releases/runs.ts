import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemErrorCode } from '../core/errors.ts';
import { versionOf } from '../core/hash.ts';
import { makeFolder } from '../files/durable-files.ts';
import { changedAt, readFolder } from './disk-access.ts';
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

/** Process, its start, the host or container that knows the process by this number, and something random. */
const RUN_ID = /^(\d+)-(\d+)-([0-9a-f]{16})-[0-9a-f]{8}$/;

/** A name for one run of a command, from which others on this host can tell whether its process is still alive. */
export function createRunId(): string {
  const start = startOf(process.pid) ?? '0';
  return `${process.pid}-${start}-${processSpace()}-${randomBytes(4).toString('hex')}`;
}

/** Whether a string is the name of a run. */
export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/**
 * Whether the process of a run is alive. It is `'unknown'` on another host or in another container, and where the system
 * does not tell a process from a later one with the same number.
 */
export function runState(id: string): 'alive' | 'dead' | 'unknown' {
  const [, number = '', start = '', space] = RUN_ID.exec(id) ?? [];
  if (space !== processSpace()) return 'unknown';
  const processId = Number(number);
  try {
    process.kill(processId, 0);
  } catch (error) {
    // EPERM: it is there, but somebody else's.
    if (systemErrorCode(error) === 'ESRCH') return 'dead';
  }
  const now = startOf(processId);
  if (now === undefined || start === '0') return 'unknown';
  return now === start ? 'alive' : 'dead';
}

/** When a process started, in clock ticks since the system did (proc_pid_stat(5), field 22). */
function startOf(processId: number): string | undefined {
  const status = readText(() => readFileSync(`/proc/${processId}/stat`, 'utf8'));
  // The second field, the program's name in parentheses, may hold anything.
  return status?.slice(status.lastIndexOf(')') + 2).split(' ')[19];
}

/** What a process number is unique in: one container or host since the host last started. */
function processSpace(): string {
  const boot = readText(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const container = readText(() => readlinkSync('/proc/self/ns/pid'));
  return versionOf(`${hostname()}\0${boot ?? ''}\0${container ?? ''}`);
}

function readText(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
