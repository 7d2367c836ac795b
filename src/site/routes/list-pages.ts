import { types } from 'node:util';
import { StaticUrlError } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import type { ResolvedSite } from '../resolve-site.ts';
import type { SiteLanguage } from '../options.ts';
import type { SiteUrl } from '../site.ts';
import { fileOfPath, fileOfTemplate } from './file-name.ts';
import { compilePattern, type ParamValues, type PathPattern } from './path-pattern.ts';
import type { Route, RouteParams } from './route.ts';
import { canonicalPath, urlOf } from './site-place.ts';
import { inTime, stepsOf } from './steps.ts';

/** A page to be exported. */
export interface PageOrder extends SiteUrl {
  /** The path of the site, raw: `/posts/hello`. */
  readonly path: string;
  /** What the app is asked for, a path of the site too. */
  readonly target: string;
  readonly statusCodes: readonly number[];
  /** What the route's `lastModified` and `fingerprint` said; `undefined` where it has neither. */
  readonly changeKey: string | undefined;
  readonly inSitemap: boolean | undefined;
  /** Whether a link of a page led here, and no route. */
  readonly isFollowed: boolean;
}

/**
 * The pages that the routes give, in their order; without those that are left out.
 *
 * @throws {@link StaticUrlError} `SITE_URLS`, which names the route and the parameters
 */
export async function* listPages(site: ResolvedSite): AsyncGenerator<PageOrder> {
  const urlsOfPattern = new Map<string, Set<string>>();
  let count = 0;
  for (const route of site.routes) {
    const pattern = compilePattern(route.path);
    const known = urlsOfPattern.get(route.path) ?? new Set();
    urlsOfPattern.set(route.path, known);
    for await (const params of paramsOf(route, site.deadlineSeconds)) {
      count += 1;
      if (count > site.maxPages)
        throw new StaticUrlError(
          'SITE_URLS',
          `The route ${quote(route.name)} brings the site to more than ${site.maxPages} pages. Is there a list of parameters that never ends? If there are so many, raise "maxPages".`,
        );
      for (const page of await pagesOf(site, route, pattern, params)) {
        if (site.isExcluded(page.path)) continue;
        if (known.has(page.url))
          throw urlError(route, params, `is the page ${quote(page.url)} a second time. Give each page once.`);
        known.add(page.url);
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
    return languagesOf(site, route).map((language) =>
      pageOf(site, route, { values, path, change }, language),
    );
  } catch (error) {
    if (error instanceof StaticUrlError) throw error;
    throw urlError(route, params, `cannot be a page: ${messageOf(error)}`, error);
  }
}

interface Item {
  readonly values: ParamValues;
  readonly path: string;
  readonly change: Change;
}

function pageOf(
  site: ResolvedSite,
  route: Route,
  { values, path: asked, change }: Item,
  language: SiteLanguage | undefined,
): PageOrder {
  const prefix = language?.prefix ?? '';
  const path = asked === '/' && prefix !== '' ? prefix : prefix + asked;
  const file =
    route.file === undefined
      ? fileOfPath(path)
      : prefix.slice(1) + (prefix === '' ? '' : '/') + fileOfTemplate(route.file, values);
  const canonical = canonicalPath(path, file, site.place.slash);
  return {
    url: urlOf(site.place, canonical),
    file,
    route: route.name,
    params: Object.fromEntries(values),
    ...(language !== undefined && { language: language.language }),
    ...(change.lastModified !== undefined && { lastModified: change.lastModified }),
    path: canonical,
    target: language?.negotiated === true ? asked : path,
    statusCodes: route.statusCodes,
    changeKey: change.key,
    inSitemap: route.sitemap,
    isFollowed: false,
  };
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

/** The page that a link of another one leads to. */
export function followedPage(site: ResolvedSite, path: string): PageOrder {
  const file = fileOfPath(path);
  const canonical = canonicalPath(path, file, site.place.slash);
  return {
    url: urlOf(site.place, canonical),
    file,
    route: 'links',
    params: {},
    path: canonical,
    target: path,
    statusCodes: [200],
    changeKey: undefined,
    inSitemap: undefined,
    isFollowed: true,
  };
}

function languagesOf({ languages }: ResolvedSite, route: Route): (SiteLanguage | undefined)[] {
  const { languages: chosen } = route;
  if (languages.length === 0 || chosen === false) return [undefined];
  return languages.filter(({ language }) => chosen === undefined || chosen.includes(language));
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

interface Change {
  readonly key: string | undefined;
  readonly lastModified: Date | undefined;
}

async function changeOf(
  route: Route,
  params: RouteParams | undefined,
  deadlineSeconds: number,
): Promise<Change> {
  if (route.lastModified === undefined && route.fingerprint === undefined)
    return { key: undefined, lastModified: undefined };
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
  if (modified === undefined && fingerprint === undefined) return { key: undefined, lastModified: undefined };
  // What is remembered of a page goes by these too.
  const { sitemap, statusCodes } = route;
  const key = [modified?.getTime(), fingerprint, sitemap, statusCodes].join(' ');
  return { key, lastModified: modified };
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
