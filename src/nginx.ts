export { pagesHttp, pagesLocation, releasesLocation, siteServer, staticLocation } from './nginx/index.ts';
export type { CompressionModule } from './nginx/deltas.ts';
export type {
  PagesLocationOptions,
  ReleasesLocationOptions,
  SiteServerOptions,
  StaticLocationOptions,
} from './nginx/options.ts';
export type { PageHeaders, UrlPattern } from './pages/options.ts';
