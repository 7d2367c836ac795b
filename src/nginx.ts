export { pagesHttp, pagesLocation, releasesLocation, siteServer, staticLocation } from './nginx/index.ts';
export type {
  PagesLocationOptions,
  ReleasesLocationOptions,
  StaticLocationOptions,
} from './nginx/options.ts';
export type { SiteServerOptions } from './nginx/site-options.ts';
export type { PageHeaders, UrlPattern } from './pages/options.ts';
