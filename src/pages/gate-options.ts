import { expected, isStringList, type Kind } from '../core/option-kinds.ts';
import type { Table } from '../core/options.ts';
import { isToken } from '../http/headers.ts';

/**
 * A path pattern of Express 5 (`'/posts/:slug'`), compared with the case of letters and the last slash, or a regular
 * expression. Both are asked about the raw path, as it stands in the URL.
 */
export type UrlPattern = string | RegExp;

/** Which requests may be answered from the store: what the middleware and nginx decide alike. */
export interface GateOptions {
  /**
   * The origins that visitors see: `https://www.example.com`. A request's Host is compared with them, its port included.
   * Paths are published to the first.
   */
  readonly sites: readonly string[];
  /** The URLs of the pages to store. */
  readonly urls: readonly UrlPattern[];
  /**
   * URLs that are not stored although `urls` has them.
   *
   * @defaultValue none
   */
  readonly exclude?: readonly UrlPattern[];
  /**
   * The only cookies that matter, such as a session's: a request with one of them goes to the app, all other cookies are
   * ignored. A `*` at the end stands for any end.
   *
   * @defaultValue none: every cookie matters but those of `ignoreCookies`
   */
  readonly bypassCookies?: readonly string[];
  /**
   * Cookies that only scripts and proxies read, beside those known of analytics, consent banners and load balancers. A `*`
   * at the end stands for any end.
   *
   * @defaultValue none
   */
  readonly ignoreCookies?: readonly string[];
  /**
   * Headers whose presence sends a request to the app, beside the built-in ones.
   *
   * @defaultValue none
   */
  readonly bypassHeaders?: readonly string[];
  /**
   * The query parameters that pages are made of, in the order of their names. A request with another one goes to the app.
   *
   * @defaultValue none
   */
  readonly query?: readonly string[];
  /**
   * Query parameters that only scripts read, which are taken off before the page is looked up. A `*` at the end stands for
   * any end.
   *
   * @defaultValue those that senders of links add, such as `utm_*`, `fbclid` and `gclid`
   */
  readonly ignoreQuery?: readonly string[];
}

const NAMES: Kind<readonly string[]> = expected(
  { kind: 'strings' },
  'a list of non-empty strings',
  (value): value is readonly string[] => isStringList(value) && !value.includes(''),
);

/** Which cookies: names, each perhaps with a `*` at its end. */
const COOKIE_NAMES: Kind<readonly string[]> = expected(
  { kind: 'strings' },
  'a list of names of cookies, each perhaps with a "*" at its end',
  (value): value is readonly string[] =>
    isStringList(value) && value.every((name) => isToken(name.replace(/\*$/, ''))),
);

/** Names of headers. */
export const HEADER_NAMES: Kind<readonly string[]> = expected(
  { kind: 'strings' },
  'a list of names of headers',
  (value): value is readonly string[] => isStringList(value) && value.every(isToken),
);

/** Whether a value has the shape of a pattern. */
export function isPattern(value: unknown): value is UrlPattern {
  return value instanceof RegExp || (typeof value === 'string' && value.startsWith('/'));
}

const PATTERNS: Kind<readonly UrlPattern[]> = expected(
  { kind: 'strings' },
  'a list of path patterns such as "/posts/:slug", or of regular expressions',
  (value): value is readonly UrlPattern[] => Array.isArray(value) && value.every(isPattern),
);

/** The options of the gate. */
export const GATE_OPTIONS: Table<GateOptions, 'bypassCookies' | 'ignoreQuery'> = {
  sites: {
    ...NAMES,
    flag: '--site <origin>',
    required: true,
    help: 'The origins that visitors see: https://www.example.com.',
  },
  urls: { ...PATTERNS, flag: '--url <pattern>', required: true, help: 'The URLs of the pages to store.' },
  exclude: {
    ...PATTERNS,
    flag: '--exclude <pattern>',
    default: [],
    defaultText: 'none',
    help: 'URLs that are not stored although urls has them.',
  },
  bypassCookies: {
    ...COOKIE_NAMES,
    flag: '--bypass-cookie <name>',
    help: "The only cookies that matter, such as a session's: a request with one of them goes to the app, all other cookies are ignored.",
  },
  ignoreCookies: {
    ...COOKIE_NAMES,
    flag: '--ignore-cookie <name>',
    default: [],
    defaultText: 'none',
    help: 'Cookies that only scripts and proxies read, beside those known of analytics, consent banners and load balancers.',
  },
  bypassHeaders: {
    ...HEADER_NAMES,
    flag: '--bypass-header <name>',
    default: [],
    defaultText: 'none',
    help: 'Headers whose presence sends a request to the app, beside the built-in ones.',
  },
  query: {
    ...NAMES,
    flag: '--query <name>',
    default: [],
    defaultText: 'none',
    help: 'The query parameters that pages are made of, in the order of their names.',
  },
  ignoreQuery: {
    ...NAMES,
    flag: '--ignore-query <name>',
    defaultText: 'those that senders of links add, such as utm_*, fbclid and gclid',
    help: 'Query parameters that only scripts read, which are taken off before the page is looked up.',
  },
};
