import type { SiteHeaders } from '../hosting/headers.ts';
import type { PageRecord } from '../landing/index.ts';
import type { SiteBase } from './link-target.ts';
import type { TargetTable } from './target-table.ts';

/** A page that the app has rendered, and its file. */
export interface CheckedPage {
  readonly file: string;
  readonly record: PageRecord;
}

/** What is checked: the new site, before it is landed. */
export interface SiteUnderCheck {
  readonly base: SiteBase;
  readonly targets: TargetTable;
  /** Whether the new site has a file, of whatever origin. */
  has(file: string): boolean;
  files(): Iterable<string>;
  /** Asked for more than once. */
  pages(): Iterable<CheckedPage>;
  /** Paths of the site, and where each leads: a path of the site, or a URL. */
  readonly redirects: ReadonlyMap<string, string>;
  /** The text of a page, to look for ids. */
  readText(file: string): Promise<string>;
  /** Pages that nothing needs to link to: `index.html`, `404.html`. */
  readonly entryFiles: readonly string[];
  /** The GET routes of the app, as `PageRecord.appRoute` writes them. */
  readonly appRoutes?: readonly string[];
  /** The headers that the site declares. */
  readonly declaredHeaders: readonly SiteHeaders[];
}

/** What is said of one fault at most: the last of them tells how many more there are. */
export const LISTED = 100;

/** The path of a page under the site's own root: `/about`. */
export function sitePathOf({ url }: PageRecord, { path }: SiteBase): string {
  return `/${new URL(url).pathname.slice(path.length)}`;
}

/** Whether a page is HTML, by what the app has said of it. */
export function isHtml(contentType: string): boolean {
  return /^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(contentType);
}
