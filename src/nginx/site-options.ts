import { BOOLEAN, expected, type Kind } from '../core/option-kinds.ts';
import { resolveOptions, type Resolved, type Table } from '../core/options.ts';
import { PREFIX } from '../core/prefix.ts';
import { ANSWER_OPTIONS } from '../http/options.ts';
import {
  HEADERS_KIND,
  REDIRECTS_KIND,
  SITE_ORIGIN,
  TRAILING_SLASH,
  type SiteHeaders,
  type SiteRedirect,
  type TrailingSlash,
} from '../site/hosting/index.ts';
import { CACHE_CONTROL, FOLDER, MEDIA_TYPES } from './location-values.ts';

/** Options of {@link siteServer}. */
export interface SiteServerOptions {
  /** The folder of the exported site: an absolute path on the host of nginx. */
  readonly root: string;
  /** Where the site is: `https://www.example.com`, or with a path. Its host name becomes the server's. */
  readonly origin: string;
  /**
   * What the URLs of assets start with; below it those with a version may be cached for a year.
   *
   * @defaultValue none: no URL may be cached for long
   */
  readonly prefix?: string;
  /**
   * What the server listens on: the parameters of nginx's `listen`.
   *
   * @defaultValue `'80'`
   */
  readonly listen?: string;
  /**
   * Whether the paths of pages end in a slash. The other form redirects there.
   *
   * @defaultValue `'never'`
   */
  readonly trailingSlash?: TrailingSlash;
  /**
   * Paths that lead to other URLs: `{ from: '/old', to: '/new', status: 301 }`.
   *
   * @defaultValue none
   */
  readonly redirects?: readonly SiteRedirect[];
  /**
   * Headers to send, by path: `{ path: '/*', headers: { 'X-Frame-Options': 'DENY' } }`. Of several that fit all count, the
   * later over the earlier.
   *
   * @defaultValue none
   */
  readonly headers?: readonly SiteHeaders[];
  /**
   * The file that answers where there is no page, with status 404.
   *
   * @defaultValue `'404.html'`
   */
  readonly notFound?: string;
  /**
   * Sends `app.css.gz` in place of `app.css` to clients that accept gzip (`gzip_static`), as an export with `compress` writes
   * them beside the files.
   *
   * @defaultValue `false`
   */
  readonly gzipStatic?: boolean;
  /**
   * The `Cache-Control` of pages, and of all other files without a version.
   *
   * @defaultValue `'no-cache'`
   */
  readonly unversionedCacheControl?: string;
  /**
   * Media types by extension, beside or in place of the built-in table.
   *
   * @defaultValue none
   */
  readonly mediaTypes?: Readonly<Record<string, string>>;
}

/** Parameters of `listen` alone. */
const LISTEN: Kind<string> = expected(
  { kind: 'string' },
  'what nginx listens on, such as "80", "[::]:80" or "443 ssl"',
  (value): value is string => typeof value === 'string' && /^[\w.:[\]/=*-]+(?: [\w.:[\]/=*-]+)*$/.test(value),
);

/** The name of a file of the site. */
const FILE_NAME: Kind<string> = expected(
  { kind: 'string' },
  'the name of a file of the site, such as "404.html"',
  (value): value is string =>
    typeof value === 'string' && /^(?!\.{0,2}\/)(?!.*\/(?:\.{0,2}\/|\.{0,2}$))[^\p{Cc}$"\\?#]+$/u.test(value),
);

/** The options of {@link siteServer}. */
export const SITE_SERVER_OPTIONS: Table<SiteServerOptions, 'prefix'> = {
  root: {
    ...FOLDER,
    flag: '--root <folder>',
    required: true,
    help: 'The folder of the exported site: an absolute path on the host of nginx.',
  },
  origin: {
    ...SITE_ORIGIN,
    flag: '--origin <url>',
    required: true,
    help: 'Where the site is: https://www.example.com, or with a path.',
  },
  prefix: {
    ...PREFIX,
    help: 'What the URLs of assets start with; below it those with a version may be cached for a year.',
    defaultText: 'none: no URL may be cached for long',
  },
  listen: {
    ...LISTEN,
    flag: '--listen <address>',
    default: '80',
    help: "What the server listens on: the parameters of nginx's listen.",
  },
  trailingSlash: {
    ...TRAILING_SLASH,
    flag: '--trailing-slash <rule>',
    default: 'never',
    help: 'Whether the paths of pages end in a slash.',
  },
  redirects: {
    ...REDIRECTS_KIND,
    default: [],
    defaultText: 'none',
    help: "Paths that lead to other URLs: { from: '/old', to: '/new', status: 301 }.",
  },
  headers: {
    ...HEADERS_KIND,
    default: [],
    defaultText: 'none',
    help: "Headers to send, by path: { path: '/*', headers: { 'X-Frame-Options': 'DENY' } }.",
  },
  notFound: {
    ...FILE_NAME,
    flag: '--not-found <file>',
    default: '404.html',
    help: 'The file that answers where there is no page, with status 404.',
  },
  gzipStatic: {
    ...BOOLEAN,
    flag: '--gzip-static',
    default: false,
    help: 'Sends app.css.gz in place of app.css to clients that accept gzip (gzip_static), as an export with compress writes them beside the files.',
  },
  unversionedCacheControl: {
    ...ANSWER_OPTIONS.unversionedCacheControl,
    ...CACHE_CONTROL,
    help: 'The Cache-Control of pages, and of all other files without a version.',
  },
  mediaTypes: {
    ...MEDIA_TYPES,
    flag: '--media-type <extension=type>',
    default: {},
    defaultText: 'none',
    help: 'Media types by extension, beside or in place of the built-in table.',
  },
};

/**
 * Checks and defaults what {@link siteServer} is given.
 *
 * @throws TypeError, {@link StaticUrlError} `NGINX_INEXPRESSIBLE`
 */
export function resolveSiteServer(options: SiteServerOptions): Resolved<SiteServerOptions, 'prefix'> {
  return resolveOptions('siteServer()', options, SITE_SERVER_OPTIONS);
}
