import { staysInFingerprint, type AssetReference, type ReferenceRules } from '../asset-index.ts';
import { referencedUrl } from '../asset-urls.ts';
import type { AssetLookup } from '../assets.ts';
import type { Manifest } from '../manifest.ts';
import { isModuleImport } from '../references/reference.ts';
import { isScript } from './preload.ts';

/** An asset as a page loads it. */
export interface LoadedAsset {
  readonly asset: string;
  /** As the browser asks for it. */
  readonly url: string;
}

/**
 * The modules that a browser loads for some entry modules, those first, each once.
 *
 * @param choice - which imports are followed
 * @throws {@link StaticUrlError} `ASSET_NOT_FOUND`
 */
export function moduleGraph(
  assets: AssetLookup,
  manifest: Manifest,
  entries: readonly string[],
  choice: 'static' | 'all',
): LoadedAsset[] {
  const loaded = new Map<string, LoadedAsset>();
  const add = (asset: string, url: string): void => {
    if (!loaded.has(url) && isScript(asset)) loaded.set(url, { asset, url });
  };
  for (const entry of entries) add(entry, assets.url(entry));
  // Grows on the way.
  for (const { asset, url } of loaded.values()) {
    for (const reference of importsOf(manifest, asset)) {
      if (choice === 'static' && reference.kind !== 'import') continue;
      const isMapped = !staysInFingerprint(asset, reference, rulesOf(manifest));
      add(reference.target, isMapped ? assets.url(reference.target) : referencedUrl(url, asset, reference));
    }
  }
  return [...loaded.values()];
}

/** What a manifest says of the fingerprints that references are followed under. */
export function rulesOf({ modules, together: units = [] }: Manifest): ReferenceRules {
  return { modules, units };
}

/** What a module imports. */
export function importsOf(manifest: Manifest, asset: string): readonly AssetReference[] {
  return manifest.assets[asset]?.references?.filter(isModuleImport) ?? [];
}
