export { HEADERS_KIND, headersFor, type SiteHeaders } from './headers.ts';
export { hostFiles, type HostFileSources } from './host-files.ts';
export { readHostHeaders } from './header-rules.ts';
export { readHostRedirects } from './host-redirects.ts';
export { REDIRECTS_KIND, type SiteRedirect } from './redirects.ts';
export { answerOf, type SiteAnswer, type TrailingSlash } from './site-path.ts';
export { assetPathOf, originPath, SITE_ORIGIN, TRAILING_SLASH } from './origin.ts';
export { redirectTarget } from './redirect-target.ts';
