import xxhash from 'xxhash-wasm';
import { quote } from '../core/options.ts';
import { AssetCollection } from './assets.ts';
import { resolveAssetsOptions, type AssetsOptions } from './assets-options.ts';
import { requireTargets } from './import-targets.ts';
import { readManifest } from './manifest.ts';

/** Reads the sources or the manifest that the options name; see `openAssets`. */
export async function openCollection(options: AssetsOptions): Promise<AssetCollection> {
  const resolved = resolveAssetsOptions(options);
  const { prefix, roots, manifest, releases = '', imports, watch } = resolved;
  if (manifest !== undefined) {
    const { index: released } = readManifest(manifest, releases);
    const index = options.imports === undefined ? released : { ...released, imports };
    requireTargets(index.imports, index.assets, quote(manifest));
    return new AssetCollection(prefix, quote(manifest), index, await xxhash());
  }
  // What reads CSS, JavaScript and markup is loaded only by who opens sources.
  if (watch) {
    const { WatchedAssets } = await import('./watch/watched-assets.ts');
    return WatchedAssets.open(resolved);
  }
  const { SourceReader } = await import('./source-reader.ts');
  const reader = await SourceReader.create(resolved);
  const origin = roots.map(quote).join(' and ');
  return new AssetCollection(prefix, origin, await reader.read(), await xxhash());
}
