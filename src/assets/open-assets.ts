import { quote } from '../core/options.ts';
import { AssetCollection } from './assets.ts';
import { resolveAssetsOptions, type AssetsOptions } from './assets-options.ts';
import { readManifest } from './manifest.ts';

/** Reads the sources or the manifest that the options name; see `openAssets`. */
export async function openCollection(options: AssetsOptions): Promise<AssetCollection> {
  const resolved = resolveAssetsOptions(options);
  const { prefix, roots, manifest, releases = '', imports, watch } = resolved;
  if (manifest !== undefined) {
    return new AssetCollection(prefix, quote(manifest), readManifest(manifest, releases).index, imports);
  }
  // What reads CSS, JavaScript and markup is loaded only by who opens sources.
  if (watch) {
    const { WatchedAssets } = await import('./watch/watched-assets.ts');
    return WatchedAssets.open(resolved);
  }
  const { SourceReader } = await import('./source-reader.ts');
  const reader = await SourceReader.create(resolved);
  return new AssetCollection(prefix, roots.map(quote).join(' and '), reader.read(), imports);
}
