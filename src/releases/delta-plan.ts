import type { Asset, AssetIndex } from '../assets/index.ts';
import { LONGEST_VERSION } from '../compression/delta.ts';
import { parentsOf } from './name-plan.ts';
import { DELTA_SUFFIX, hasRoomFor } from './release-layout.ts';
import { contentKey, type ContentKey, type PlannedFolder } from './release-plan.ts';

/** One content as the difference from an older one, however many folders are to have it. */
export interface PlannedDelta {
  /** What tells it from other deltas. */
  readonly key: string;
  /** The older version, as an earlier release has it. */
  readonly dictionary: Asset;
  readonly content: ContentKey;
  /** Files of earlier releases that have the content, and may have the delta beside them. */
  readonly earlier: ReadonlySet<string>;
  /** The names of the assets that it is for, by the fingerprints of their folders. */
  readonly places: ReadonlyMap<string, ReadonlySet<string>>;
}

/** In bytes. A shorter file arrives in about the time of a delta. */
const SHORTEST_CONTENT = 2048;

/** In bytes. For less no file is worth its room. */
const LEAST_SAVING = 1024;

/**
 * Whether a file is long enough for deltas, and a delta of it short enough.
 *
 * @param shortest - the length in bytes of the shortest form of the file, compressed or not
 * @param delta - that of the delta: without it, whether there may be any
 */
export function isWorthDelta(shortest: number, delta = 0): boolean {
  return shortest >= SHORTEST_CONTENT && delta <= shortest - LEAST_SAVING;
}

/**
 * Decides which deltas a release has: in each new folder, for each file that stood in one of the last kept releases under
 * another fingerprint, the difference from what it was there. Also where the bytes are the same, since the URL is not.
 *
 * @param kept - the other releases, the newest first
 * @param count - how many of them count
 */
export function planDeltas(
  folders: readonly PlannedFolder[],
  kept: readonly AssetIndex[],
  count: number,
): PlannedDelta[] {
  const deltas = new Map<string, MutableDelta>();
  for (const { fingerprint, assets, present } of folders) {
    // Nothing in a folder ever changes.
    if (present) continue;
    const olderReleases = kept.slice(0, count).filter(({ members }) => !members.has(fingerprint));
    const taken = new Set(assets.flatMap(({ name }) => [name, ...parentsOf(name)]));
    for (const asset of assets) {
      if (!mayHaveDeltas(asset, taken)) continue;
      const earlier = filesWith(asset, kept);
      for (const { assets: olderAssets } of olderReleases) {
        const dictionary = olderAssets.get(asset.name);
        if (dictionary === undefined || dictionary.size > LONGEST_VERSION) continue;
        const delta = deltaOf(deltas, dictionary, asset);
        for (const file of earlier) delta.earlier.add(file);
        delta.places.set(fingerprint, (delta.places.get(fingerprint) ?? new Set()).add(asset.name));
      }
    }
  }
  return [...deltas.values()];
}

interface MutableDelta extends PlannedDelta {
  readonly earlier: Set<string>;
  readonly places: Map<string, Set<string>>;
}

/** @param taken - the names of all files and folders in the asset's folder */
function mayHaveDeltas({ name, size }: Asset, taken: ReadonlySet<string>): boolean {
  return (
    isWorthDelta(size) &&
    size <= LONGEST_VERSION &&
    !taken.has(name + DELTA_SUFFIX) &&
    hasRoomFor(DELTA_SUFFIX, name)
  );
}

function filesWith(asset: Asset, kept: readonly AssetIndex[]): string[] {
  return kept.flatMap(({ assets }) => {
    const same = assets.get(asset.name);
    return same !== undefined && contentKey(same) === contentKey(asset) ? [same.file] : [];
  });
}

function deltaOf(deltas: Map<string, MutableDelta>, dictionary: Asset, asset: Asset): MutableDelta {
  const content = contentKey(asset);
  const key = `${contentKey(dictionary)}-${content}`;
  const delta = deltas.get(key) ?? { key, dictionary, content, earlier: new Set(), places: new Map() };
  deltas.set(key, delta);
  return delta;
}
