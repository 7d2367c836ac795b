import xxhash from 'xxhash-wasm';
import { quote } from '../core/options.ts';
import { rootsText } from '../core/roots.ts';
import { AssetCollection } from './assets.ts';
import type { ResolvedAssetsOptions } from './assets-options.ts';
import { requireTargets } from './import-targets.ts';
import { readManifest } from './manifest.ts';

/** Reads the sources or the manifest that the options name; see `openAssets`. */
export async function openCollection(options: ResolvedAssetsOptions): Promise<AssetCollection> {
  const { prefix, roots, manifest, releases = '', imports, watch } = options;
  if (manifest !== undefined) {
    const { index: released } = readManifest(manifest, releases);
    const index = imports === undefined ? released : { ...released, imports };
    requireTargets(index.imports, index.assets, quote(manifest));
    return new AssetCollection(prefix, quote(manifest), index, await xxhash());
  }
  // What reads CSS, JavaScript and markup is loaded only by who opens sources.
  if (watch) {
    const { WatchedAssets } = await import('./watch/watched-assets.ts');
    return WatchedAssets.open(options);
  }
  const { SourceReader } = await import('./source-reader.ts');
  const reader = await SourceReader.create(options);
  return new AssetCollection(prefix, rootsText(roots), await reader.read(), await xxhash());
}
