export {
  createSite,
  route,
  SiteCheckError,
  type ExportReport,
  type FindingSeverity,
  type LastModified,
  type ParamsSource,
  type Route,
  type RouteOptions,
  type RouteParams,
  type Site,
  type SiteFinding,
  type SiteFindingKind,
  type SiteUrl,
} from './site/index.ts';
export type {
  ExportOptions,
  ExportProgress,
  SiteAssets,
  SiteAssetsSource,
  SiteCopy,
  SiteLanguage,
  SiteOptions,
  SwapRule,
} from './site/options.ts';
export type { SiteHeaders } from './site/hosting/headers.ts';
export type { RedirectStatus, SiteRedirect } from './site/hosting/redirects.ts';
