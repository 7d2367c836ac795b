import { quote } from '../../core/text.ts';
import { keptHeaders } from '../../http/kept-headers.ts';
import type { RenderedHead } from '../../render/index.ts';
import { refusal, type Refusal } from './reasons.ts';

/** The headers that pages have by the option `headers`: by their names in lower case. */
export type DeclaredHeaders = ReadonlyMap<string, { readonly name: string; readonly value: string }>;

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
  const kept = keptHeaders(head.headers, lost);
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
