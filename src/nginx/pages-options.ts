import { optionError, StaticUrlError } from '../core/errors.ts';
import { choice, validated, type Kind } from '../core/option-kinds.ts';
import { resolveOptions, type Table } from '../core/options.ts';
import { quote } from '../core/text.ts';
import { REVALIDATE } from '../http/headers.ts';
import { GATE_OPTIONS, PAGES_OPTIONS, type GateOptions, type PageHeaders } from '../pages/options.ts';
import { declaredHeaders, resolveGate, type DeclaredHeader, type GateRules } from '../pages/rules/index.ts';
import { CACHE_CONTROL, FOLDER } from './location-values.ts';
import { inexpressible } from './nginx-text.ts';
import {
  MEMCACHED,
  resolvePageSource,
  type FilePages,
  type MemcachedPages,
  type MemcachedPagesOptions,
} from './page-sources.ts';
import {
  PRELOAD,
  resolvePreloadedFiles,
  type PreloadedFiles,
  type PreloadedFilesOptions,
} from './preload-options.ts';

/** Options of {@link pagesHttp} and {@link pagesLocation}, which belong together: give both the same. */
export interface PagesLocationOptions extends GateOptions {
  /**
   * The folder of the file store: an absolute path on the host of nginx. Give this or `memcached`.
   *
   * @defaultValue none: the pages are in memcached
   */
  readonly folder?: string;
  /**
   * The servers of the memcached store, and what else the store is given.
   *
   * @defaultValue none: the pages are in the folder
   */
  readonly memcached?: MemcachedPagesOptions;
  /**
   * The folder and the prefix of preloaded views, whose files nginx serves then: the option of createPages().
   *
   * @defaultValue none: the app serves them
   */
  readonly preload?: PreloadedFilesOptions;
  /**
   * The app: `http://127.0.0.1:3000`, a socket `unix:/run/app.sock`, or the name of an `upstream` block of yours.
   */
  readonly upstream: string;
  /**
   * Headers that pages have beside those that every server sets: for all, or for the pages of some URLs, of which the
   * first that fits counts for each header. An `add_header` here drops those of the server, so name the site's security
   * headers again.
   *
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, string>> | readonly PageHeaders[];
  /**
   * `Cache-Control` of stored pages, as browsers get it.
   *
   * @defaultValue `'no-cache'`
   */
  readonly browserCacheControl?: string;
  /**
   * Whether pages behind symbolic links are served, or left to the app (`disable_symlinks`). The store makes no links among
   * its pages; with `'refuse'` none of anybody else's is followed, and nginx looks at every folder of the path on every
   * request.
   *
   * @defaultValue `'follow'`
   */
  readonly symlinks?: 'follow' | 'refuse';
}

const HEADERS: Kind<Readonly<Record<string, string>> | readonly PageHeaders[]> = validated(
  { kind: 'pairs', separator: ':', example: 'X-Frame-Options: DENY' },
  expressibleHeaders,
);

/** What nginx cannot write is no value either. */
function expressibleHeaders(headers: unknown, option: string): readonly DeclaredHeader[] {
  if (!PAGES_OPTIONS.headers.check(headers)) throw PAGES_OPTIONS.headers.refusal(headers, option);
  const declared = declaredHeaders(headers);
  for (const { name, values, otherwise } of declared)
    for (const value of [...values.map((each) => each.value), otherwise ?? '']) {
      const reason = inexpressible(value);
      if (reason === undefined) continue;
      throw optionError(
        option,
        (naming) =>
          `Nginx cannot take the header ${quote(name)} of ${naming(option)} as ${quote(value)}: ${reason}`,
        (message) => new StaticUrlError('NGINX_INEXPRESSIBLE', message),
      );
    }
  return declared;
}

const UPSTREAM: Kind<string> = validated({ kind: 'string' }, upstreamUrl);

/** What `proxy_pass` takes. Without a path, so that the app gets the URI as the visitor wrote it. */
function upstreamUrl(upstream: unknown, option: string): string {
  if (typeof upstream === 'string') {
    if (/^[\w.-]+$/.test(upstream)) return `http://${upstream}`;
    const socket = /^(?:http:\/\/)?(unix:\/[\w./@+-]+)$/.exec(upstream);
    if (socket) return `http://${socket[1]}`;
    const host = /^(https?:\/\/)?((?:[\w.-]+|\[[\dA-Fa-f:.]+\])(?::\d+)?)\/?$/.exec(upstream);
    if (host) return `${host[1] ?? 'http://'}${host[2]}`;
  }
  throw optionError(
    option,
    (name) =>
      `${name(option)} is where the app listens, such as "http://127.0.0.1:3000", "unix:/run/app.sock" or the name of an upstream block, not ${quote(upstream)}.`,
  );
}

type Open = 'bypassCookies' | 'ignoreQuery' | 'folder' | 'memcached' | 'preload';

/** The options of {@link pagesHttp} and {@link pagesLocation}. */
export const PAGES_LOCATION_OPTIONS: Table<PagesLocationOptions, Open> = {
  ...GATE_OPTIONS,
  folder: {
    ...FOLDER,
    flag: '--folder <folder>',
    defaultText: 'none: the pages are in memcached',
    help: 'The folder of the file store: an absolute path on the host of nginx.',
  },
  memcached: {
    ...MEMCACHED,
    defaultText: 'none: the pages are in the folder',
    help: 'The servers of the memcached store, and what else the store is given.',
  },
  preload: {
    ...PRELOAD,
    defaultText: 'none: the app serves them',
    help: 'The folder and the prefix of preloaded views, whose files nginx serves then: the option of createPages().',
  },
  upstream: {
    ...UPSTREAM,
    flag: '--upstream <address>',
    required: true,
    help: 'The app: http://127.0.0.1:3000, a socket unix:/run/app.sock, or the name of an upstream block of yours.',
  },
  headers: {
    ...HEADERS,
    flag: '--header <line>',
    default: {},
    defaultText: 'none',
    help: 'Headers that pages have beside those that every server sets: for all, or for the pages of some URLs, of which the first that fits counts for each header.',
  },
  browserCacheControl: {
    ...CACHE_CONTROL,
    flag: '--browser-cache-control <value>',
    default: REVALIDATE,
    help: 'Cache-Control of stored pages, as browsers get it.',
  },
  symlinks: {
    ...choice('follow', 'refuse'),
    flag: '--symlinks <rule>',
    default: 'follow',
    help: 'Whether pages behind symbolic links are served, or left to the app (disable_symlinks).',
  },
};

/** {@link PagesLocationOptions} with everything decided. */
export interface ResolvedPagesLocation {
  readonly rules: GateRules;
  readonly source: FilePages | MemcachedPages;
  readonly preload: PreloadedFiles | undefined;
  readonly upstream: string;
  readonly headers: readonly DeclaredHeader[];
  readonly browserCacheControl: string;
  readonly refuseSymlinks: boolean;
  /** What the names of variables and locations begin with: another for another site. */
  readonly name: string;
}

/**
 * Checks and defaults what {@link pagesHttp} and {@link pagesLocation} are given.
 *
 * @throws TypeError, {@link StaticUrlError} `NGINX_INEXPRESSIBLE`
 */
export function resolvePagesLocation(caller: string, options: PagesLocationOptions): ResolvedPagesLocation {
  const resolved = resolveOptions<PagesLocationOptions, Open>(caller, options, PAGES_LOCATION_OPTIONS);
  const rules = resolveGate(resolved);
  return {
    rules,
    source: resolvePageSource(resolved),
    preload: resolved.preload && resolvePreloadedFiles(resolved.preload),
    upstream: upstreamUrl(resolved.upstream, 'upstream'),
    headers: expressibleHeaders(resolved.headers, 'headers'),
    browserCacheControl: resolved.browserCacheControl,
    refuseSymlinks: resolved.symlinks === 'refuse',
    name: `pages_${siteName(rules.sites[0] ?? '')}`,
  };
}

function siteName(site: string): string {
  return new URL(site).host
    .replaceAll('-', '__')
    .replaceAll('.', '_')
    .replaceAll(/[^\w]/g, (character) => `_${character.codePointAt(0)?.toString(16)}_`);
}
