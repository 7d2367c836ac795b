import { types } from 'node:util';
import { StaticUrlError } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import type { ResolvedSite } from '../resolve-site.ts';
import type { SiteUrl } from '../site.ts';
import { NO_CHANGE, PageOrder, prefixed, type PageChange, type PageSource } from './page-order.ts';
import { fileOfPath, fileOfTemplate } from './file-name.ts';
import { compilePattern, type ParamValues, type PathPattern } from './path-pattern.ts';
import type { Route, RouteParams } from './route.ts';
import { inTime, stepsOf } from './steps.ts';

/**
 * The pages that the routes give, in their order; without those that are left out.
 *
 * @throws {@link StaticUrlError} `SITE_URLS`, which names the route and the parameters
 */
export async function* listPages(site: ResolvedSite): AsyncGenerator<PageOrder> {
  const pagesOfPattern = new Map<string, Set<string>>();
  let count = 0;
  for (const route of site.routes) {
    const pattern = compilePattern(route.path);
    const known = pagesOfPattern.get(route.path) ?? new Set();
    pagesOfPattern.set(route.path, known);
    for await (const params of paramsOf(route, site.deadlineSeconds)) {
      count += 1;
      if (count > site.maxPages)
        throw new StaticUrlError(
          'SITE_URLS',
          `The route ${quote(route.name)} brings the site to more than ${site.maxPages} pages. Is there a list of parameters that never ends? If there are so many, raise "maxPages".`,
        );
      for (const page of await pagesOf(site, route, pattern, params)) {
        if (site.isExcluded(page.path)) continue;
        // Where it is made of the path, the file is as good as the URL, and is in memory anyway.
        const key = route.file === undefined ? page.file : page.url;
        if (known.has(key))
          throw urlError(route, params, `is the page ${quote(page.url)} a second time. Give each page once.`);
        known.add(key);
        yield page;
      }
    }
  }
}

/**
 * The pages of one item of a route: one for each language that it is in.
 *
 * @throws {@link StaticUrlError} `SITE_URLS`
 */
export async function pagesOf(
  site: ResolvedSite,
  route: Route,
  pattern: PathPattern,
  params: RouteParams | undefined,
): Promise<PageOrder[]> {
  try {
    const values = pattern.valuesOf(params);
    const path = pattern.pathOf(values);
    const change = await changeOf(route, params, site.deadlineSeconds);
    return sourcesOf(site, route).map((source) => pageOf(source, route, { values, path, change }));
  } catch (error) {
    if (error instanceof StaticUrlError) throw error;
    throw urlError(route, params, `cannot be a page: ${messageOf(error)}`, error);
  }
}

interface Item {
  readonly values: ParamValues;
  readonly path: string;
  readonly change: PageChange;
}

function pageOf(source: PageSource, route: Route, { values, path, change }: Item): PageOrder {
  const { prefix = '' } = source.language ?? {};
  const file =
    route.file === undefined
      ? fileOfPath(prefixed(path, source.language))
      : prefix.slice(1) + (prefix === '' ? '' : '/') + fileOfTemplate(route.file, values);
  return new PageOrder(source, file, path, Object.fromEntries(values), change);
}

/** What is public of a page. */
export function siteUrlOf({ url, file, route, params, language, lastModified }: PageOrder): SiteUrl {
  return {
    url,
    file,
    route,
    params,
    ...(language !== undefined && { language }),
    ...(lastModified !== undefined && { lastModified }),
  };
}

const known = new WeakMap<Route, readonly PageSource[]>();

/** One for each language that a route is in; the same ones each time. */
function sourcesOf(site: ResolvedSite, route: Route): readonly PageSource[] {
  const before = known.get(route);
  if (before?.[0]?.site === site) return before;
  const { languages: chosen } = route;
  const languages = chosen === false ? [] : site.languages;
  const sources =
    languages.length === 0
      ? [{ site, route }]
      : languages
          .filter(({ language }) => chosen === undefined || (chosen !== false && chosen.includes(language)))
          .map((language) => ({ site, route, language }));
  known.set(route, sources);
  return sources;
}

async function* paramsOf(route: Route, deadlineSeconds: number): AsyncGenerator<RouteParams | undefined> {
  if (route.params === undefined) {
    yield undefined;
    return;
  }
  const fail = (reason: string, cause?: unknown): StaticUrlError =>
    new StaticUrlError('SITE_URLS', `The parameters of the route ${quote(route.name)} ${reason}`, { cause });
  yield* stepsOf(route.params, route.name, deadlineSeconds, fail);
}

async function changeOf(
  route: Route,
  params: RouteParams | undefined,
  deadlineSeconds: number,
): Promise<PageChange> {
  if (route.lastModified === undefined && route.fingerprint === undefined) return NO_CHANGE;
  const given = params ?? {};
  const answerOf = async (name: 'lastModified' | 'fingerprint'): Promise<unknown> => {
    const answer = route[name]?.(given);
    if (!types.isPromise(answer)) return answer;
    return inTime(
      answer,
      deadlineSeconds,
      () => new Error(`"${name}" took longer than ${deadlineSeconds} s.`),
    );
  };
  const modified = dateOf(await answerOf('lastModified'));
  const fingerprint = textOf(await answerOf('fingerprint'));
  // Who cannot tell of this page says `undefined`: it is rendered.
  if (modified === undefined && fingerprint === undefined) return NO_CHANGE;
  // What is remembered of a page goes by these too.
  const { sitemap, statusCodes } = route;
  const key = [modified?.getTime(), fingerprint, sitemap, statusCodes].join(' ');
  return { key, time: modified?.getTime() };
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new TypeError(`"fingerprint" gave ${quote(value)}, which is no text.`);
}

function dateOf(value: unknown): Date | undefined {
  if (value === undefined || value === null) return undefined;
  const date =
    value instanceof Date || typeof value === 'string' || typeof value === 'number'
      ? new Date(value)
      : undefined;
  if (date === undefined || Number.isNaN(date.getTime()))
    throw new TypeError(`"lastModified" gave ${quote(value)}, which is no date.`);
  return date;
}

function urlError(route: Route, params: unknown, words: string, cause?: unknown): StaticUrlError {
  return new StaticUrlError(
    'SITE_URLS',
    `The route ${quote(route.name)} with the parameters ${paramsText(params)} ${words}`,
    { cause },
  );
}

/** Parameters as messages show them. */
export function paramsText(params: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(params ?? {}, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
  } catch {
    text = undefined;
  }
  const shown = text ?? quote(params);
  return shown.length > 300 ? `${shown.slice(0, 300)}…` : shown;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
