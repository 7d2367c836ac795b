import { type Asset, type AssetIndex, createAssetIndex, reachOf } from '../assets/index.ts';

/** A file that a visitor of the release before fetches again. */
export interface RefetchedFile {
  readonly name: string;
  /** In bytes, not compressed. */
  readonly size: number;
  /** `'changed'`: other bytes. `'renewed'`: the same bytes under a new URL, since something changed that it goes with. */
  readonly reason: 'changed' | 'renewed';
}

/**
 * What a visitor who has all files of one release fetches again under the next: the files that were there before and
 * have a new URL, be it their own or one that another file's reference gives them. Each counts once. Source maps do not
 * count: browsers fetch them for developers only.
 *
 * @returns sorted by size, the biggest first
 */
export function refetchedFiles(before: AssetIndex, after: AssetIndex): RefetchedFile[] {
  const sourceMaps = onlySourceMaps(after);
  const fetched = withoutIdleReferences(after);
  const names = new Set<string>();
  for (const fingerprint of after.members.keys()) {
    // What is reached under a fingerprint is the same in every release.
    if (before.members.has(fingerprint)) continue;
    for (const name of reachOf(fetched, fingerprint)) names.add(name);
  }
  const files: RefetchedFile[] = [];
  for (const name of names) {
    const [old, asset] = [before.assets.get(name), after.assets.get(name)];
    if (old === undefined || asset === undefined || sourceMaps.has(name)) continue;
    files.push({ name, size: asset.size, reason: old.hash === asset.hash ? 'renewed' : 'changed' });
  }
  return files.toSorted((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));
}

/** An index without the references that a browser does not follow by itself. */
function withoutIdleReferences({ modules, assets }: AssetIndex): AssetIndex {
  const fetched = new Map<string, Asset>();
  for (const [name, asset] of assets) {
    const references = asset.references.filter(({ kind }) => kind !== 'source-map' && kind !== 'link');
    fetched.set(name, { ...asset, references });
  }
  return createAssetIndex(modules, fetched);
}

function onlySourceMaps({ assets }: AssetIndex): Set<string> {
  const maps = new Set<string>();
  const others = new Set<string>();
  for (const { references } of assets.values())
    for (const { kind, target } of references) (kind === 'source-map' ? maps : others).add(target);
  for (const name of others) maps.delete(name);
  return maps;
}
