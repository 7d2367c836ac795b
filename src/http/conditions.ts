import type { IncomingHttpHeaders } from 'node:http';

/** What tells a client whether it already has a body. */
export interface Validators {
  /** With its quotes, and `W/` before it where it is weak. */
  readonly etag?: string | undefined;
  /** As an HTTP date. */
  readonly lastModified?: string | undefined;
}

/** What the conditions of a request come to. */
export type ConditionResult = 'send' | 'not-modified' | 'failed';

/** RFC 9110 §8.8.3. */
const ENTITY_TAG = /(W\/)?("[!#-~\u0080-\u00FF]*")/g;

/**
 * Evaluates the conditions of a GET or HEAD, in the order of RFC 9110 §13.2.2: `If-Match`, else `If-Unmodified-Since`;
 * then `If-None-Match`, else `If-Modified-Since`.
 *
 * The package "fresh" knows only the latter two, and takes any string that `Date.parse` reads for a date.
 */
export function evaluateConditions(headers: IncomingHttpHeaders, validators: Validators): ConditionResult {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) {
    if (!listsTag(ifMatch, validators.etag, 'strong')) return 'failed';
  } else if (isNotBefore(headers['if-unmodified-since'], validators) === false) return 'failed';
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) {
    return listsTag(ifNoneMatch, validators.etag, 'weak') ? 'not-modified' : 'send';
  }
  return isNotBefore(headers['if-modified-since'], validators) === true ? 'not-modified' : 'send';
}

/**
 * Whether `If-Range` speaks of this body (RFC 9110 §13.1.5): a weak tag never does, and a date only when it is exactly
 * the one that was sent.
 */
export function isRangeOfSameBody(ifRange: string | undefined, validators: Validators): boolean {
  if (ifRange === undefined) return true;
  if (/^(?:W\/)?"/.test(ifRange)) return ifRange === validators.etag && !ifRange.startsWith('W/');
  const date = parseHttpDate(ifRange);
  return date !== undefined && date === parseHttpDate(validators.lastModified ?? '');
}

/** Whether a list of entity tags, or `*`, has the tag (RFC 9110 §8.8.3.2 and §13.1.2). */
function listsTag(list: string, etag: string | undefined, comparison: 'strong' | 'weak'): boolean {
  if (list.trim() === '*') return true;
  const own = etag?.replace(/^W\//, '');
  if (comparison === 'strong' && own !== etag) return false;
  for (const [, weak, opaque] of list.matchAll(ENTITY_TAG)) {
    if (opaque === own && (comparison === 'weak' || weak === undefined)) return true;
  }
  return false;
}

/** Whether a date is not before the one that was sent with the body; `undefined` for no valid date. */
function isNotBefore(text: string | undefined, { lastModified }: Validators): boolean | undefined {
  const date = text === undefined ? undefined : parseHttpDate(text);
  return date === undefined || lastModified === undefined ? undefined : date >= Date.parse(lastModified);
}

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const TIME = String.raw`\d\d:\d\d:\d\d`;
const FIXED = new RegExp(String.raw`^${DAY}, \d\d ${MONTH} \d{4} ${TIME} GMT$`);
const RFC_850 = new RegExp(String.raw`^${LONG_DAY}, \d\d-${MONTH}-\d\d ${TIME} GMT$`);
const ASCTIME = new RegExp(String.raw`^${DAY} ${MONTH} [ \d]\d ${TIME} \d{4}$`);

/**
 * Reads an HTTP date in any of its three forms (RFC 9110 §5.6.7). `Date.parse` alone takes much else for a date, and a
 * condition with anything else must be ignored (RFC 9110 §13.1.3).
 *
 * @returns milliseconds since 1970, or `undefined` for what is no HTTP date
 */
export function parseHttpDate(text: string): number | undefined {
  const known = FIXED.test(text) || RFC_850.test(text) ? text : ASCTIME.test(text) ? `${text} GMT` : '';
  const milliseconds = Date.parse(known);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
