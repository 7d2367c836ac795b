export { checkSite } from './check-site.ts';
export { internalPages } from './internal-pages.ts';
export { decodeLinks, encodeLinks, type Link } from './link-text.ts';
export type { SiteBase } from './link-target.ts';
export { PageScanner } from './page-scanner.ts';
export type { SiteUnderCheck } from './site-under-check.ts';
export { TargetTable } from './target-table.ts';
