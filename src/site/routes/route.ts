import { parse } from 'path-to-regexp';
import { BOOLEAN, callback, expected, STRING, type Kind } from '../../core/option-kinds.ts';
import { resolveOptions, type Table } from '../../core/options.ts';
import { quote } from '../../core/text.ts';

/**
 * The parameters of one page: an object that has them by name, and perhaps more, or a list in the order of the pattern; one
 * alone may stand for itself.
 */
export type RouteParams = object | string | number;

type ParamsList = Iterable<RouteParams> | AsyncIterable<RouteParams>;

/** The parameters of all pages of a route, or what gives them; it is told the route's name. */
export type ParamsSource = ParamsList | ((name: string) => ParamsList | Promise<ParamsList>);

/** When the content of a page last changed: a date, its text, or milliseconds since 1970. */
export type LastModified = Date | string | number | undefined;

/** What is called with the parameters of a page, as they were given. */
type OfParams<Value> = (params: never) => Value | Promise<Value>;

/** Options of {@link route}. */
export interface RouteOptions {
  /**
   * The parameters of each page: a list, an async iterable, or a function that returns either. An item is an object with the
   * parameters by name, such as a row of a database, or a list of them in order.
   *
   * @defaultValue none: the path has no parameters
   */
  readonly params?: ParamsSource;
  /**
   * The file in the site, with `{name}` for parameters: `posts/{slug}.html`.
   *
   * @defaultValue `index.html` in the folder of the path; the path itself where it has a known extension, as `/feed.xml`
   */
  readonly file?: string;
  /**
   * The statuses that the app may answer with.
   *
   * @defaultValue `[200]`
   */
  readonly statusCodes?: readonly number[];
  /**
   * How `exportOne()` and messages name the route.
   *
   * @defaultValue its pattern
   */
  readonly name?: string;
  /**
   * When the content of the page last changed: a page that has not changed since the last export is not rendered again.
   *
   * @defaultValue none: the page is always rendered
   */
  readonly lastModified?: OfParams<LastModified>;
  /**
   * A text that is different once the content of the page has changed: an alternative to `lastModified`.
   *
   * @defaultValue none
   */
  readonly fingerprint?: OfParams<string | number>;
  /**
   * The languages that the route is in; `false` for a path that is in none of them, such as a feed.
   *
   * @defaultValue all
   */
  readonly languages?: readonly string[] | false;
  /**
   * Whether the pages are in the sitemap.
   *
   * @defaultValue `true` for HTML with the status 200, unless it says `noindex`
   */
  readonly sitemap?: boolean;
}

const PARAMS: Kind<ParamsSource> = expected(
  { kind: 'none' },
  'a list, an asynchronous list, or a function that gives one',
  (value): value is ParamsSource =>
    typeof value === 'function' ||
    (typeof value === 'object' &&
      value !== null &&
      (Symbol.iterator in value || Symbol.asyncIterator in value)),
);

const STATUS_CODES: Kind<readonly number[]> = expected(
  { kind: 'none' },
  'a list of HTTP statuses from 200 to 599',
  (value): value is readonly number[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => Number.isInteger(each) && each >= 200 && each <= 599),
);

const LANGUAGES: Kind<readonly string[] | false> = expected(
  { kind: 'none' },
  'a list of languages, or false',
  (value): value is readonly string[] | false =>
    value === false || (Array.isArray(value) && value.every((each) => STRING.check(each))),
);

type Open = 'params' | 'file' | 'name' | 'lastModified' | 'fingerprint' | 'languages' | 'sitemap';

/** The options of {@link route}. */
export const ROUTE_OPTIONS: Table<RouteOptions, Open> = {
  params: {
    ...PARAMS,
    defaultText: 'none: the path has no parameters',
    help: 'The parameters of each page: a list, an async iterable, or a function that returns either.',
  },
  file: {
    ...STRING,
    defaultText:
      'index.html in the folder of the path; the path itself where it has a known extension, as /feed.xml',
    help: 'The file in the site, with {name} for parameters: posts/{slug}.html.',
  },
  statusCodes: {
    ...STATUS_CODES,
    default: [200],
    defaultText: '[200]',
    help: 'The statuses that the app may answer with.',
  },
  name: {
    ...STRING,
    defaultText: 'its pattern',
    help: 'How exportOne() and messages name the route.',
  },
  lastModified: {
    ...callback<OfParams<LastModified>>(),
    defaultText: 'none: the page is always rendered',
    help: 'When the content of the page last changed: a page that has not changed since the last export is not rendered again.',
  },
  fingerprint: {
    ...callback<OfParams<string | number>>(),
    help: 'A text that is different once the content of the page has changed: an alternative to lastModified.',
  },
  languages: {
    ...LANGUAGES,
    defaultText: 'all',
    help: 'The languages that the route is in; false for a path that is in none of them, such as a feed.',
  },
  sitemap: {
    ...BOOLEAN,
    defaultText: 'true for HTML with the status 200, unless it says noindex',
    help: 'Whether the pages are in the sitemap.',
  },
};

/** Pages of the site that one pattern stands for, as {@link route} gives them. */
export interface Route {
  /** A path pattern of Express 5. */
  readonly path: string;
  readonly name: string;
  readonly params: ParamsSource | undefined;
  readonly file: string | undefined;
  readonly statusCodes: readonly number[];
  readonly lastModified: ((params: unknown) => unknown) | undefined;
  readonly fingerprint: ((params: unknown) => unknown) | undefined;
  readonly languages: readonly string[] | false | undefined;
  readonly sitemap: boolean | undefined;
}

/** The same in every copy of this package: a configuration may be loaded with another one than the command. */
const BRAND = Symbol.for('static-url.route');

/** Whether a value is what {@link route} gave. */
export function isRoute(value: unknown): value is Route {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/**
 * Names pages of the site by a path pattern of Express 5.
 *
 * @param path - `/`, `/posts/:slug`, `/docs{/:chapter}`, `/files/*path`
 * @throws TypeError for a pattern that Express 5 cannot read, and for an option of the wrong shape
 *
 * @example
 * ```ts
 * route('/posts/:slug', { params: async () => (await posts()).map(({ slug }) => ({ slug })) });
 * ```
 */
export function route(path: string, options: RouteOptions = {}): Route {
  checkPath(path);
  const { params, name, lastModified, fingerprint, ...others } = resolveOptions<RouteOptions, Open>(
    'route()',
    options,
    ROUTE_OPTIONS,
  );
  const made: Route = {
    ...others,
    path,
    params,
    name: name ?? path,
    lastModified: unbound(lastModified),
    fingerprint: unbound(fingerprint),
  };
  return Object.defineProperty(made, BRAND, { value: true });
}

/** It is given the parameters of its own route, whose type only its author knows. */
function unbound(given: OfParams<unknown> | undefined): ((params: unknown) => unknown) | undefined {
  return given === undefined ? undefined : (params) => Reflect.apply(given, undefined, [params]);
}

function checkPath(path: unknown): void {
  if (typeof path !== 'string' || !path.startsWith('/'))
    throw new TypeError(`route() takes a path that begins with "/", not ${quote(path)}.`);
  if (/[?#]/.test(path))
    throw new TypeError(
      `route() was given ${quote(path)}. A static site answers paths alone, without query and fragment: leave out what begins with "?" or "#". For an optional part write "{…}" around it.`,
    );
  try {
    parse(path);
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split(/[:;] /);
    throw new TypeError(
      `route() was given the pattern ${quote(path)}, which Express 5 cannot read: ${reason}. Write ":name" for a segment, "*name" for several, and "{…}" around what may be missing.`,
      { cause: error },
    );
  }
}
