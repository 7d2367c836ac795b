import { isIP } from 'node:net';
import { BOOLEAN, callback, expected, inCode, validated, wholeNumber } from '../core/option-kinds.ts';
import type { Table } from '../core/options.ts';
import { isPlainObject } from '../core/text.ts';
import { FIELD_VALUE, isToken, REVALIDATE } from '../http/headers.ts';
import type { AppSource, RenderedHead } from '../render/index.ts';
import { GATE_OPTIONS, HEADER_NAMES, isPattern, type GateOptions, type UrlPattern } from './gate-options.ts';
import { resolvePreload, type PreloadedViewOptions } from './preload/options.ts';
import type { PageStore } from './store.ts';

/** Something for the pages of some URLs. */
export interface ForUrls {
  /**
   * The URLs that it is for.
   *
   * @defaultValue all
   */
  readonly urls?: UrlPattern | readonly UrlPattern[];
}

/** Headers of the pages of some URLs. */
export interface PageHeaders extends ForUrls {
  readonly headers: Readonly<Record<string, string>>;
}

/** How long the pages of some URLs are kept. */
export interface PageAge extends ForUrls {
  readonly seconds: number;
}

/** What of a render is asked in another way than usual. */
export interface RenderSettings {
  /**
   * Headers in place of, or beside, those of a browser that our requests carry; an empty value takes one away.
   *
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * The address that the app sees our requests come from.
   *
   * @defaultValue `'192.0.2.1'`, which is nobody's (RFC 5737)
   */
  readonly address?: string;
}

/** What pages ask of assets, as `openAssets()` gives them. */
export interface PageAssets {
  /** One version over all assets. */
  readonly version: string;
  on(event: 'change', listener: () => void): unknown;
  off(event: 'change', listener: () => void): unknown;
}

/** Assets, or a function that opens them when a page is first rendered; they are closed by who has opened them. */
export type AssetsSource = PageAssets | (() => PageAssets | Promise<PageAssets>);

/** Options of {@link createPages}. */
export interface PagesOptions extends GateOptions {
  /** Where pages are kept. */
  readonly store: PageStore;
  /**
   * The app, for pages that are published before a visitor came: what a server's `request` listener is, a server, or a
   * function without parameters that gives one of them.
   *
   * @defaultValue none: pages are rendered by the server that a visitor came through
   */
  readonly app?: AppSource;
  /**
   * Assets whose URLs stand in the pages, or a function that opens them: pages remember their version, and all pages are
   * removed when an asset changes.
   *
   * @defaultValue none
   */
  readonly assets?: AssetsSource;
  /**
   * Whether a process that starts renders anew, in the background, the pages that name assets of another version. One
   * process at a time does. It begins with the first visitor, or at once where `app` is given, which must be ready then.
   *
   * @defaultValue `false`
   */
  readonly renewAtStart?: boolean;
  /**
   * Headers that pages have beside those that every server sets, which nginx repeats: for all, or for the pages of some
   * URLs, of which the first that fits counts for each header.
   *
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, string>> | readonly PageHeaders[];
  /**
   * How long a page is kept before it is rendered anew, in seconds: for all, or for the pages of some URLs, of which the
   * first that fits counts.
   *
   * @defaultValue for ever
   */
  readonly maxAgeSeconds?: number | readonly PageAge[];
  /**
   * `Cache-Control` of stored pages, as browsers get it.
   *
   * @defaultValue `'no-cache'`
   */
  readonly browserCacheControl?: string;
  /**
   * The header by which a CDN learns a page's tags: `'Cache-Tag'`, `'Surrogate-Key'`.
   *
   * @defaultValue none
   */
  readonly cacheTagHeader?: string;
  /**
   * Whether a page without any tag is refused.
   *
   * @defaultValue `false`
   */
  readonly requireTags?: boolean;
  /**
   * The site's own rule: a reason not to store a page, or nothing.
   *
   * @defaultValue none
   */
  readonly skip?: (page: RenderedPage) => string | undefined | false;
  /**
   * Takes out of a page what is of one request alone, such as a trace's id, before it is stored.
   *
   * @defaultValue none
   */
  readonly strip?: (html: string) => string;
  /**
   * Headers that the app may read although they are a visitor's, since its pages are the same whatever they say:
   * `'Accept-Language'`.
   *
   * @defaultValue none
   */
  readonly harmlessHeaders?: readonly string[];
  /**
   * What our requests to the app carry.
   *
   * @defaultValue a browser's headers, and an address that is nobody's
   */
  readonly render?: RenderSettings;
  /**
   * How long a visitor waits for a page that is being rendered for the store before the app answers, in seconds.
   *
   * @defaultValue 3
   */
  readonly waitSeconds?: number;
  /**
   * How long a render may take, in seconds.
   *
   * @defaultValue 10
   */
  readonly deadlineSeconds?: number;
  /**
   * How many renders for visitors run at a time in this process. When they are busy, the app answers.
   *
   * @defaultValue 8
   */
  readonly renders?: number;
  /**
   * How long a page may be, in bytes.
   *
   * @defaultValue 2097152 (2 MiB)
   */
  readonly maxPageBytes?: number;
  /**
   * Where preloaded views are kept, and when they are rendered anew.
   *
   * @defaultValue none: no view is preloaded
   */
  readonly preload?: PreloadedViewOptions;
  /**
   * How often old and unlisted pages are looked for, in seconds; 0: never.
   *
   * @defaultValue 60
   */
  readonly sweepSeconds?: number;
  /**
   * Whether `Cache-Status` says in full what happened, which tells visitors what the site runs on.
   *
   * @defaultValue `true`, with `NODE_ENV=production` `false`
   */
  readonly explain?: boolean;
}

/** A rendered page, before it is stored. */
export interface RenderedPage extends RenderedHead {
  readonly url: string;
  readonly body: Buffer;
  readonly tags: readonly string[];
}

/** For some URLs, and nothing that is written wrong: what names no URLs is for all. */
function isForUrls(value: unknown, what: string): value is Readonly<Record<string, unknown>> {
  if (!isPlainObject(value)) return false;
  const { urls, ...rest } = value;
  return (
    Object.keys(rest).join() === what &&
    (urls === undefined || [urls].flat().every((each) => isPattern(each)))
  );
}

function isRenderSettings(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { headers = {}, address = NOBODY, ...rest } = value;
  return (
    Object.keys(rest).length === 0 &&
    typeof address === 'string' &&
    isIP(address) !== 0 &&
    isPlainObject(headers) &&
    Object.entries(headers).every(([name, text]) => isToken(name) && (text === '' || FIELD_VALUE.check(text)))
  );
}

/** Nobody's address (RFC 5737): apps trust loopback with more than they show everybody. */
export const NOBODY = '192.0.2.1';

/** The longest that a timer of Node takes: a longer one would be over at once. */
const MOST_SECONDS = 2_147_483;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

type Open =
  | 'bypassCookies'
  | 'ignoreQuery'
  | 'app'
  | 'assets'
  | 'maxAgeSeconds'
  | 'cacheTagHeader'
  | 'skip'
  | 'strip'
  | 'explain'
  | 'preload';

/** The options of {@link createPages}. */
export const PAGES_OPTIONS: Table<PagesOptions, Open> = {
  ...GATE_OPTIONS,
  store: {
    ...inCode<PageStore>(
      'a store such as fileStore() gives',
      (value) => typeof Object(value).open === 'function',
    ),
    required: true,
    help: 'Where pages are kept.',
  },
  app: {
    ...inCode<AppSource>(
      'an app, a server, or a function that gives one of them',
      (value) => typeof value === 'function' || isObject(value),
    ),
    defaultText: 'none: pages are rendered by the server that a visitor came through',
    help: "The app, for pages that are published before a visitor came: what a server's request listener is, a server, or a function without parameters that gives one of them.",
  },
  assets: {
    ...inCode<AssetsSource>(
      'what openAssets() gives, or a function that gives it',
      (value) =>
        typeof value === 'function' ||
        (typeof Object(value).version === 'string' && typeof Object(value).on === 'function'),
    ),
    help: 'Assets whose URLs stand in the pages, or a function that opens them: pages remember their version, and all pages are removed when an asset changes.',
  },
  renewAtStart: {
    ...BOOLEAN,
    default: false,
    help: 'Whether a process that starts renders anew, in the background, the pages that name assets of another version.',
  },
  headers: {
    ...inCode<Readonly<Record<string, string>> | readonly PageHeaders[]>(
      'an object of names and values, or a list of { urls, headers }',
      (value) =>
        isPlainObject(value) ||
        (Array.isArray(value) &&
          value.every((each) => isForUrls(each, 'headers') && isPlainObject(each['headers']))),
    ),
    default: {},
    defaultText: 'none',
    help: 'Headers that pages have beside those that every server sets, which nginx repeats: for all, or for the pages of some URLs, of which the first that fits counts for each header.',
  },
  maxAgeSeconds: {
    ...inCode<number | readonly PageAge[]>(
      'a number of seconds above 0, or a list of { urls, seconds }',
      (value) =>
        isAge(value) ||
        (Array.isArray(value) && value.every((each) => isForUrls(each, 'seconds') && isAge(each['seconds']))),
    ),
    defaultText: 'for ever',
    help: 'How long a page is kept before it is rendered anew, in seconds: for all, or for the pages of some URLs, of which the first that fits counts.',
  },
  browserCacheControl: {
    ...FIELD_VALUE,
    default: REVALIDATE,
    help: 'Cache-Control of stored pages, as browsers get it.',
  },
  cacheTagHeader: {
    ...expected(
      { kind: 'string' },
      'the name of a header',
      (value): value is string => typeof value === 'string' && isToken(value),
    ),
    help: "The header by which a CDN learns a page's tags: 'Cache-Tag', 'Surrogate-Key'.",
  },
  requireTags: { ...BOOLEAN, default: false, help: 'Whether a page without any tag is refused.' },
  skip: { ...callback(), help: "The site's own rule: a reason not to store a page, or nothing." },
  strip: {
    ...callback(),
    help: "Takes out of a page what is of one request alone, such as a trace's id, before it is stored.",
  },
  harmlessHeaders: {
    ...HEADER_NAMES,
    default: [],
    defaultText: 'none',
    help: "Headers that the app may read although they are a visitor's, since its pages are the same whatever they say: 'Accept-Language'.",
  },
  render: {
    ...inCode<RenderSettings>(
      'an object of "headers", by their names, and "address", of an IP',
      isRenderSettings,
    ),
    default: {},
    defaultText: "a browser's headers, and an address that is nobody's",
    help: 'What our requests to the app carry.',
  },
  waitSeconds: {
    ...wholeNumber('seconds', 0, MOST_SECONDS),
    default: 3,
    help: 'How long a visitor waits for a page that is being rendered for the store before the app answers, in seconds.',
  },
  deadlineSeconds: {
    ...wholeNumber('seconds', 1, MOST_SECONDS),
    default: 10,
    help: 'How long a render may take, in seconds.',
  },
  renders: {
    ...wholeNumber('renders', 1),
    default: 8,
    help: 'How many renders for visitors run at a time in this process.',
  },
  maxPageBytes: {
    ...wholeNumber('bytes', 1),
    default: 2 * 1024 * 1024,
    defaultText: '2097152 (2 MiB)',
    help: 'How long a page may be, in bytes.',
  },
  preload: {
    ...validated<PreloadedViewOptions>({ kind: 'none' }, resolvePreload),
    defaultText: 'none: no view is preloaded',
    help: 'Where preloaded views are kept, and when they are rendered anew.',
  },
  sweepSeconds: {
    ...wholeNumber('seconds', 0, MOST_SECONDS),
    default: 60,
    help: 'How often old and unlisted pages are looked for, in seconds; 0: never.',
  },
  explain: {
    ...BOOLEAN,
    defaultText: 'true, with NODE_ENV=production false',
    help: 'Whether Cache-Status says in full what happened, which tells visitors what the site runs on.',
  },
};

function isAge(value: unknown): boolean {
  return typeof value === 'number' && value > 0;
}

export type { AppSource } from '../render/index.ts';
export { GATE_OPTIONS, type GateOptions, type UrlPattern } from './gate-options.ts';
export { DELETE_OPTIONS } from './pages.ts';
export { PRELOAD_OPTIONS, type PreloadedViewOptions } from './preload/options.ts';
export { PUBLISH_OPTIONS } from './publishing.ts';
export { RENEW_OPTIONS } from './renewal.ts';
export { VERIFY_OPTIONS } from './verify.ts';
