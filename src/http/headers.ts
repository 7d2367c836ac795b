import { optionError } from '../core/errors.ts';
import { strings, validated, type Kind } from '../core/option-kinds.ts';
import { quote } from '../core/text.ts';

/** RFC 9110 §5.5: no control characters but the tab, and nothing that takes more than a byte. */
const FIELD_VALUE_PATTERN = /^[\t -~\u0080-\u00FF]+$/;
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

/** Whether a string is a token (RFC 9110 §5.6.2), such as the name of a header. */
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

/** The option `headers` of a sender. */
export function headersKind(
  sender: HeaderSender,
  check: (headers: readonly Header[]) => void = () => {},
): Kind<Readonly<Record<string, string>>> {
  return strings(
    { kind: 'pairs', separator: ':', example: 'X-Frame-Options: DENY' },
    'names and values',
    (headers) => check(resolveHeaders(sender, headers, false)),
  );
}

/** A header's name and value. */
export type Header = readonly [name: string, value: string];

/**
 * The headers to send with every answer: those of the option `headers`, and the one that the option `cors` adds.
 *
 * @throws TypeError for what is no header, or is decided by the sender
 */
export function resolveHeaders(
  sender: HeaderSender,
  headers: Readonly<Record<string, string>>,
  cors: boolean,
): readonly Header[] {
  const resolved: Header[] = cors ? [ANY_ORIGIN] : [];
  for (const [name, value] of Object.entries(headers)) {
    if (!isToken(name)) throw new TypeError(`The header name ${quote(name)} is not one by RFC 9110.`);
    const lowercase = name.toLowerCase();
    if (DECIDED.includes(lowercase) || sender.decides.includes(lowercase)) {
      throw optionError(
        'headers',
        (naming) =>
          `The header ${quote(name)} is decided by the ${sender.name} itself. Leave it out of ${naming('headers')}.`,
      );
    }
    if (resolved.some(([other]) => other.toLowerCase() === lowercase)) {
      const isByCors = cors && lowercase === ANY_ORIGIN[0].toLowerCase();
      throw optionError(
        'headers',
        (naming) =>
          `The header ${quote(name)} is given twice${isByCors ? `, by ${naming('cors')} too` : ''}. Keep one.`,
      );
    }
    requireFieldValue(`header ${quote(name)}`, value);
    resolved.push([name, value]);
  }
  return resolved;
}

/** An option that is a header's value. */
export const FIELD_VALUE: Kind<string> = validated({ kind: 'string' }, (value, option) => {
  if (typeof value !== 'string' || value === '')
    throw optionError(option, (name) => `${name(option)} is a non-empty string, not ${quote(value)}.`);
  if (!FIELD_VALUE_PATTERN.test(value))
    throw optionError(option, (name) => `${name(option)} cannot be ${quote(value)}: ${UNFIT}`);
});

const UNFIT = 'it has a character that no header may have.';

/**
 * Refuses what no header may hold.
 *
 * @param what - as messages name it: `'header "Link"'`
 * @throws TypeError
 */
function requireFieldValue(what: string, value: string): void {
  if (!FIELD_VALUE_PATTERN.test(value))
    throw new TypeError(`The ${what} cannot be ${quote(value)}: ${UNFIT}`);
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
