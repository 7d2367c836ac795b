import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inParallel } from '../core/in-parallel.ts';
import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { CONDEMNED_MILLISECONDS, readAnnouncements, writeClaim, type Claim } from './claims.ts';
import { ifThere } from '../files/disk-access.ts';
import { describeWriteError } from './write-errors.ts';
import { readManifests, type StoredManifest } from './manifests.ts';
import { resolvePruneOptions, type PruneOptions, type ResolvedPruneOptions } from './options.ts';
import { listFolders } from './release-folders.ts';
import { folderOf, layoutOf, manifestFile, type ReleaseLayout } from './release-layout.ts';
import { areNamesCurrent, writeNames } from './name-tree.ts';
import { endRun, removeLeftovers, startRun, type Run } from './runs.ts';

/** What {@link pruneReleases} did, or with `dryRun` would do. */
export interface PruneReport {
  readonly dryRun: boolean;
  /** The versions of the releases that stay, the newest first. */
  readonly kept: readonly string[];
  /** The versions of the releases that are gone, sorted. */
  readonly removed: readonly string[];
  /** The fingerprints whose folders are gone, sorted. */
  readonly removedFolders: readonly string[];
  /** How many bytes that gave back. */
  readonly freedBytes: number;
}

/**
 * Removes old releases, and the folders that no remaining release names. The newest release always stays. It may run
 * beside releases and other prunes, and be killed at any moment.
 *
 * @throws {@link StaticUrlError} `RELEASE_NOT_FOUND`, `MANIFEST_INVALID` (then nothing is removed), `FILE_UNWRITABLE`,
 *   `DISK_FULL`, `CROSS_DEVICE`
 * @throws TypeError, RangeError for options of the wrong shape
 *
 * @example
 * ```ts
 * await pruneReleases({ releases: '/srv/releases', keep: 3, olderThanSeconds: 7 * 24 * 60 * 60 });
 * ```
 */
export async function pruneReleases(options: PruneOptions): Promise<PruneReport> {
  const resolved = resolvePruneOptions(options);
  const layout = layoutOf(resolved.releases);
  try {
    const { kept, removed } = await planNow(layout, resolved);
    if (kept.length === 0) throw await noRelease(layout);
    if (resolved.dryRun) {
      const folders = [...removed.fingerprints].map((fingerprint) => folderOf(layout, fingerprint));
      return report(true, kept, removed, await freedBytes(folders, [layout.nameTrees]));
    }
    await removeLeftovers(layout, { keepAnnouncements: true });
    const isDone = removed.versions.size + removed.fingerprints.size === 0;
    if (isDone && (await areNamesCurrent(layout))) return report(false, kept, removed, 0);
    const run = await startRun(layout);
    try {
      return await prune(layout, run, resolved);
    } finally {
      await endRun(run);
    }
  } catch (error) {
    throw describeWriteError(error, resolved.releases);
  }
}

async function prune(layout: ReleaseLayout, run: Run, options: ResolvedPruneOptions): Promise<PruneReport> {
  const versions = new Set<string>();
  const fingerprints = new Set<string>();
  for (;;) {
    const wanted = await planNow(layout, options);
    const writtenAt = performance.now();
    await writeClaim(run, run.condemned, wanted.removed);
    // What is named by now, by a release that may not have seen the list, is spared.
    const { kept, removed: doomed } = await planNow(layout, options, wanted.removed);
    const mayGoOn = (): boolean => performance.now() - writtenAt < CONDEMNED_MILLISECONDS;
    // Manifests first: killed in between, it leaves folders that nobody names, never a manifest without its folders.
    for (const version of doomed.versions) {
      if (!mayGoOn()) break;
      await rm(manifestFile(layout, version), { force: true });
      versions.add(version);
    }
    for (const fingerprint of doomed.fingerprints) {
      if (!mayGoOn()) break;
      const moved = rename(folderOf(layout, fingerprint), join(run.staging, fingerprint)).then(() => true);
      // Another run may have been faster.
      if (await ifThere(moved)) fingerprints.add(fingerprint);
    }
    if (!mayGoOn()) continue;
    // Releases need not wait until the bytes are gone.
    await rm(run.condemned, { force: true });
    const moved = [...fingerprints].map((fingerprint) => join(run.staging, fingerprint));
    const freed = await freedBytes(moved, [layout.nameTrees]);
    // A new tree of names takes room, which a full disk has once these are gone.
    await inParallel(moved, (folder) => rm(folder, { recursive: true, force: true }).catch(() => {}));
    await writeNames(layout, run);
    return report(false, kept, { versions, fingerprints }, freed);
  }
}

/** Announcements are read before manifests; see claims.ts. */
async function planNow(
  layout: ReleaseLayout,
  options: ResolvedPruneOptions,
  condemned?: Claim,
): Promise<PrunePlan> {
  const announced = await readAnnouncements(layout);
  const manifests = await readManifests(layout);
  const folders = await listFolders(layout);
  const state = { announced, manifests, folders, ...(condemned && { condemned }) };
  return planPruning(state, { ...options, now: Date.now() });
}

/** What a prune finds in a releases folder. */
export interface ReleasesState {
  readonly announced: Claim;
  /** The newest first. */
  readonly manifests: readonly StoredManifest[];
  /** The fingerprints that have a folder. */
  readonly folders: readonly string[];
  /** What the prune has told others that it may remove; all, while it only looks. */
  readonly condemned?: Claim;
}

/** Which releases stay, judged by a time in milliseconds since 1970. */
export type KeepRule = Pick<ResolvedPruneOptions, 'keep' | 'olderThanMilliseconds'> & {
  readonly now: number;
};

/** What stays and what goes. */
export interface PrunePlan {
  /** The versions of the releases that stay, the newest first. */
  readonly kept: readonly string[];
  /** What goes: versions of releases, and fingerprints that no release names that stays. */
  readonly removed: Claim;
}

/**
 * Decides what to prune. A release stays while it is among the newest, while it is announced, and until another has
 * replaced it for long enough: pages that name its URLs were sent until then, however old it is itself.
 */
export function planPruning(
  { announced, manifests, folders, condemned }: ReleasesState,
  rule: KeepRule,
): PrunePlan {
  const kept: string[] = [];
  const versions = new Set<string>();
  const named = new Set(announced.fingerprints);
  let replacedAt = Infinity;
  for (const [position, { version, releasedAt, index }] of manifests.entries()) {
    const young = rule.now - replacedAt < rule.olderThanMilliseconds;
    const isSpared = announced.versions.has(version) || condemned?.versions.has(version) === false;
    if (position < rule.keep || young || isSpared) {
      kept.push(version);
      for (const fingerprint of index.members.keys()) named.add(fingerprint);
    } else {
      versions.add(version);
    }
    replacedAt = releasedAt;
  }
  const fingerprints = folders.filter(
    (fingerprint) => !named.has(fingerprint) && condemned?.fingerprints.has(fingerprint) !== false,
  );
  return { kept, removed: { versions, fingerprints: new Set(fingerprints) } };
}

function report(
  dryRun: boolean,
  kept: readonly string[],
  { versions, fingerprints }: Claim,
  freed: number,
): PruneReport {
  return {
    dryRun,
    kept,
    removed: [...versions].toSorted(),
    removedFolders: [...fingerprints].toSorted(),
    freedBytes: freed,
  };
}

async function noRelease({ releases }: ReleaseLayout): Promise<StaticUrlError> {
  const isThere = (await ifThere(stat(releases))) !== undefined;
  return new StaticUrlError(
    'RELEASE_NOT_FOUND',
    `${isThere ? `The folder ${quote(releases)} holds no release` : `Cannot find the releases folder ${quote(releases)}`}. Name the folder that "static-url release" writes to.`,
  );
}

/**
 * How many bytes removing some folders gives back: of files with several names, only if all of them go.
 *
 * @param trees - folders that will have links only to what stays
 */
async function freedBytes(folders: readonly string[], trees: readonly string[]): Promise<number> {
  const files = new Map<string, { readonly size: number; readonly links: number; seen: number }>();
  const look = async (folder: string): Promise<void> => {
    const entries = (await ifThere(readdir(folder, { recursive: true, withFileTypes: true }))) ?? [];
    for (const entry of entries.filter((each) => each.isFile())) {
      const stats = await ifThere(stat(join(entry.parentPath, entry.name)));
      if (stats === undefined) continue;
      const key = `${stats.dev}:${stats.ino}`;
      const known = files.get(key) ?? { size: stats.size, links: stats.nlink, seen: 0 };
      known.seen += 1;
      files.set(key, known);
    }
  };
  await inParallel(folders, look);
  const doomed = new Set(files.keys());
  await inParallel(trees, look);
  let bytes = 0;
  for (const [key, { size, links, seen }] of files) if (doomed.has(key) && seen >= links) bytes += size;
  return bytes;
}
