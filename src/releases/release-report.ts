import { type Asset, type AssetIndex, createAssetIndex, reachOf } from '../assets/index.ts';
import type { PooledContent } from './content-pool.ts';
import type { StoredManifest } from './manifests.ts';
import type { NamePlan } from './name-plan.ts';
import type { ContentKey, PlannedFolder, ReleasePlan } from './release-plan.ts';

/** A folder of a release. */
export interface ReleaseFolder {
  readonly fingerprint: string;
  /** The assets in it, sorted by name. */
  readonly assets: readonly string[];
  /** Their length in bytes. */
  readonly bytes: number;
}

/** What {@link writeRelease} did, or with `dryRun` would do. */
export interface ReleaseReport {
  readonly dryRun: boolean;
  /** The version over all assets. */
  readonly version: string;
  /** The version of the release before; `null` for the first. */
  readonly previousVersion: string | null;
  /** How many assets there are, and their length in bytes. */
  readonly assets: { readonly count: number; readonly bytes: number };
  /** The folders that were not there. */
  readonly added: readonly ReleaseFolder[];
  /** The folders that were. */
  readonly reused: readonly ReleaseFolder[];
  /**
   * The fingerprints of the folders among them that were written without compressed copies, where this release was to
   * compress: they stay without, since nothing in a folder ever changes.
   */
  readonly uncompressed: readonly string[];
  /** The bytes that were copied; the rest of what is new is linked to what was there. */
  readonly copiedBytes: number;
  /** The compressed copies of what is new: how many, their length, and that of what they stand for. */
  readonly compressed: { readonly count: number; readonly bytes: number; readonly originalBytes: number };
  /** What kept releases have by name, for URLs that nobody could version. */
  readonly names: {
    readonly count: number;
    /**
     * The names that older releases have and nobody gets any more, sorted: a newer release has a folder there, or a file
     * where they would need a folder.
     */
    readonly hidden: readonly string[];
  };
  /** What a visitor of the release before fetches again. */
  readonly refetched: readonly RefetchedFile[];
  readonly refetchedBytes: number;
}

/** A file that a visitor of the release before fetches again. */
export interface RefetchedFile {
  readonly name: string;
  /** In bytes, not compressed. */
  readonly size: number;
  /** `'changed'`: other bytes. `'renewed'`: the same bytes under a new URL, since something changed that it goes with. */
  readonly reason: 'changed' | 'renewed';
}

/** What a release is reported from. */
export interface ReleaseFacts extends Pick<ReleaseReport, 'dryRun' | 'version' | 'uncompressed'> {
  readonly index: AssetIndex;
  /** As it was before anything was written. */
  readonly plan: ReleasePlan;
  readonly previous: StoredManifest | undefined;
  /** What was really brought together; nothing for a dry run. */
  readonly contents: ReadonlyMap<ContentKey, PooledContent>;
  readonly names: NamePlan;
}

/** Sums a release up. */
export function reportRelease({
  index,
  plan,
  previous,
  contents,
  names,
  ...facts
}: ReleaseFacts): ReleaseReport {
  const refetched = previous ? refetchedFiles(previous.index, index) : [];
  const copied: readonly { readonly size: number }[] = facts.dryRun
    ? plan.contents.filter(({ released }) => released === undefined).map(({ asset }) => asset)
    : [...contents.values()].filter((content) => content.copied);
  const copies = [...contents.values()].flatMap(({ size, compressedCopies }) =>
    [...compressedCopies.values()].map((length) => ({ size: length, originalSize: size })),
  );
  return {
    ...facts,
    previousVersion: previous?.version ?? null,
    assets: { count: index.assets.size, bytes: sizeOf([...index.assets.values()]) },
    added: plan.folders.filter(({ present }) => !present).map(describeFolder),
    reused: plan.folders.filter(({ present }) => present).map(describeFolder),
    copiedBytes: sizeOf(copied),
    compressed: {
      count: copies.length,
      bytes: sizeOf(copies),
      originalBytes: sizeOf(copies.map(({ originalSize }) => ({ size: originalSize }))),
    },
    names: { count: names.files.size, hidden: names.hidden },
    refetched,
    refetchedBytes: sizeOf(refetched),
  };
}

function describeFolder({ fingerprint, assets }: PlannedFolder): ReleaseFolder {
  return { fingerprint, assets: assets.map(({ name }) => name), bytes: sizeOf(assets) };
}

function sizeOf(items: readonly { readonly size: number }[]): number {
  return items.reduce((total, { size }) => total + size, 0);
}

/**
 * What a visitor who has all files of one release fetches again under the next: the files that were there before and
 * have a new URL, be it their own or one that another file's reference gives them. Each counts once. Source maps do not
 * count: browsers fetch them for developers only. Nor do workers that pages start: which modules those are is not known.
 *
 * @returns sorted by size, the biggest first
 */
export function refetchedFiles(before: AssetIndex, after: AssetIndex): RefetchedFile[] {
  const sourceMaps = new Set<string>();
  const assets = new Map<string, Asset>();
  for (const [name, { workerFingerprint: _, ...asset }] of after.assets) {
    for (const { kind, target } of asset.references) if (kind === 'source-map') sourceMaps.add(target);
    // A browser follows no link by itself.
    const references = asset.references.filter(({ kind }) => kind !== 'source-map' && kind !== 'link');
    assets.set(name, { ...asset, references });
  }
  const fetched = createAssetIndex(assets, after);
  // What is reached under a fingerprint is the same in every release.
  const renewed = [...fetched.members.keys()].filter((fingerprint) => !before.members.has(fingerprint));
  const files: RefetchedFile[] = [];
  for (const name of new Set(renewed.flatMap((fingerprint) => [...reachOf(fetched, fingerprint)]))) {
    const [old, asset] = [before.assets.get(name), after.assets.get(name)];
    if (old === undefined || asset === undefined || sourceMaps.has(name)) continue;
    files.push({ name, size: asset.size, reason: old.hash === asset.hash ? 'renewed' : 'changed' });
  }
  return files.toSorted((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));
}
