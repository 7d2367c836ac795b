/** What marks the URL of a stylesheet that was swapped; the value says with which change. */
const PARAMETER = 'live-reload';
const VERSION = /^[0-9a-f]{16}\//;

const prefix = new URL('..', import.meta.url).href.replace(/\/[0-9a-f]{16}\/$/, '/');

/** The name of the asset behind an absolute URL, whichever its version; `undefined` for a URL of anything else. */
export function assetOf(href: string): string | undefined {
  const [path = ''] = href.split(/[?#]/);
  if (!path.startsWith(prefix)) return undefined;
  try {
    return decodeURIComponent(path.slice(prefix.length).replace(VERSION, ''));
  } catch {
    return undefined;
  }
}

/** The change that a URL was last renewed for; `null` when it is the page's own. */
export function stampOf(href: string): string | null {
  return new URL(href).searchParams.get(PARAMETER);
}

/** The URL to load an asset from anew. */
export function withStamp(href: string, stamp: string): string {
  const url = new URL(href);
  url.searchParams.set(PARAMETER, stamp);
  return url.href;
}
