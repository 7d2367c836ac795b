export { decodeLinks, encodeLinks, type Link, type LinkKind } from './link-text.ts';
export type { SiteBase } from './link-target.ts';
export { PageScanner, type ScannedPage } from './page-scanner.ts';
export { TargetTable } from './target-table.ts';
export * from './check-site.ts';
