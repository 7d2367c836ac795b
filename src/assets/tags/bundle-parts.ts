import { StaticUrlError } from '../../core/errors.ts';
import { isStringList } from '../../core/option-kinds.ts';
import { didYouMean, quote } from '../../core/text.ts';
import type { AssetLookup } from '../assets.ts';
import type { BundleEntry } from '../bundles/bundle.ts';
import type { Manifest } from '../manifest.ts';
import { type LoadedAsset, moduleGraph } from './module-graph.ts';

/** How many names an error tells when none of them is near. */
const NAMED = 10;

/** What a page says of an entry of a bundler. */
export interface BundleParts {
  /** In the order in which they apply, each once. */
  readonly stylesheets: readonly LoadedAsset[];
  /** The asset that is run. */
  readonly module: string | undefined;
  /** What that one and the lazy entries import statically, and the lazy ones themselves. */
  readonly preloads: readonly LoadedAsset[];
}

/**
 * Finds out what a page needs of an entry of a bundler.
 *
 * @param lazy - entries that its code will load at once
 * @throws {@link StaticUrlError} `ASSET_NOT_FOUND`
 */
export function bundleParts(
  assets: AssetLookup,
  manifest: Manifest,
  name: string,
  lazy: readonly string[],
): BundleParts {
  if (!isStringList(lazy))
    throw new TypeError(`bundle() takes a list of entries as "lazy", not ${quote(lazy)}.`);
  const { module } = requireEntry(manifest, name);
  const entries = [name, ...lazy].map((each) => requireEntry(manifest, each));
  const modules = moduleGraph(
    assets,
    manifest,
    entries.flatMap((entry) => entry.module ?? []),
    'static',
  );
  const stylesheets = [...new Set(entries.flatMap((entry) => entry.stylesheets))];
  return {
    module,
    preloads: modules.filter(({ asset }) => asset !== module),
    stylesheets: stylesheets.map((asset) => ({ asset, url: urlOf(asset, assets, manifest, modules) })),
  };
}

/**
 * The URL of a stylesheet. Code that loads it too finds it in the page, and adds it no second time, if the page asks for
 * it as that code does.
 */
function urlOf(
  stylesheet: string,
  assets: AssetLookup,
  manifest: Manifest,
  modules: readonly LoadedAsset[],
): string {
  const holder = modules.find(({ asset }) =>
    manifest.assets[asset]?.references?.some(({ target }) => target === stylesheet),
  );
  return assets.url(stylesheet, holder && { from: holder.asset });
}

/** The entry of a bundler that has a name. */
export function bundleEntry({ bundle = {} }: Manifest, name: string): BundleEntry | undefined {
  return Object.hasOwn(bundle, name) ? bundle[name] : undefined;
}

function requireEntry(manifest: Manifest, name: string): BundleEntry {
  if (typeof name !== 'string')
    throw new TypeError(`bundle() takes the name of an entry, not ${quote(name)}.`);
  const entry = bundleEntry(manifest, name);
  if (entry !== undefined) return entry;
  throw new StaticUrlError('ASSET_NOT_FOUND', explainUnknown(name, Object.keys(manifest.bundle ?? {})));
}

function explainUnknown(name: string, names: readonly string[]): string {
  const what = `The bundle has no entry ${quote(name)}.`;
  if (names.length === 0)
    return `${what} Name what the bundler says that it has written with the option "bundle" of openAssets() or of the release.`;
  const more = names.length > NAMED ? ', …' : '';
  return what + (didYouMean(name, names) || ` It has ${names.slice(0, NAMED).map(quote).join(', ')}${more}.`);
}
