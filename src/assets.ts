export {
  type AssetLookup,
  type AssetReference,
  type AssetsChange,
  assetTags,
  type AssetTags,
  type BundleEntry,
  type BundleOptions,
  type CheckReport,
  type Finding,
  type ImportMapOptions,
  type LinkHeaderItem,
  type Manifest,
  type ManifestAsset,
  type ModulesMode,
  type PreloadDestination,
  type PreloadOptions,
  type ReferenceKind,
  type SharedAttributes,
  type TagAttributes,
  type UrlOptions,
} from './assets/index.ts';
export type { AssetsOptions, AssetTagsOptions } from './assets/options.ts';
export type { LinkRule } from './files/roots.ts';
export { type Assets, type AssetsHandler, openAssets } from './serve/index.ts';
export type { HttpRequest, HttpResponse } from './http/exchange.ts';
export type { AssetsHandlerOptions } from './serve/options.ts';
export {
  pruneReleases,
  type PruneReport,
  type RefetchedFile,
  type ReleaseFolder,
  type ReleaseReport,
  type TransferredBytes,
  writeRelease,
} from './releases/index.ts';
export type { PruneOptions, ReleaseOptions, ReleaseProgress } from './releases/options.ts';
