import { type Asset, type AssetIndex, reachOf } from '../assets/index.ts';

/** What tells the bytes of one asset from those of another: digest and length. */
export type ContentKey = string;

/** The key of an asset's bytes. */
export function contentKey({ hash, size }: Pick<Asset, 'hash' | 'size'>): ContentKey {
  return `${hash}-${size}`;
}

/** One folder of a release. */
export interface PlannedFolder {
  readonly fingerprint: string;
  /** What a browser can reach under the fingerprint, sorted by name. */
  readonly assets: readonly Asset[];
  /** Whether it is there already. */
  readonly present: boolean;
}

/** Bytes that a new folder needs. */
export interface PlannedContent {
  readonly key: ContentKey;
  /** An asset that has them. */
  readonly asset: Asset;
  /** A file of the release before that should have them. */
  readonly released: string | undefined;
  /** All names that they have, which say whether they are worth compressing. */
  readonly names: ReadonlySet<string>;
}

/** What a release consists of, and what of it has to be written. */
export interface ReleasePlan {
  /** Sorted by fingerprint. */
  readonly folders: readonly PlannedFolder[];
  /** What the folders need that are not there, sorted by name. */
  readonly contents: readonly PlannedContent[];
}

/**
 * Decides what a release writes.
 *
 * @param present - the fingerprints that have a folder already
 * @param previous - the release before, whose files can be linked to
 */
export function planRelease(
  index: AssetIndex,
  present: ReadonlySet<string>,
  previous: AssetIndex | undefined,
): ReleasePlan {
  const folders = [...index.members.keys()].toSorted().map((fingerprint) => ({
    fingerprint,
    assets: [...reachOf(index, fingerprint)]
      .toSorted()
      .map((name) => index.assets.get(name))
      .filter((asset) => asset !== undefined),
    present: present.has(fingerprint),
  }));
  const released = new Map<ContentKey, string>();
  for (const asset of previous?.assets.values() ?? [])
    if (present.has(asset.fingerprint)) released.set(contentKey(asset), asset.file);
  const contents = new Map<ContentKey, PlannedContent & { readonly names: Set<string> }>();
  for (const asset of folders.filter((folder) => !folder.present).flatMap(({ assets }) => assets)) {
    const key = contentKey(asset);
    const content = contents.get(key) ?? { key, asset, released: released.get(key), names: new Set() };
    contents.set(key, content);
    content.names.add(asset.name);
  }
  const byName = (a: PlannedContent, b: PlannedContent): number => (a.asset.name < b.asset.name ? -1 : 1);
  return { folders, contents: [...contents.values()].toSorted(byName) };
}
