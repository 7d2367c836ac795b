import type { Claim } from './claims.ts';
import type { StoredManifest } from './manifests.ts';

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

/** Which releases stay. */
export interface KeepRule {
  /** So many of the newest, at least one. */
  readonly keep: number;
  /** And those that another has replaced for less than this. */
  readonly olderThanMilliseconds: number;
  /** The time by which they are judged, in milliseconds since 1970. */
  readonly now: number;
}

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
