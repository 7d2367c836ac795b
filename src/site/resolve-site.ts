import { pathToRegexp } from 'path-to-regexp';
import { optionError } from '../core/errors.ts';
import { absolutePath } from '../core/option-kinds.ts';
import { resolveOptions, type Resolved } from '../core/options.ts';
import { quote } from '../core/text.ts';
import type { SiteCopy } from './landing/options.ts';
import { SITE_OPTIONS, type SiteOptions } from './options.ts';
import { isDecodable } from './hosting/host-path.ts';
import type { SiteBase } from './checks/index.ts';
import { placeOf, type SitePlace } from './routes/site-place.ts';

type Open = 'assets' | 'passThrough' | 'revision' | 'appModule';

/** {@link SiteOptions} with everything decided. */
export interface ResolvedSite extends Omit<
  Resolved<SiteOptions, Open>,
  'out' | 'copies' | 'passThrough' | 'appModule' | 'exclude' | 'origin' | 'trailingSlash'
> {
  readonly place: SitePlace;
  /** The same, as the check of links takes it. */
  readonly base: SiteBase;
  /** Absolute. */
  readonly out: string;
  readonly copies: readonly (Omit<SiteCopy, 'from'> & { readonly from: string })[];
  readonly passThrough: string | undefined;
  readonly appModule: string | undefined;
  /** Whether a raw path of the site is left out. */
  readonly isExcluded: (path: string) => boolean;
}

/**
 * Checks and defaults what {@link createSite} is given.
 *
 * @throws TypeError, RangeError
 */
export function resolveSite(options: SiteOptions): ResolvedSite {
  const { out, copies, passThrough, appModule, exclude, origin, trailingSlash, ...others } = resolveOptions<
    SiteOptions,
    Open
  >('createSite()', options, SITE_OPTIONS);
  checkRoutes(others);
  if (others.parallel > 0 && appModule === undefined)
    throw optionError(
      'parallel',
      (name) =>
        `${name('parallel')} needs ${name('appModule')}: worker threads load the app themselves, from a module that exports it.`,
    );
  const place = placeOf(origin, trailingSlash);
  return {
    ...others,
    place,
    base: { origin: place.origin, path: place.basePath, slash: place.slash },
    out: absolutePath('option "out"', out),
    copies: copies.map((copy) => ({ ...copy, from: absolutePath('option "copies"', copy.from) })),
    passThrough: passThrough === undefined ? undefined : absolutePath('option "passThrough"', passThrough),
    appModule: appModule === undefined ? undefined : absolutePath('option "appModule"', appModule),
    isExcluded: matcherOf(exclude),
  };
}

function checkRoutes({ routes, languages }: Pick<Resolved<SiteOptions, Open>, 'routes' | 'languages'>): void {
  const names = new Set<string>();
  for (const { name, languages: chosen } of routes) {
    if (names.has(name))
      throw optionError(
        'routes',
        (naming) =>
          `${naming('routes')} has two routes of the name ${quote(name)}. Give one of them another with the option "name".`,
      );
    names.add(name);
    for (const each of chosen || [])
      if (!languages.some(({ language }) => language === each))
        throw optionError(
          'routes',
          (naming) =>
            `${naming('routes')} has ${quote(name)} in the language ${quote(each)}, which ${naming('languages')} does not have.`,
        );
  }
  const prefixes = languages.map(({ prefix = '' }) => prefix);
  const twice = prefixes.find((prefix, index) => prefixes.indexOf(prefix) !== index);
  if (twice !== undefined)
    throw optionError(
      'languages',
      (naming) =>
        `${naming('languages')} has two languages with the prefix ${quote(twice)}: their pages would be the same files. Give each its own.`,
    );
}

function matcherOf(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map((pattern) => {
    if (!pattern.startsWith('/'))
      throw optionError(
        'exclude',
        (name) =>
          `${name('exclude')} has the pattern ${quote(pattern)}. Write it from the root on: ${quote(`/${pattern}`)}.`,
      );
    try {
      return pathToRegexp(pattern, { sensitive: true }).regexp;
    } catch (error) {
      const [reason = ''] = (error instanceof Error ? error.message : String(error)).split(/[:;] /);
      throw optionError(
        'exclude',
        (name) =>
          `${name('exclude')} has the pattern ${quote(pattern)}, which Express 5 cannot read: ${reason}. Write ":name" for a segment and "*name" for several.`,
      );
    }
  });
  return (path) => {
    const readable = isDecodable(path) ? decodeURI(path) : path;
    return expressions.some((expression) => expression.test(path) || expression.test(readable));
  };
}
