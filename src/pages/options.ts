import { BOOLEAN, callback, expected, inCode, validated, wholeNumber } from '../core/option-kinds.ts';
import type { Table } from '../core/options.ts';
import { isPlainObject } from '../core/text.ts';
import { FIELD_VALUE, isToken, REVALIDATE } from '../http/headers.ts';
import type { RenderedHead } from '../render/index.ts';
import { GATE_OPTIONS, isPattern, type GateOptions, type UrlPattern } from './gate-options.ts';
import { resolvePreload, type PreloadedViewOptions } from './preload/options.ts';
import { MOST_SECONDS, PAGE_RENDER_OPTIONS, type PageRenderOptions } from './render-options.ts';
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
export interface PagesOptions extends GateOptions, PageRenderOptions {
  /** Where pages are kept. */
  readonly store: PageStore;
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

type Open =
  | 'app'
  | 'bypassCookies'
  | 'ignoreQuery'
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
  ...PAGE_RENDER_OPTIONS,
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
