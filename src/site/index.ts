export { createSite } from './create-site.ts';
export { assetsPrefix } from './export/static-files.ts';
export {
  route,
  type LastModified,
  type ParamsSource,
  type Route,
  type RouteOptions,
  type RouteParams,
} from './routes/route.ts';
export {
  SITE_FINDINGS,
  SiteCheckError,
  type ExportReport,
  type FindingSeverity,
  type Site,
  type SiteFinding,
  type SiteFindingKind,
  type SiteUrl,
} from './site.ts';
