export { checkSite } from './check-site.ts';
export { internalPages } from './internal-pages.ts';
export { decodeLinks, encodeLinks, type Link, type LinkKind } from './link-text.ts';
export type { SiteBase } from './link-target.ts';
export { PageScanner, type ScannedPage } from './page-scanner.ts';
export type { CheckedPage, SiteUnderCheck } from './site-under-check.ts';
export { TargetTable } from './target-table.ts';
