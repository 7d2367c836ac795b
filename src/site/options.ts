import { BOOLEAN, expected, inCode, isStringList, PATH, wholeNumber } from '../core/option-kinds.ts';
import type { Table } from '../core/options.ts';
import type { AppSource } from '../render/index.ts';
import { HEADERS_KIND, type SiteHeaders } from './hosting/headers.ts';
import { SITE_ORIGIN, TRAILING_SLASH } from './hosting/origin.ts';
import { REDIRECTS_KIND, type SiteRedirect } from './hosting/redirects.ts';
import { BOOLEAN_OR_STRING, isLanguage, listOf } from './option-shapes.ts';
import { SITE_FILES_OPTIONS, type SiteFilesOptions } from './landing/options.ts';
import { SITE_RENDERING_OPTIONS, type SiteRenderingOptions } from './rendering/options.ts';
import { isRoute, type Route } from './routes/route.ts';
import { TARGETS_KIND } from './targets/targets-kind.ts';
import type { Target } from './targets/target.ts';

/** A language of the site. */
export interface SiteLanguage {
  /** A language tag (RFC 5646), which the app is sent as `Accept-Language`: `de`, `pt-BR`. */
  readonly language: string;
  /**
   * What the paths of the language begin with: `/de`. One language may have none.
   *
   * @defaultValue none
   */
  readonly prefix?: string;
  /**
   * Whether the app is asked for the path without the prefix, and goes by `Accept-Language` alone.
   *
   * @defaultValue `false`
   */
  readonly negotiated?: boolean;
}

/** What a site asks of assets, as `openAssets()` gives them. */
export interface SiteAssets {
  /** One version over all assets. */
  readonly version: string;
  url(path: string): string;
  paths(): readonly string[];
}

/** Assets, or a function that opens them when the site is exported; they are closed by who has opened them. */
export type SiteAssetsSource = SiteAssets | (() => SiteAssets | Promise<SiteAssets>);

/** Options of {@link createSite}. */
export interface SiteOptions extends SiteRenderingOptions, SiteFilesOptions {
  /** The app: what a server's `request` listener is, a server, or a function without parameters that gives one of them. */
  readonly app: AppSource;
  /** The pages of the site, as `route()` gives them. */
  readonly routes: readonly Route[];
  /** The folder that the site is written to. Made if it is not there. */
  readonly out: string | URL;
  /**
   * Where the site will be: `https://www.example.com`, or with a path, such as `https://user.github.io/project/`. The app sees its
   * host and scheme.
   */
  readonly origin: string;
  /**
   * The assets whose URLs stand in the pages, as `openAssets()` gives them, or a function that opens them. They go into the site under
   * their fingerprints, with those of kept releases.
   *
   * @defaultValue none
   */
  readonly assets?: SiteAssetsSource;
  /**
   * The languages of the site, each with its prefix. Every route is in each of them, unless it says otherwise.
   *
   * @defaultValue none: one language, of which nothing is said
   */
  readonly languages?: readonly SiteLanguage[];
  /**
   * Paths that lead to other URLs: `{ from: '/old', to: '/new', status: 301 }`.
   *
   * @defaultValue none
   */
  readonly redirects?: readonly SiteRedirect[];
  /**
   * Whether a route that the app answers with a redirect becomes a redirect of the site, rather than an error.
   *
   * @defaultValue `false`
   */
  readonly appRedirects?: boolean;
  /**
   * Whether pages that exported pages link to are exported too.
   *
   * @defaultValue `false`
   */
  readonly followLinks?: boolean;
  /**
   * Path patterns of Express 5 that are left out: `/admin/*rest`.
   *
   * @defaultValue none
   */
  readonly exclude?: readonly string[];
  /**
   * Whether the paths of pages end in a slash. Hosts such as GitHub Pages redirect to the slash; nginx serves either.
   *
   * @defaultValue `'never'`
   */
  readonly trailingSlash?: 'never' | 'always';
  /**
   * Writes `sitemap.xml`, past 50,000 pages as an index of several; `true`, or its name.
   *
   * @defaultValue `false`
   */
  readonly sitemap?: boolean | string;
  /**
   * Writes `robots.txt`: `true` for one that allows everything and names the sitemap, or its text.
   *
   * @defaultValue `false`
   */
  readonly robots?: boolean | string;
  /**
   * Headers that hosts send, by path: `{ path: '/*', headers: { 'X-Frame-Options': 'DENY' } }`. Of several that fit all count,
   * the later over the earlier.
   *
   * @defaultValue none
   */
  readonly headers?: readonly SiteHeaders[];
  /**
   * Where the site is published, by name: `{ default: s3Target({ … }), staging: directoryTarget({ … }) }`.
   *
   * @defaultValue none
   */
  readonly targets?: Readonly<Record<string, Target>>;
  /**
   * Whether faults that are found, such as a broken link, stop the export.
   *
   * @defaultValue `true`
   */
  readonly strict?: boolean;
  /**
   * How many URLs the site may have: a generator that never ends fails there.
   *
   * @defaultValue 250000
   */
  readonly maxPages?: number;
}

/** What has no default. */
type Open = 'assets' | 'passThrough' | 'revision' | 'appModule';

/** The options of {@link createSite}. */
export const SITE_OPTIONS: Table<SiteOptions, Open> = {
  app: {
    ...inCode<AppSource>(
      'an app, a server, or a function that gives one of them',
      (value) => typeof value === 'function' || (typeof value === 'object' && value !== null),
    ),
    required: true,
    help: "The app: what a server's request listener is, a server, or a function without parameters that gives one of them.",
  },
  routes: {
    ...listOf<Route>('a list of what route() gives', isRoute),
    required: true,
    help: 'The pages of the site, as route() gives them.',
  },
  out: {
    ...PATH,
    required: true,
    help: 'The folder that the site is written to.',
  },
  origin: {
    ...SITE_ORIGIN,
    flag: '--origin <url>',
    required: true,
    help: 'Where the site will be: https://www.example.com, or with a path, such as https://user.github.io/project/.',
  },
  assets: {
    ...inCode<SiteAssetsSource>(
      'what openAssets() gives, or a function that gives it',
      (value) => typeof value === 'function' || typeof Object(value).paths === 'function',
    ),
    help: 'The assets whose URLs stand in the pages, as openAssets() gives them, or a function that opens them.',
  },
  languages: {
    ...listOf<SiteLanguage>('a list such as [{ language: "de", prefix: "/de" }]', isLanguage),
    default: [],
    defaultText: 'none: one language, of which nothing is said',
    help: 'The languages of the site, each with its prefix.',
  },
  redirects: {
    ...REDIRECTS_KIND,
    default: [],
    defaultText: 'none',
    help: "Paths that lead to other URLs: { from: '/old', to: '/new', status: 301 }.",
  },
  appRedirects: {
    ...BOOLEAN,
    flag: '--app-redirects',
    default: false,
    help: 'Whether a route that the app answers with a redirect becomes a redirect of the site, rather than an error.',
  },
  followLinks: {
    ...BOOLEAN,
    flag: '--follow-links',
    default: false,
    help: 'Whether pages that exported pages link to are exported too.',
  },
  exclude: {
    ...expected({ kind: 'strings' }, 'a list of path patterns such as "/admin/*rest"', isStringList),
    flag: '--exclude <pattern>',
    default: [],
    defaultText: 'none',
    help: 'Path patterns of Express 5 that are left out: /admin/*rest.',
  },
  trailingSlash: {
    ...TRAILING_SLASH,
    flag: '--trailing-slash <rule>',
    default: 'never',
    help: 'Whether the paths of pages end in a slash.',
  },
  sitemap: {
    ...BOOLEAN_OR_STRING,
    default: false,
    help: 'Writes sitemap.xml, past 50,000 pages as an index of several; true, or its name.',
  },
  robots: {
    ...BOOLEAN_OR_STRING,
    default: false,
    help: 'Writes robots.txt: true for one that allows everything and names the sitemap, or its text.',
  },
  headers: {
    ...HEADERS_KIND,
    default: [],
    defaultText: 'none',
    help: "Headers that hosts send, by path: { path: '/*', headers: { 'X-Frame-Options': 'DENY' } }.",
  },
  targets: {
    ...TARGETS_KIND,
    default: {},
    defaultText: 'none',
    help: 'Where the site is published, by name: { default: s3Target({ … }), staging: directoryTarget({ … }) }.',
  },
  strict: {
    ...BOOLEAN,
    flag: '--strict',
    default: true,
    help: 'Whether faults that are found, such as a broken link, stop the export.',
  },
  maxPages: {
    ...wholeNumber('URLs', 1),
    flag: '--max-pages <count>',
    default: 250_000,
    help: 'How many URLs the site may have: a generator that never ends fails there.',
  },
  ...SITE_FILES_OPTIONS,
  ...SITE_RENDERING_OPTIONS,
};

export { SITE_PUBLISH_OPTIONS, type PublishOptions, type PublishProgress } from './publishing/options.ts';
export { EXPORT_OPTIONS, type ExportOptions, type ExportProgress } from './export/options.ts';
