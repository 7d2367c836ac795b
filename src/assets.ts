export type { ReferenceKind } from './assets/references/reference.ts';
export type { AssetReference, ModulesMode } from './assets/asset-index.ts';
export type { AssetLookup, AssetsChange } from './assets/assets.ts';
export type { AssetsOptions } from './assets/assets-options.ts';
export type { LinkRule } from './assets/link-rule.ts';
export {
  assetTags,
  type AssetTags,
  type AssetTagsOptions,
  type ImportMapOptions,
  type LinkHeaderItem,
  type PreloadOptions,
} from './assets/tags/asset-tags.ts';
export type { TagAttributes } from './assets/tags/attributes.ts';
export type { PreloadDestination } from './assets/tags/destination.ts';
export type { CheckReport, Finding } from './assets/check-assets.ts';
export type { Manifest, ManifestAsset } from './assets/manifest.ts';
export type { AssetsHandler } from './serve/assets-handler.ts';
export type { HttpRequest, HttpResponse } from './serve/exchange.ts';
export type { AssetsHandlerOptions } from './serve/handler-options.ts';
export { openAssets, type Assets } from './serve/open-assets.ts';
export type { PruneOptions } from './assets/releases/prune-options.ts';
export type { RefetchedFile } from './assets/releases/refetched-files.ts';
export type { ReleaseOptions, ReleaseProgress } from './assets/releases/release-options.ts';
export type { ReleaseFolder, ReleaseReport } from './assets/releases/release-report.ts';
export { writeRelease } from './assets/releases/write-release.ts';
export { pruneReleases, type PruneReport } from './assets/releases/prune-releases.ts';
