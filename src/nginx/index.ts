export { pagesHttp } from './pages-http.ts';
export { pagesLocation } from './pages-location.ts';
export { releasesLocation } from './releases-location.ts';
export { staticLocation } from './static-location.ts';
export { siteServer } from './site-server.ts';
