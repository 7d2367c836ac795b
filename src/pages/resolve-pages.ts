import { optionError } from '../core/errors.ts';
import { resolveOptions, type Resolved } from '../core/options.ts';
import { isPlainObject, quote } from '../core/text.ts';
import { resolveHeaders, type HeaderSender } from '../http/headers.ts';
import {
  PAGES_OPTIONS,
  type ForUrls,
  type PageHeaders,
  type PagesOptions,
  type RenderSettings,
} from './options.ts';
import { matchesUrls, resolveGate, type GateRules } from './rules/index.ts';
import type { DeclaredHeaders } from './storing/page-headers.ts';
import type { StoringContext } from './storing/storing-rule.ts';

type Plain = Pick<
  Resolved<PagesOptions, 'app' | 'assets' | 'cacheTagHeader' | 'skip' | 'strip'>,
  | 'store'
  | 'app'
  | 'assets'
  | 'browserCacheControl'
  | 'cacheTagHeader'
  | 'requireTags'
  | 'skip'
  | 'strip'
  | 'waitSeconds'
  | 'deadlineSeconds'
  | 'renders'
  | 'maxPageBytes'
  | 'sweepSeconds'
  | 'explain'
>;

/** {@link PagesOptions} with everything decided. */
export interface ResolvedPages extends Plain {
  readonly rules: GateRules;
  /** The same for any URL of the sites: what was stored under other options can be deleted. */
  readonly anyUrl: GateRules;
  /** The headers of the option `headers` for a page. */
  readonly declaredFor: (target: string) => DeclaredHeaders;
  /** How long a page is kept, in seconds. */
  readonly maxAgeOf: (target: string) => number;
  /** Which of the patterns in `urls` a page is of. */
  readonly patternOf: (target: string) => number;
  readonly storing: Omit<StoringContext, 'declared'>;
  readonly render: Required<RenderSettings>;
}

/** Nobody's address (RFC 5737): apps trust loopback with more than they show everybody. */
const NOBODY = '192.0.2.1';
const SENDER: HeaderSender = { name: 'store of pages', decides: ['vary', 'set-cookie', 'cache-status'] };

/**
 * Checks and defaults what {@link createPages} is given.
 *
 * @throws TypeError, RangeError
 */
export function resolvePages(options: PagesOptions): ResolvedPages {
  const resolved = resolveOptions('createPages()', options, PAGES_OPTIONS);
  const { headers, maxAgeSeconds, harmlessHeaders, render, explain, cacheTagHeader, ...rest } = resolved;
  const rules = resolveGate(resolved);
  const patterns = resolved.urls.map((pattern) => matchesUrls([pattern]));
  return {
    ...rest,
    rules,
    anyUrl: resolveGate({ ...resolved, urls: [/^/], exclude: [] }),
    cacheTagHeader,
    declaredFor: declaredHeaders(isHeaderList(headers) ? headers : [{ headers }]),
    maxAgeOf: maxAges(
      typeof maxAgeSeconds === 'object' ? maxAgeSeconds : [{ seconds: maxAgeSeconds ?? Infinity }],
    ),
    patternOf: (target) => patterns.findIndex((matches) => matches(target)),
    storing: {
      lost: cacheTagHeader === undefined ? [] : [cacheTagHeader.toLowerCase()],
      bypassHeaders: rules.bypassHeaders,
      harmlessHeaders: new Set(harmlessHeaders.map((name) => name.toLowerCase())),
    },
    render: { headers: render.headers ?? {}, address: render.address ?? NOBODY },
    explain: explain ?? process.env['NODE_ENV'] !== 'production',
  };
}

function isHeaderList(headers: Resolved<PagesOptions>['headers']): headers is readonly PageHeaders[] {
  return Array.isArray(headers);
}

/** Which targets something is for. */
function matcherOf({ urls }: ForUrls): (target: string) => boolean {
  if (urls === undefined) return () => true;
  return matchesUrls(typeof urls === 'string' || urls instanceof RegExp ? [urls] : urls);
}

function declaredHeaders(list: readonly PageHeaders[]): (target: string) => DeclaredHeaders {
  const known = list.map((each) => {
    if (!isPlainObject(each.headers))
      throw optionError(
        'headers',
        (name) => `${name('headers')} has ${quote(each.headers)} in place of headers.`,
      );
    return { matches: matcherOf(each), headers: resolveHeaders(SENDER, each.headers, false) };
  });
  const collect = (target: string): DeclaredHeaders => {
    const declared = new Map<string, { name: string; value: string }>();
    for (const { matches, headers } of known) {
      if (!matches(target)) continue;
      for (const [name, value] of headers)
        if (!declared.has(name.toLowerCase())) declared.set(name.toLowerCase(), { name, value });
    }
    return declared;
  };
  if (list.some(({ urls }) => urls !== undefined)) return collect;
  const always = collect('/');
  return () => always;
}

function maxAges(list: readonly (ForUrls & { readonly seconds: number })[]): (target: string) => number {
  const known = list.map((each) => ({ matches: matcherOf(each), seconds: each.seconds }));
  return (target) => known.find(({ matches }) => matches(target))?.seconds ?? Infinity;
}
