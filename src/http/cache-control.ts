/** The values of `Cache-Control` (RFC 9111 §5.2) that static answers carry. */

/** For a URL whose body may change: kept, but asked about each time. */
export const REVALIDATE = 'no-cache';

/** For whatever must not be kept: errors, and current bytes under another version's URL. */
export const NO_STORE = 'no-store';

/** The longest that a URL is cached: a year, in seconds. */
export const YEAR_SECONDS: number = 365 * 24 * 60 * 60;

/** For a URL that may be kept unasked, for so many seconds; `immutable` (RFC 8246) spares the question on a reload too. */
export function cacheFor(maxAgeSeconds: number, immutable: boolean): string {
  return `public, max-age=${maxAgeSeconds}${immutable ? ', immutable' : ''}`;
}
