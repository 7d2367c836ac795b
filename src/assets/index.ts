export {
  createAssetIndex,
  reachOf,
  type Asset,
  type AssetIndex,
  type AssetReference,
  type ModulesMode,
} from './asset-index.ts';
export { urlUnder } from './asset-urls.ts';
export { AssetCollection, type AssetLookup, type AssetsChange, type UrlOptions } from './assets.ts';
export { checkAssets, type CheckReport, type Finding } from './check/check-assets.ts';
export { findWrongCopies } from './check/wrong-copies.ts';
export { manifestOf, readManifest, type Manifest, type ManifestAsset } from './manifest.ts';
export { createSourceReader, openCollection } from './open-collection.ts';
export { findCssReferences } from './references/css.ts';
export { candidateUrls, isFetchedRelation } from './references/markup-attributes.ts';
export type { ReferenceKind } from './references/reference.ts';
export { requireAssets } from './assets.ts';
export { encodeAssetName } from './references/resolve-reference.ts';
export {
  assetTags,
  type AssetTags,
  type BundleOptions,
  type ImportMapOptions,
  type LinkHeaderItem,
  type PreloadOptions,
} from './tags/asset-tags.ts';
export type { BundleEntry } from './bundles/bundle.ts';
export type { SharedAttributes, TagAttributes } from './tags/attributes.ts';
export type { PreloadDestination } from './tags/preload.ts';
