import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { writeFileAtomically } from '../files/durable-files.ts';
import { changedAt, ifThere, readFolder } from '../files/disk-access.ts';
import type { ReleaseLayout } from './release-layout.ts';
import { runState } from '../files/run-id.ts';
import { DAY_MILLISECONDS, type Run } from './runs.ts';

/*
 * How releases and prunes keep out of each other's way, without a lock that a dead process could hold:
 *
 * - A release writes what it is going to name (its announcement), and then reads what is condemned.
 * - A prune writes what it is going to remove (its condemned list), and then reads what is announced.
 *
 * Whichever of the two writes last sees the other's file. A prune spares what it sees; a release waits for a prune that it
 * sees, which takes moments, and then looks again what is there. A prune reads announcements before manifests, since a
 * release writes its manifest before it takes its announcement back.
 *
 * This holds where a folder's listing is the same for all processes: on one host, not on a network mount that caches it.
 */

/** Versions of releases and fingerprints of folders that a run names. */
export interface Claim {
  readonly versions: ReadonlySet<string>;
  readonly fingerprints: ReadonlySet<string>;
}

/**
 * How long a condemned list counts that does not change while it is watched, where nobody can tell whether its run is
 * alive. It is measured by one clock that nobody sets, so the clocks of two hosts may differ and jump.
 */
const LEASE_MILLISECONDS = 60_000;

/** A condemned list so old needs no watching. */
const HOUR_MILLISECONDS = 60 * 60 * 1000;

/** A prune that has taken longer than this since it wrote its list must write it again before it removes more. */
export const CONDEMNED_MILLISECONDS: number = LEASE_MILLISECONDS / 2;

const POLL_MILLISECONDS = 20;

/**
 * Writes what a run names, whole or not at all.
 *
 * @param file - `run.announcement` to tell prunes what a release is going to name, `run.condemned` to tell releases what a
 *   prune is about to remove
 */
export async function writeClaim(run: Run, file: string, { versions, fingerprints }: Claim): Promise<void> {
  const claim = { versions: [...versions].toSorted(), fingerprints: [...fingerprints].toSorted() };
  await writeFileAtomically(file, `${JSON.stringify(claim)}\n`, join(run.staging, 'file.json'));
}

/**
 * Everything that releases have announced within a day.
 *
 * @throws {@link StaticUrlError} `MANIFEST_INVALID` for an announcement that nobody can read: nothing may be removed then
 */
export async function readAnnouncements(layout: ReleaseLayout): Promise<Claim> {
  const versions = new Set<string>();
  const fingerprints = new Set<string>();
  for (const name of await readFolder(layout.announcements)) {
    const file = join(layout.announcements, name);
    if (Date.now() - (await changedAt(file)) >= DAY_MILLISECONDS) continue;
    const claim = await readClaim(file, 'release');
    for (const each of claim?.versions ?? []) versions.add(each);
    for (const each of claim?.fingerprints ?? []) fingerprints.add(each);
  }
  return { versions, fingerprints };
}

/**
 * Waits until no live prune is about to remove what a claim names.
 *
 * @param onWait - called once if it has to wait
 */
export async function waitForPrunes(layout: ReleaseLayout, claim: Claim, onWait: () => void): Promise<void> {
  for (const name of await readFolder(layout.condemned)) {
    const file = join(layout.condemned, name);
    let written = Number.NaN;
    let watchedSince = 0;
    for (;;) {
      const condemned = await readClaim(file, 'prune');
      if (condemned === undefined || !overlap(condemned, claim)) break;
      if (runState(name.replace(/\.json$/, '')) === 'dead') break;
      const changed = await changedAt(file);
      if (Date.now() - changed > HOUR_MILLISECONDS) break;
      if (changed !== written) {
        if (Number.isNaN(written)) onWait();
        [written, watchedSince] = [changed, performance.now()];
      } else if (performance.now() - watchedSince > LEASE_MILLISECONDS) break;
      await setTimeout(POLL_MILLISECONDS);
    }
  }
}

function overlap(a: Claim, b: Claim): boolean {
  return (
    [...a.versions].some((each) => b.versions.has(each)) ||
    [...a.fingerprints].some((each) => b.fingerprints.has(each))
  );
}

/** `undefined` when its run has taken it back meanwhile. */
async function readClaim(file: string, command: 'release' | 'prune'): Promise<Claim | undefined> {
  const text = await ifThere(readFile(file, 'utf8'));
  if (text === undefined) return undefined;
  try {
    const { versions, fingerprints }: { readonly versions: unknown; readonly fingerprints: unknown } =
      JSON.parse(text);
    if (isStringList(versions) && isStringList(fingerprints))
      return { versions: new Set(versions), fingerprints: new Set(fingerprints) };
  } catch {
    // Not JSON, or `null`.
  }
  throw new StaticUrlError(
    'MANIFEST_INVALID',
    `The file ${quote(file)} is not one of this version of static-url. Remove it if no ${command} is running.`,
  );
}

function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
