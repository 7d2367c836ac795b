export { HEADERS_KIND, headersFor, type SiteHeaders } from './headers.ts';
export { hostFiles, type HostFiles, type HostFileSources } from './host-files.ts';
export { readHostHeaders } from './header-rules.ts';
export type { HostedPage } from './host-headers.ts';
export type { HostProblem } from './host-text.ts';
export { readHostRedirects } from './host-redirects.ts';
export { REDIRECTS_KIND, type RedirectStatus, type SiteRedirect } from './redirects.ts';
export { answerOf, type SiteAnswer, type TrailingSlash } from './site-path.ts';
