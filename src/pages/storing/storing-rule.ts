import { quote } from '../../core/text.ts';
import { parseHttpDate } from '../../http/conditions.ts';
import type { RenderedHead } from '../../render/index.ts';
import { STORED_TYPES } from '../rules/page-files.ts';
import { isUtf8Text, storedTypeOf } from './media-type.ts';
import { judgeHeaders, type DeclaredHeaders } from './page-headers.ts';
import { refusal, type Refusal } from './reasons.ts';
import { visitorHeaders } from './visitor-headers.ts';

/** What the storing rule knows beside the answer. */
export interface StoringContext {
  /** What the option `headers` says for the page. */
  readonly declared: DeclaredHeaders;
  /** Headers that a page may lose beside those that all may lose, in lower case. */
  readonly lost: readonly string[];
  /** Headers whose presence sends a request to the app, in lower case. */
  readonly bypassHeaders: ReadonlySet<string>;
  /** Headers that the app may read, in lower case. */
  readonly harmlessHeaders: ReadonlySet<string>;
}

/**
 * Judges the status and the headers of an answer to our own anonymous request (RFC 9111 §3, fail closed).
 *
 * @returns why the page must not be stored; `undefined` when the body decides
 */
export function judgeHead(head: RenderedHead, context: StoringContext): Refusal | undefined {
  return (
    judgeStatus(head) ??
    judgeCaching(head) ??
    judgeVary(head, context.bypassHeaders) ??
    judgeContent(head) ??
    judgeHeaders(head, context.declared, context.lost)
  );
}

function judgeStatus({ status, headers }: RenderedHead): Refusal | undefined {
  if (status === 200) return undefined;
  const said = `The app answers ${status}`;
  if (status === 404 || status === 410) return refusal('GONE', `${said}.`);
  if (status === 401 || status === 403)
    return refusal('DENIED', `${said}: the page is not for everybody. Leave it out of "urls".`);
  if (status >= 300 && status < 400 && status !== 304)
    return refusal('REDIRECT', `${said} with the location ${quote(headers.get('location')?.[0])}.`);
  const advice =
    status === 429 ? ' Let the rate limiter pass requests for which isRender(request) is true.' : '';
  return refusal('STATUS', `${said}.${advice}`);
}

function valueOf({ headers }: RenderedHead, name: string): string | undefined {
  return headers.get(name)?.join(', ');
}

/** RFC 9111 §5.2.2, §5.3 and §7.3. */
function judgeCaching(head: RenderedHead): Refusal | undefined {
  if (head.headers.has('set-cookie')) {
    const names = head.headers.get('set-cookie')?.map((each) => quote(each.slice(0, each.indexOf('='))));
    return refusal(
      'SET_COOKIE',
      `The answer sets the cookie ${names?.join(', ')}. Set it only for those who log in, or leave the URL out of "urls".`,
    );
  }
  const cacheControl = valueOf(head, 'cache-control');
  const directives = directivesOf(cacheControl ?? '');
  const said = `The answer says "Cache-Control: ${cacheControl}"`;
  if (directives.has('private')) return refusal('PRIVATE', `${said}: it is for one visitor.`);
  if (directives.has('no-store')) return refusal('NO_STORE', `${said}.`);
  if (directives.has('no-cache') || !isLasting(directives, 'max-age') || !isLasting(directives, 's-maxage'))
    return refusal('CACHE_CONTROL', `${said}. Take that off for pages that all visitors share.`);
  if (valueOf(head, 'pragma')?.toLowerCase().includes('no-cache'))
    return refusal('CACHE_CONTROL', 'The answer says "Pragma: no-cache".');
  const expires = valueOf(head, 'expires');
  // RFC 9111 §5.3: max-age overrides it, and a date that cannot be read has passed.
  const isOverridden = directives.has('max-age') || directives.has('s-maxage');
  if (expires !== undefined && !isOverridden && (parseHttpDate(expires) ?? 0) <= Date.now())
    return refusal('EXPIRES', `The answer says "Expires: ${expires}", which has passed.`);
  return undefined;
}

/** The directives of `Cache-Control` with all their values, in lower case. */
function directivesOf(cacheControl: string): ReadonlyMap<string, readonly string[]> {
  const directives = new Map<string, string[]>();
  for (const each of cacheControl.toLowerCase().split(',')) {
    const [name = '', value = ''] = each.split('=');
    const values = directives.get(name.trim()) ?? [];
    values.push(value.trim().replaceAll('"', ''));
    directives.set(name.trim(), values);
  }
  return directives;
}

/** RFC 9111 §4.2.1: what says two things, or nothing that can be read, is stale. */
function isLasting(directives: ReadonlyMap<string, readonly string[]>, name: string): boolean {
  return directives.get(name)?.every((value) => /^\d+$/.test(value) && Number(value) > 0) ?? true;
}

/** RFC 9111 §4.1: what the answer varies by must be the same in all requests that get it. */
function judgeVary(head: RenderedHead, bypassHeaders: ReadonlySet<string>): Refusal | undefined {
  const vary = valueOf(head, 'vary');
  for (const each of vary?.split(',') ?? []) {
    const name = each.trim().toLowerCase();
    if (name === '' || name === 'accept-encoding' || bypassHeaders.has(name)) continue;
    return refusal(
      'VARY',
      `The answer says "Vary: ${vary}", and visitors differ in ${quote(name)}. Add it to "bypassHeaders" if only some requests have it.`,
    );
  }
  return undefined;
}

function judgeContent(head: RenderedHead): Refusal | undefined {
  const encoding = valueOf(head, 'content-encoding');
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    return refusal(
      'CONTENT_ENCODING',
      `The body is compressed (${quote(encoding)}) for a client that asked for none.`,
    );
  if (head.headers.has('content-disposition'))
    return refusal('CONTENT_DISPOSITION', 'The answer has a Content-Disposition: it is a download.');
  if (head.headers.has('content-range')) return refusal('CONTENT_RANGE', 'The answer has a Content-Range.');
  const contentType = valueOf(head, 'content-type');
  if (storedTypeOf(contentType) === undefined)
    return refusal(
      'CONTENT_TYPE',
      `The content type is ${quote(contentType)}. Pages are stored as UTF-8 of ${Object.keys(STORED_TYPES).join(', ')}.`,
    );
  return undefined;
}

/** Tracers write these into the head of each page; whoever loads it from a store would join one visitor's trace. */
// Never past the next `<`: else a page made of `<meta` takes the square of its length.
const TRACE = /<meta\b[^<>]*\bname=["']?(sentry-trace|baggage|traceparent|dd-trace-id|dd-trace-time)\b/i;
const NONCE =
  /<meta\b(?=[^<>]*\bhttp-equiv=["']?content-security-policy\b)[^<>]*(?:'|&#0*39;|&#x0*27;|&apos;)nonce-/i;

/**
 * Judges a body, once it is whole and what the option `strip` takes out is gone.
 *
 * @param readHeaders - what the app has asked for while it made the page
 */
export function judgeBody(
  body: Buffer,
  readHeaders: ReadonlySet<string>,
  { bypassHeaders, harmlessHeaders }: StoringContext,
): Refusal | undefined {
  const read = visitorHeaders(readHeaders).find(
    (name) => !bypassHeaders.has(name) && !harmlessHeaders.has(name),
  );
  if (read !== undefined)
    return refusal(
      'READS',
      `The app read the header ${quote(read)}, in which visitors differ. If the page is the same whatever it says, add it to "harmlessHeaders"; otherwise give each variant a URL of its own.`,
      `READS_${read.toUpperCase().replaceAll('-', '_')}`,
    );
  if (body.length === 0) return refusal('EMPTY', 'The body is empty.');
  if (!isUtf8Text(body)) return refusal('CONTENT_TYPE', 'The body is not UTF-8.');
  const text = body.toString();
  const trace = TRACE.exec(text)?.[1];
  if (trace !== undefined)
    return refusal(
      'TRACE_ID',
      `A tracer has written ${quote(trace)} into the page. Take it out with "strip".`,
    );
  if (NONCE.test(text)) return refusal('CSP_NONCE', 'The page has a Content-Security-Policy with a nonce.');
  return undefined;
}
