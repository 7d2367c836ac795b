import { BOOLEAN, expected, STRING, validated, wholeNumber, type Kind } from '../../core/option-kinds.ts';
import { resolveOptions, type Resolved, type Table } from '../../core/options.ts';
import { isPlainObject } from '../../core/text.ts';
import { parseServers, type MemcachedServer } from '../../memcached/options.ts';
import { isPattern, type UrlPattern } from '../gate-options.ts';
import { matchUrls, STORED_TYPES, type StoredType, type UrlMatcher } from '../rules/index.ts';

/** The media type of the pages of some URLs. */
export interface PageType {
  readonly urls: UrlPattern | readonly UrlPattern[];
  readonly type: StoredType;
}

/** Options of {@link memcachedStore}. */
export interface MemcachedStoreOptions {
  /**
   * The servers as nginx's `server` lines have them: `'10.0.0.1:11211'`, `'10.0.0.2:11211 weight=2'`. Every process and
   * nginx must have the same list, letter by letter.
   */
  readonly servers: readonly string[];
  /**
   * How long a page is kept at most, in seconds, up to 30 days. What could not be removed, since a server or a process was
   * held up, is gone by then.
   */
  readonly ttlSeconds: number;
  /**
   * The media types of pages that are not HTML, by their URLs, since nginx cannot see the type of an item. The first that
   * fits counts.
   *
   * @defaultValue `text/html` for all
   */
  readonly types?: readonly PageType[];
  /**
   * Whether pages are kept compressed.
   *
   * @defaultValue `true`
   */
  readonly gzip?: boolean;
  /**
   * What the keys of pages start with.
   *
   * @defaultValue `'pages:'`
   */
  readonly keyPrefix?: string;
  /**
   * The largest item that the servers take, in bytes: memcached's option `-I`.
   *
   * @defaultValue 1048576 (1 MiB)
   */
  readonly maxItemBytes?: number;
  /**
   * How long a server may take to answer, in milliseconds. After that it counts as down until it answers again.
   *
   * @defaultValue 200
   */
  readonly deadlineMilliseconds?: number;
  /**
   * The name of the app that the pages belong to.
   *
   * @defaultValue the first site
   */
  readonly owner?: string;
}

const TYPES: Kind<readonly PageType[]> = expected(
  { kind: 'pairs', separator: ':', example: '/feed.xml: application/rss+xml' },
  `a list of { urls, type } with patterns such as "/feed.xml" and one of the types ${Object.keys(STORED_TYPES).join(', ')}`,
  (value): value is readonly PageType[] => Array.isArray(value) && value.every(isPageType),
);

function isPageType(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { urls, type, ...rest } = value;
  return (
    Object.keys(rest).length === 0 &&
    [urls].flat().length > 0 &&
    [urls].flat().every((each) => isPattern(each)) &&
    typeof type === 'string' &&
    Object.hasOwn(STORED_TYPES, type)
  );
}

/** What stands in front of a site's name in a key: no blank, and no `#`, which our own items have. */
const KEY_PREFIX: Kind<string> = expected(
  { kind: 'string' },
  'up to 40 letters, digits and . _ : / -',
  (value): value is string => typeof value === 'string' && /^[\w.:/-]{1,40}$/.test(value),
);

/** What memcached still takes for a length of time, not for a date. */
export const MOST_TTL_SECONDS = 2_592_000;

const SERVERS: Kind<readonly string[]> = validated({ kind: 'strings' }, (value, option) =>
  parseServers(value, option),
);

/** The options of {@link memcachedStore}. */
export const MEMCACHED_STORE_OPTIONS: Table<MemcachedStoreOptions, 'owner'> = {
  servers: {
    ...SERVERS,
    required: true,
    help: "The servers as nginx's server lines have them: '10.0.0.1:11211', '10.0.0.2:11211 weight=2'.",
  },
  ttlSeconds: {
    ...wholeNumber('seconds', 1, MOST_TTL_SECONDS),
    required: true,
    help: 'How long a page is kept at most, in seconds, up to 30 days.',
  },
  types: {
    ...TYPES,
    default: [],
    defaultText: 'text/html for all',
    help: 'The media types of pages that are not HTML, by their URLs, since nginx cannot see the type of an item.',
  },
  gzip: { ...BOOLEAN, default: true, help: 'Whether pages are kept compressed.' },
  keyPrefix: { ...KEY_PREFIX, default: 'pages:', help: 'What the keys of pages start with.' },
  maxItemBytes: {
    ...wholeNumber('bytes', 1024),
    default: 1024 * 1024,
    defaultText: '1048576 (1 MiB)',
    help: "The largest item that the servers take, in bytes: memcached's option -I.",
  },
  deadlineMilliseconds: {
    ...wholeNumber('milliseconds', 1, 60_000),
    default: 200,
    help: 'How long a server may take to answer, in milliseconds.',
  },
  owner: {
    ...STRING,
    defaultText: 'the first site',
    help: 'The name of the app that the pages belong to.',
  },
};

/** {@link MemcachedStoreOptions} with everything decided. */
export interface ResolvedMemcachedStore extends Omit<
  Resolved<MemcachedStoreOptions, 'owner'>,
  'servers' | 'types'
> {
  readonly servers: readonly MemcachedServer[];
  readonly types: readonly { readonly urls: UrlMatcher; readonly type: StoredType }[];
}

/**
 * Checks and defaults what {@link memcachedStore} is given.
 *
 * @param what - what is given the options, for messages
 * @throws TypeError, RangeError
 */
export function resolveMemcachedStore(
  options: MemcachedStoreOptions,
  what = 'memcachedStore()',
): ResolvedMemcachedStore {
  const resolved = resolveOptions(what, options, MEMCACHED_STORE_OPTIONS);
  return {
    ...resolved,
    servers: parseServers(resolved.servers, 'servers'),
    types: resolved.types.map(({ urls, type }) => ({ urls: matchUrls([urls].flat(), 'types'), type })),
  };
}

/** The media type that a path's page has. */
export function typeOfPath(path: string, types: ResolvedMemcachedStore['types']): StoredType {
  return types.find(({ urls }) => urls.matches(path))?.type ?? 'text/html';
}
