import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StaticUrlError } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import { pathBelow, realPath, rootsText } from '../../files/roots.ts';
import type { Asset, AssetIndex } from '../asset-index.ts';
import { filesOf, type Bundle, type BundleEntry } from './bundle.ts';

/** The entries of a bundle as assets. */
export interface BundledAssets {
  /** By name, sorted. */
  readonly entries: ReadonlyMap<string, BundleEntry>;
  /** The files of a bundle that are no assets. */
  readonly missing: readonly MissingFile[];
}

/** A file that a bundle names, and which is no asset. */
export interface MissingFile {
  /** Absolute. */
  readonly file: string;
  /** The sentence about it, behind the file that names it: `names … . Build again.` */
  readonly explanation: string;
}

/** Finds the assets that the files of a bundle are. */
export function findBundledAssets(
  { bases, entries }: Bundle,
  assets: ReadonlyMap<string, Asset>,
  roots: readonly string[],
): BundledAssets {
  const places = roots.flatMap((root) => [
    { root, folder: root, from: (path: string) => path },
    // A deploy's folder may be reached by a link.
    { root, folder: realPath(root), from: realPath },
  ]);
  const nameOf = (path: string): string | undefined =>
    places
      .map(({ root, folder, from }) => ({ root, name: pathBelow(folder, from(path)) ?? '' }))
      .find(({ root, name }) => assets.get(name)?.file === join(root, name))?.name;
  const paths = new Set([...entries.values()].flatMap(filesOf));
  const [first = ''] = bases;
  const base =
    bases.find((each) => [...paths].some((path) => nameOf(resolve(each, path)) !== undefined)) ?? first;
  const names = new Map([...paths].map((path) => [path, nameOf(resolve(base, path))]));
  const missing = [...names]
    .filter(([, name]) => name === undefined)
    .map(([path]) => resolve(base, path))
    .map((file) => ({ file, explanation: explain(file, roots) }));
  const named = [...entries]
    .map(([name, entry]): [string, BundleEntry] => [name, asAssets(entry, (path) => names.get(path) ?? path)])
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return { entries: new Map(named), missing };
}

function asAssets({ module, stylesheets }: BundleEntry, nameOf: (path: string) => string): BundleEntry {
  return { ...(module !== undefined && { module: nameOf(module) }), stylesheets: stylesheets.map(nameOf) };
}

function explain(file: string, roots: readonly string[]): string {
  return existsSync(file)
    ? `names the file ${quote(file)}, which is no asset under ${rootsText(roots)}. Add ${quote(dirname(file))} or a folder above it to "roots", or let the bundler write into a root.`
    : `names the file ${quote(file)}, which is not there. Build again.`;
}

/** The error for a bundle that names what is no asset, if it does. */
export function bundleError({ file }: Bundle, { missing }: BundledAssets): StaticUrlError | undefined {
  const [first] = missing;
  return first && new StaticUrlError('BUNDLE_INVALID', `The bundle ${quote(file)} ${first.explanation}`);
}

/**
 * An index that knows the entries of a bundle too.
 *
 * @throws {@link StaticUrlError} `BUNDLE_INVALID` where the bundle names what is no asset
 */
export function withBundle(
  index: AssetIndex,
  bundle: Bundle | undefined,
  roots: readonly string[],
): AssetIndex {
  if (bundle === undefined) return index;
  const bundled = findBundledAssets(bundle, index.assets, roots);
  const error = bundleError(bundle, bundled);
  if (error !== undefined) throw error;
  return { ...index, bundle: bundled.entries };
}
