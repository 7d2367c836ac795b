import type { AssetIndex } from '../assets/index.ts';
import type { ContentKey } from './content.ts';
import type { PooledContent } from './content-pool.ts';
import { refetchedFiles, type RefetchedFile } from './refetched-files.ts';
import type { PlannedFolder, ReleasePlan } from './release-plan.ts';

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
  /** What a visitor of the release before fetches again. */
  readonly refetched: readonly RefetchedFile[];
  readonly refetchedBytes: number;
}

/** What a release is reported from. */
export interface ReleaseFacts {
  readonly dryRun: boolean;
  readonly version: string;
  readonly index: AssetIndex;
  /** As it was before anything was written. */
  readonly plan: ReleasePlan;
  readonly previous: { readonly version: string; readonly index: AssetIndex } | undefined;
  readonly uncompressed: readonly string[];
  /** What was really brought together; nothing for a dry run. */
  readonly contents: ReadonlyMap<ContentKey, PooledContent>;
}

/** Sums a release up. */
export function reportRelease({
  dryRun,
  version,
  index,
  plan,
  previous,
  uncompressed,
  contents,
}: ReleaseFacts): ReleaseReport {
  const refetched = previous ? refetchedFiles(previous.index, index) : [];
  const sidecars = [...contents.values()].flatMap((content) =>
    content.sidecars.map(({ size }) => ({ size, original: content.size })),
  );
  const copied: readonly { readonly size: number }[] = dryRun
    ? plan.contents.filter(({ released }) => released === undefined).map(({ asset }) => asset)
    : [...contents.values()].filter((content) => content.copied);
  return {
    dryRun,
    version,
    previousVersion: previous?.version ?? null,
    assets: { count: index.assets.size, bytes: sum([...index.assets.values()], ({ size }) => size) },
    added: plan.folders.filter(({ present }) => !present).map(describeFolder),
    reused: plan.folders.filter(({ present }) => present).map(describeFolder),
    uncompressed,
    copiedBytes: sum(copied, ({ size }) => size),
    compressed: {
      count: sidecars.length,
      bytes: sum(sidecars, ({ size }) => size),
      originalBytes: sum(sidecars, ({ original }) => original),
    },
    refetched,
    refetchedBytes: sum(refetched, ({ size }) => size),
  };
}

function describeFolder({ fingerprint, assets }: PlannedFolder): ReleaseFolder {
  return { fingerprint, assets: assets.map(({ name }) => name), bytes: sum(assets, ({ size }) => size) };
}

function sum<Item>(items: readonly Item[], bytesOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + bytesOf(item), 0);
}
