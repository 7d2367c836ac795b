import type { AssetCollection } from '../../src/assets/assets.ts';
import { resolveAssetsOptions, type AssetsOptions } from '../../src/assets/options.ts';
import { openCollection as openResolved } from '../../src/assets/open-collection.ts';

/** Opens assets as `openAssets()` does, without a handler, but with what is known inside of the package. */
export async function openCollection(options: AssetsOptions): Promise<AssetCollection> {
  return openResolved(resolveAssetsOptions(options));
}
