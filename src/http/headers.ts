import { isPlainObject, quote, requiredText } from '../core/options.ts';

/** RFC 9110 §5.5: no control characters but the tab, and nothing that takes more than a byte. */
const FIELD_VALUE = /^[\t -~\u0080-\u00FF]+$/;
/** Set by every server from what it knows of the file or the connection. */
const DECIDED: readonly string[] = [
  'accept-ranges',
  'allow',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'transfer-encoding',
  'x-content-type-options',
];

/** The header that the option `cors` adds. */
export const ANY_ORIGIN = ['Access-Control-Allow-Origin', '*'] as const;

/** Whether a text is a token (RFC 9110 §5.6.2), such as the name of a header. */
export function isToken(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text);
}

/** Who sends the headers, and what it decides itself. */
export interface HeaderSender {
  /** As messages name it: `'handler'`. */
  readonly name: string;
  /** The names that it sets beside those that all set, in lower case. */
  readonly decides: readonly string[];
}

/**
 * The headers to send with every answer: those of the option `headers`, and the one that the option `cors` adds.
 *
 * @throws TypeError for what is no header, or is decided by the sender
 */
export function resolveHeaders(
  sender: HeaderSender,
  headers: unknown,
  cors: boolean,
): readonly (readonly [name: string, value: string])[] {
  const resolved: (readonly [name: string, value: string])[] = cors ? [ANY_ORIGIN] : [];
  if (headers === undefined) return resolved;
  if (!isPlainObject(headers))
    throw new TypeError(`The option "headers" is a plain object of names and values, not ${quote(headers)}.`);
  for (const [name, value] of Object.entries(headers)) {
    if (!isToken(name)) throw new TypeError(`The header name ${quote(name)} is not one by RFC 9110.`);
    const lowercase = name.toLowerCase();
    if (DECIDED.includes(lowercase) || sender.decides.includes(lowercase)) {
      throw new TypeError(
        `The header ${quote(name)} is decided by the ${sender.name} itself. Leave it out of the option "headers".`,
      );
    }
    if (resolved.some(([other]) => other.toLowerCase() === lowercase)) {
      const byCors = cors && lowercase === ANY_ORIGIN[0].toLowerCase() ? ', by the option "cors" too' : '';
      throw new TypeError(`The header ${quote(name)} is given twice${byCors}. Keep one.`);
    }
    resolved.push([name, headerValue(`header "${name}"`, value)]);
  }
  return resolved;
}

/**
 * A header's value.
 *
 * @param what - as messages name it: `'header "Link"'`, `'option "unversionedCacheControl"'`
 * @throws TypeError for what no header may hold
 */
export function headerValue(what: string, value: unknown): string {
  const text = requiredText(what, value);
  if (FIELD_VALUE.test(text)) return text;
  throw new TypeError(`The ${what} cannot be ${quote(text)}: it has a character that no header may have.`);
}

/** `Cache-Control` (RFC 9111 §5.2) for a URL whose body may change: kept, but asked about each time. */
export const REVALIDATE = 'no-cache';

/** `Cache-Control` for whatever must not be kept: errors, and current bytes under another version's URL. */
export const NO_STORE = 'no-store';

/** The longest that a URL is cached: a year, in seconds. */
export const YEAR_SECONDS: number = 365 * 24 * 60 * 60;

/** `Cache-Control` for a URL that may be kept unasked; `immutable` (RFC 8246) spares the question on a reload too. */
export function cacheFor(maxAgeSeconds: number, immutable: boolean): string {
  return `public, max-age=${maxAgeSeconds}${immutable ? ', immutable' : ''}`;
}
