import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { quote } from '../core/options.ts';
import { DAY_MILLISECONDS, type ReleaseLayout } from './release-layout.ts';
import { changedAt, readFolder, writeRunFile, type Run } from './run.ts';
import { runState } from './run-identity.ts';

/*
 * How releases and prunes keep out of each other's way, without a lock that a dead process could hold:
 *
 * - A release writes what it is going to name (its announcement), and then reads what is condemned.
 * - A prune writes what it is going to remove (its condemned list), and then reads what is announced.
 *
 * Whoever of two writes last sees the other's file. A prune spares what it sees; a release waits for a prune that it
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
 * How long a condemned list counts that does not change while it is watched, where nobody can tell whether its run still
 * lives. It is measured by one clock that nobody sets, so that those of two hosts may differ and jump.
 */
const LEASE_MILLISECONDS = 60_000;

/** A condemned list so old needs no watching. */
const HOUR_MILLISECONDS = 60 * 60 * 1000;

/** A prune that has taken longer than this since it wrote its list must write it again before it removes more. */
export const CONDEMNED_MILLISECONDS: number = LEASE_MILLISECONDS / 2;

const POLL_MILLISECONDS = 20;

/** Tells prunes what a release is going to name. */
export async function announce(run: Run, claim: Claim): Promise<void> {
  await writeClaim(run, run.announcement, claim);
}

/** Tells releases what a prune is about to remove. */
export async function condemn(run: Run, claim: Claim): Promise<void> {
  await writeClaim(run, run.condemned, claim);
}

/**
 * Everything that releases have announced within a day.
 *
 * @throws {@link StaticUrlError} `MANIFEST_INVALID` for an announcement that nobody can read: nothing may be removed then
 */
export async function readAnnouncements(layout: ReleaseLayout, now: number): Promise<Claim> {
  const versions = new Set<string>();
  const fingerprints = new Set<string>();
  for (const name of await readFolder(layout.announcements)) {
    const file = join(layout.announcements, name);
    if (now - (await changedAt(file, now)) >= DAY_MILLISECONDS) continue;
    const claim = await readClaim(file, 'release');
    for (const each of claim?.versions ?? []) versions.add(each);
    for (const each of claim?.fingerprints ?? []) fingerprints.add(each);
  }
  return { versions, fingerprints };
}

/**
 * Waits until no prune that lives is about to remove what a claim names.
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
      const now = Date.now();
      const changed = await changedAt(file, now);
      if (now - changed > HOUR_MILLISECONDS) break;
      if (changed !== written) {
        if (Number.isNaN(written)) onWait();
        [written, watchedSince] = [changed, performance.now()];
      } else if (performance.now() - watchedSince > LEASE_MILLISECONDS) break;
      await setTimeout(POLL_MILLISECONDS);
    }
  }
}

function overlap(a: Claim, b: Claim): boolean {
  return shareOne(a.versions, b.versions) || shareOne(a.fingerprints, b.fingerprints);
}

function shareOne(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const each of a) if (b.has(each)) return true;
  return false;
}

async function writeClaim(run: Run, file: string, { versions, fingerprints }: Claim): Promise<void> {
  await writeRunFile(run, file, {
    versions: [...versions].toSorted(),
    fingerprints: [...fingerprints].toSorted(),
  });
}

/** `undefined` when its run has taken it back meanwhile. */
async function readClaim(file: string, command: 'release' | 'prune'): Promise<Claim | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && 'versions' in value && 'fingerprints' in value) {
    const { versions, fingerprints } = value;
    if (isTextList(versions) && isTextList(fingerprints))
      return { versions: new Set(versions), fingerprints: new Set(fingerprints) };
  }
  throw new StaticUrlError(
    'MANIFEST_INVALID',
    `The file ${quote(file)} is not one of this version of static-url. Remove it if no ${command} is running.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
