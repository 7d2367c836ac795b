/** What servers say of an answer themselves, what only one request had, and what helps nobody the second time. */
const LOST: readonly RegExp[] = [
  /^(?:date|server|via|age|etag|last-modified|content-length|accept-ranges|trailer|x-powered-by|cache-status)$/,
  // Judged by itself.
  /^(?:content-type|content-encoding|cache-control|expires|pragma|vary)$/,
  /^(?:x-response-time|x-runtime|server-timing|x-request-id|request-id|x-correlation-id|x-trace-id|traceparent|tracestate)$/,
  /^(?:x-)?ratelimit(?:-|$)/,
];

/** A `Link` (RFC 8288) that only makes a page load sooner. */
const PRELOAD = String.raw`\s*<[^>]*>[^,]*;\s*rel="?(?:preload|modulepreload|prefetch|preconnect|dns-prefetch)"?(?=\s*(?:[;,]|$))[^,]*`;
const PRELOAD_LINK = new RegExp(`^${PRELOAD}(?:,${PRELOAD})*$`, 'i');

/**
 * The headers of an answer that whoever serves its stored page has to send too, as an option `headers` would say them.
 *
 * @param headers - by their names in lower case
 * @param lost - further headers that the page may lose, in lower case
 */
export function keptHeaders(
  headers: ReadonlyMap<string, readonly string[]>,
  lost: readonly string[] = [],
): Map<string, string> {
  const kept = new Map<string, string>();
  for (const [name, values] of headers) {
    const value = values.join(', ');
    const isLost =
      lost.includes(name) ||
      LOST.some((pattern) => pattern.test(name)) ||
      (name === 'link' && PRELOAD_LINK.test(value));
    if (!isLost) kept.set(name, value);
  }
  return kept;
}
