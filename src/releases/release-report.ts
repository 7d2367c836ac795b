import type { AssetIndex } from '../assets/index.ts';
import type { PooledContent } from './content-pool.ts';
import type { PooledDelta } from './delta-pool.ts';
import type { StoredManifest } from './manifests.ts';
import type { NamePlan } from './name-plan.ts';
import { refetchedFiles, type RefetchedFile, type TransferredBytes } from './refetched-files.ts';
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
  /** The deltas of what is new, each once however many folders have it; absent where none were asked for. */
  readonly deltas?: {
    /** How many were made, and their length in bytes. */
    readonly made: number;
    readonly bytes: number;
    /** How many more are those of earlier releases. */
    readonly linked: number;
    /** What all of that takes on the disk, in bytes: whole blocks, and the folders that deltas are in. */
    readonly diskBytes: number;
  };
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
  /** Not compressed. */
  readonly refetchedBytes: number;
  /** As they are sent; absent where no deltas were asked for. */
  readonly refetchedTransfer?: TransferredBytes;
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
  /** Where deltas were asked for. */
  readonly deltas?: readonly PooledDelta[] | undefined;
  /** The bytes that they take on the disk. */
  readonly deltaDiskBytes?: number | undefined;
  /** The same of what is fetched again, by name. */
  readonly transfers?: ReadonlyMap<string, TransferredBytes> | undefined;
}

/** Sums a release up. */
export function reportRelease({
  index,
  plan,
  previous,
  contents,
  names,
  deltas,
  deltaDiskBytes = 0,
  transfers,
  ...facts
}: ReleaseFacts): ReleaseReport {
  const files = previous ? refetchedFiles(previous.index, index) : [];
  const refetched = files.map((file) => withTransfer(file, transfers?.get(file.name)));
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
    ...(deltas && { deltas: { ...describeDeltas(deltas), diskBytes: deltaDiskBytes } }),
    names: { count: names.files.size, hidden: names.hidden },
    refetched,
    refetchedBytes: sizeOf(refetched),
    ...(transfers && { refetchedTransfer: sumOf([...transfers.values()]) }),
  };
}

function describeDeltas(
  deltas: readonly PooledDelta[],
): Omit<NonNullable<ReleaseReport['deltas']>, 'diskBytes'> {
  const made = deltas.filter(({ linked }) => !linked);
  return { made: made.length, bytes: sizeOf(made), linked: deltas.length - made.length };
}

function withTransfer(file: RefetchedFile, transfer: TransferredBytes | undefined): RefetchedFile {
  return transfer === undefined ? file : { ...file, transfer };
}

function sumOf(transfers: readonly TransferredBytes[]): TransferredBytes {
  return {
    withDeltas: transfers.reduce((total, { withDeltas }) => total + withDeltas, 0),
    withoutDeltas: transfers.reduce((total, { withoutDeltas }) => total + withoutDeltas, 0),
  };
}

function describeFolder({ fingerprint, assets }: PlannedFolder): ReleaseFolder {
  return { fingerprint, assets: assets.map(({ name }) => name), bytes: sizeOf(assets) };
}

function sizeOf(items: readonly { readonly size: number }[]): number {
  return items.reduce((total, { size }) => total + size, 0);
}
