import { quote } from '../../core/text.ts';
import type { RenderedHead } from '../../render/index.ts';
import { refusal, type Refusal } from './reasons.ts';

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

/** The headers that pages have by the option `headers`: by their names in lower case. */
export type DeclaredHeaders = ReadonlyMap<string, { readonly name: string; readonly value: string }>;

/** The headers of an answer that its stored page has to have too, as the option `headers` would say them. */
export function keptHeaders({ headers }: RenderedHead, lost: readonly string[]): Map<string, string> {
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

/**
 * Finds a header that a stored page would lose or get wrong, since whoever serves it repeats what the option `headers`
 * says and nothing else.
 *
 * @param lost - further headers that a page may lose, in lower case
 */
export function judgeHeaders(
  head: RenderedHead,
  declared: DeclaredHeaders,
  lost: readonly string[],
): Refusal | undefined {
  const kept = keptHeaders(head, lost);
  for (const [name, value] of kept) {
    const isPolicy = name.startsWith('content-security-policy');
    if (isPolicy && value.includes("'nonce-"))
      return refusal(
        'CSP_NONCE',
        `The header ${quote(name)} has a nonce, which must be new for each answer. Use hashes for these URLs, or leave them out of "urls".`,
      );
    const said = declared.get(name);
    if (said === undefined)
      return refusal(
        'HEADER_UNDECLARED',
        `The answer has the header ${quote(name)} with the value ${quote(value)}, which stored pages would lose. Name it in "headers"; "static-url pages headers" prints what to write.`,
      );
    if (said.value !== value)
      return refusal(
        'HEADER_DIFFERS',
        `The header ${quote(name)} is ${quote(value)}, but "headers" says ${quote(said.value)}. Let them be equal, or leave the URL out of "urls".`,
      );
  }
  for (const [name, { value }] of declared)
    if (!kept.has(name))
      return refusal(
        'HEADER_DIFFERS',
        `"headers" says that the header ${quote(name)} is ${quote(value)}, but the answer has none. Send it, or name it in "headers" for other URLs alone.`,
      );
  return undefined;
}
