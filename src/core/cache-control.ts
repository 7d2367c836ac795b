/** The values of `Cache-Control` (RFC 9111 §5.2, RFC 8246) that static answers carry. */

/** For a URL that will never mean another body: one year, the longest that caches are asked to honour. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';

/** For a URL whose body may change: kept, but asked about each time. */
export const REVALIDATE = 'no-cache';

/** For whatever must not be kept: errors, and current bytes under another version's URL. */
export const NO_STORE = 'no-store';
