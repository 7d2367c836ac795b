import xxhash from 'xxhash-wasm';
import { quote } from '../core/text.ts';
import { rootsText } from '../files/roots.ts';
import { AssetCollection } from './assets.ts';
import type { ResolvedAssetsOptions } from './options.ts';
import { requireTargets } from './import-targets.ts';
import { readManifest } from './manifest.ts';
import type { LinkGuard } from '../files/scan-folder.ts';
import type { SourceReader } from './sources/source-reader.ts';

/** Reads the sources or the manifest that the options name; see `openAssets`. */
export async function openCollection(options: ResolvedAssetsOptions): Promise<AssetCollection> {
  const { prefix, roots, manifest, releases = '', imports, watch } = options;
  if (manifest !== undefined) {
    const { index: released } = readManifest(manifest, releases);
    const index = imports === undefined ? released : { ...released, imports };
    requireTargets(index.imports, index.assets, quote(manifest));
    return new AssetCollection(prefix, quote(manifest), index, await xxhash());
  }
  if (watch) {
    const { WatchedAssets } = await import('./watch/watched-assets.ts');
    return WatchedAssets.open(options);
  }
  const reader = await createSourceReader(options);
  return new AssetCollection(prefix, rootsText(roots), await reader.read(), await xxhash());
}

/** Gets ready to read sources. What reads CSS, JavaScript and markup is loaded only now: an app that serves a release needs none of it. */
export async function createSourceReader(
  options: ResolvedAssetsOptions,
  guard?: LinkGuard,
): Promise<SourceReader> {
  const reader = await import('./sources/source-reader.ts');
  return reader.SourceReader.create(options, guard);
}
