import { type Asset, type AssetIndex, createAssetIndex, reachOf } from '../assets/index.ts';

/** A file that a visitor of the release before fetches again. */
export interface RefetchedFile {
  readonly name: string;
  /** In bytes, not compressed. */
  readonly size: number;
  /** `'changed'`: other bytes. `'renewed'`: the same bytes under a new URL, since something changed that it goes with. */
  readonly reason: 'changed' | 'renewed';
  /** As it is sent; absent where no deltas were asked for. */
  readonly transfer?: TransferredBytes;
}

/** The lengths in bytes of bodies, as a server sends them that takes the shortest form. */
export interface TransferredBytes {
  /** To browsers that take deltas. */
  readonly withDeltas: number;
  /** To all others. */
  readonly withoutDeltas: number;
}

/**
 * What a visitor who has all files of one release fetches again under the next: the files that were there before and
 * have a new URL, be it their own or one that another file's reference gives them. Each counts once. Source maps do not
 * count: browsers fetch them for developers only. Nor do workers that pages start: which modules those are is not known.
 *
 * @returns sorted by size, the biggest first
 */
export function refetchedFiles(before: AssetIndex, after: AssetIndex): RefetchedFile[] {
  const files: RefetchedFile[] = [];
  for (const { old, asset } of renewedAssets(before, after).values())
    files.push({
      name: asset.name,
      size: asset.size,
      reason: old.hash === asset.hash ? 'renewed' : 'changed',
    });
  return files.toSorted((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));
}

/** An asset that has a new URL. */
export interface RenewedAsset {
  readonly old: Asset;
  readonly asset: Asset;
  /** Under which it is fetched: its own if that is new, else one that another file's reference gives it. */
  readonly fingerprint: string;
}

/** What {@link refetchedFiles} counts, by name. */
export function renewedAssets(before: AssetIndex, after: AssetIndex): Map<string, RenewedAsset> {
  const sourceMaps = new Set<string>();
  const assets = new Map<string, Asset>();
  for (const [name, { workerFingerprint: _, ...asset }] of after.assets) {
    for (const { kind, target } of asset.references) if (kind === 'source-map') sourceMaps.add(target);
    // A browser follows no link by itself.
    const references = asset.references.filter(({ kind }) => kind !== 'source-map' && kind !== 'link');
    assets.set(name, { ...asset, references });
  }
  const fetched = createAssetIndex(assets, after);
  const renewed = new Map<string, RenewedAsset>();
  for (const fingerprint of fetched.members.keys()) {
    // What is reached under a fingerprint is the same in every release.
    if (before.members.has(fingerprint)) continue;
    for (const name of reachOf(fetched, fingerprint)) {
      const [old, asset] = [before.assets.get(name), after.assets.get(name)];
      if (old === undefined || asset === undefined || sourceMaps.has(name)) continue;
      if (!renewed.has(name) || asset.fingerprint === fingerprint)
        renewed.set(name, { old, asset, fingerprint });
    }
  }
  return renewed;
}
