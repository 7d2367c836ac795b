import type { PageKey } from '../store.ts';

/**
 * The media types that pages are stored with, and the ends of their files' names, from which nginx tells the types: it
 * reads what stands behind the last dot, so no end has one.
 */
export const STORED_TYPES = {
  'text/html': 'html',
  'application/json': 'json',
  'application/xml': 'xml',
  'text/xml': 'text-xml',
  'application/rss+xml': 'rss',
  'application/atom+xml': 'atom',
  'application/feed+json': 'feed-json',
  'text/plain': 'txt',
} as const;

/** One of the media types that pages are stored with. */
export type StoredType = keyof typeof STORED_TYPES;

/** What `Content-Type` says of a stored page. JSON is UTF-8 by its own rules (RFC 8259 §8.1). */
export function contentType(type: StoredType): string {
  return hasCharset(type) ? `${type}; charset=utf-8` : type;
}

/** Whether a type is sent with its charset. */
function hasCharset(type: StoredType): boolean {
  return !type.endsWith('json');
}

/** What ends the last segment of a page's path in the name of its file: `/a` is `a@.html`, `/a/` is `a/@.html`. */
export const PAGE_SUFFIX = '@.';

const siteFolders = new Map<string, string>();

/** The name of a site's folder: its host, with the port behind a `+`. */
export function siteFolder(site: string): string {
  const known = siteFolders.get(site);
  if (known !== undefined) return known;
  const folder = new URL(site).host.replace(':', '+');
  siteFolders.set(site, folder);
  return folder;
}

/** The path of a page's file below the folder of pages, without the end that its type gives it: `www.example.com/blog@.` */
export function pageFile({ site, target }: PageKey): string {
  return `${siteFolder(site)}${target}${PAGE_SUFFIX}`;
}

/** Whether a page is one of those below another: `/blog` has `/blog`, `/blog/`, `/blog/a` and `/blog?page=2` below it. */
export function isBelow(target: string, above: string): boolean {
  const base = above.replace(/\/$/, '');
  return target === base || target.startsWith(`${base}/`) || target.startsWith(`${base}?`);
}
