import { optionError } from '../core/errors.ts';
import { resolveOptions, type Resolved } from '../core/options.ts';
import { PAGES_OPTIONS, type PageAge, type PagesOptions, type GateOptions } from './options.ts';
import { NOBODY, type RenderSettings } from './render-options.ts';
import {
  declaredHeaders,
  headersOf,
  matchUrls,
  resolveGate,
  type DeclaredHeader,
  type GateRules,
} from './rules/index.ts';
import { resolvePreload, type ResolvedPreload } from './preload/options.ts';
import type { DeclaredHeaders } from './storing/page-headers.ts';
import type { StoringContext } from './storing/storing-rule.ts';

type Plain = Omit<
  Resolved<PagesOptions, 'app' | 'assets' | 'cacheTagHeader' | 'skip' | 'strip' | 'preload'>,
  keyof GateOptions | 'headers' | 'maxAgeSeconds' | 'harmlessHeaders' | 'render' | 'preload'
>;

/** {@link PagesOptions} with everything decided. */
export interface ResolvedPages extends Plain {
  readonly rules: GateRules;
  /** The same for any URL of the sites: what was stored under other options can be deleted. */
  readonly anyUrl: GateRules;
  /** The headers of the option `headers` for a page. */
  readonly declaredFor: (target: string) => DeclaredHeaders;
  /** Whether a page is older than it may be. */
  readonly isOutdated: (target: string, storedAt: Date) => boolean;
  /** Which of the patterns in `urls` a page is of. */
  readonly patternOf: (target: string) => number;
  readonly storing: Omit<StoringContext, 'declared'>;
  readonly render: Required<RenderSettings>;
  /** Where views are preloaded. */
  readonly preload: ResolvedPreload | undefined;
}

/**
 * Checks and defaults what {@link createPages} is given.
 *
 * @throws TypeError, RangeError
 */
export function resolvePages(options: PagesOptions): ResolvedPages {
  const resolved = resolveOptions('createPages()', options, PAGES_OPTIONS);
  const { headers, maxAgeSeconds, harmlessHeaders, render, explain, cacheTagHeader, preload, ...rest } =
    resolved;
  if (rest.renewAtStart && rest.assets === undefined)
    throw optionError(
      'renewAtStart',
      (naming) =>
        `${naming('renewAtStart')} needs ${naming('assets')}: what openAssets() gives, or a function that gives it.`,
    );
  const { store } = resolved;
  const takesKey = store.takesKey?.bind(store);
  const rules = resolveGate(resolved, takesKey);
  const ageOf = agesByTarget(maxAgeSeconds ?? Infinity);
  const patterns = resolved.urls.map((pattern) => matchUrls([pattern], 'urls'));
  return {
    ...rest,
    rules,
    anyUrl: resolveGate({ ...resolved, urls: [/^/], exclude: [] }, takesKey),
    cacheTagHeader,
    declaredFor: headersByTarget(declaredHeaders(headers)),
    isOutdated: (target, storedAt) => Date.now() - storedAt.getTime() > ageOf(target) * 1000,
    patternOf: (target) => patterns.findIndex((pattern) => pattern.matches(pathOf(target))),
    storing: {
      lost: cacheTagHeader === undefined ? [] : [cacheTagHeader.toLowerCase()],
      bypassHeaders: new Set(rules.headers),
      harmlessHeaders: new Set(harmlessHeaders.map((name) => name.toLowerCase())),
    },
    render: { headers: render.headers ?? {}, address: render.address ?? NOBODY },
    preload: preload && resolvePreload(preload),
    explain: explain ?? process.env['NODE_ENV'] !== 'production',
  };
}

/** The path of a target, which patterns are asked about. */
function pathOf(target: string): string {
  const end = target.indexOf('?');
  return end === -1 ? target : target.slice(0, end);
}

/** Prepared where all pages have the same. */
function headersByTarget(known: readonly DeclaredHeader[]): (target: string) => DeclaredHeaders {
  const collect = (path: string): DeclaredHeaders =>
    new Map(headersOf(path, known).map(([name, value]) => [name.toLowerCase(), { name, value }]));
  if (known.some(({ values }) => values.length > 0)) return (target) => collect(pathOf(target));
  const always = collect('/');
  return () => always;
}

function agesByTarget(ages: number | readonly PageAge[]): (target: string) => number {
  if (typeof ages === 'number') return () => ages;
  const known = ages.map(({ urls, seconds }) => ({
    matches: urls === undefined ? undefined : matchUrls([urls].flat(), 'maxAgeSeconds'),
    seconds,
  }));
  return (target) =>
    known.find(({ matches }) => matches === undefined || matches.matches(pathOf(target)))?.seconds ??
    Infinity;
}
