import { EventEmitter } from 'node:events';
import { StaticUrlError } from '../core/errors.ts';
import { checkNames, resolveOptions } from '../core/options.ts';
import { quote } from '../core/text.ts';
import type { HttpRequest, HttpResponse } from '../http/exchange.ts';
import { createRenderer, isRender, requireApp, type App, type Renderer } from '../render/index.ts';
import { BypassCounts } from './bypass-counts.ts';
import type { AppSource, PagesOptions } from './options.ts';
import { OutdatedPages } from './outdated-pages.ts';
import { PageMaker } from './page-render.ts';
import { DELETE_OPTIONS, type DeleteOptions, type Outdated, type Pages, type PagesEvents } from './pages.ts';
import {
  pagesOf,
  Publisher,
  PUBLISH_OPTIONS,
  type PageResult,
  type PagesReport,
  type PublishOptions,
} from './publishing.ts';
import { RenderJobs } from './render-jobs.ts';
import { resolvePages, type ResolvedPages } from './resolve-pages.ts';
import { takeOptions, urlsOf, type Resource } from './resources.ts';
import { MOST_SITEMAP_BYTES, pagesOfSitemap } from './sitemap.ts';
import { siteOf } from './rules/index.ts';
import type { PageKey, PageStore, StoredPage } from './store.ts';
import type { Refusal } from './storing/reasons.ts';
import { Sweeps } from './sweeps.ts';
import { tagPage } from './tagging.ts';
import { serverOf, Visits } from './visits.ts';
import { verifyPage, type Verification, type VerifyOptions } from './verify.ts';
import { explainPage, type InspectionSetting, type Verdict } from './why.ts';

/** Calls of `refresh` so close together are one run. */
const MOMENT_MILLISECONDS = 20;

/**
 * Keeps finished pages of an app, so that nginx, or the app itself, answers without rendering.
 *
 * @example
 * ```ts
 * const pages = createPages({
 *   sites: ['https://www.example.com'],
 *   urls: ['/', '/posts/:slug'],
 *   store: fileStore({ folder: '/srv/app/pages' }),
 * });
 * app.use(pageCache(pages));
 * ```
 *
 * @throws TypeError, RangeError for wrong options
 */
export function createPages(options: PagesOptions): Pages {
  return new AppPages(resolvePages(options));
}

/** The pages of one app. */
class AppPages extends EventEmitter<PagesEvents> implements Pages {
  readonly #options: ResolvedPages;
  readonly #store: PageStore;
  readonly #renderer: Renderer;
  readonly #maker: PageMaker;
  readonly #visits: Visits;
  readonly #publisher: Publisher;
  readonly #outdated: OutdatedPages;
  readonly #sweeps: Sweeps;
  readonly #counts: BypassCounts;
  readonly #opened: Promise<void>;
  readonly #endings: (() => void)[] = [];
  /** The server that visitors come through, once one has come. */
  #server: App | undefined;
  #given: Promise<App> | undefined;
  #closing: Promise<void> | undefined;
  #batch: { readonly urls: Set<string>; readonly report: Promise<PagesReport> } | undefined;

  constructor(options: ResolvedPages) {
    super();
    const { rules, store, renders } = options;
    this.#options = options;
    this.#store = store;
    this.#renderer = createRenderer();
    this.#maker = new PageMaker(this.#renderer, options);
    const jobs = new RenderJobs(store, this.#maker);
    const onRefused = (key: PageKey, refusal: Refusal): void => {
      this.emit('refused', { url: key.site + key.target, ...refusal });
    };
    this.#opened = store.open({
      sites: rules.sites,
      deadlineMilliseconds: options.deadlineSeconds * 1000,
      environment: process.env['NODE_ENV'] ?? '',
      onWarning: warnOf,
    });
    // The site goes on without the store; whoever changes pages is told by a rejection.
    this.#opened.catch(warnOf);
    this.#counts = new BypassCounts(store);
    this.#outdated = new OutdatedPages(
      (keys) => this.#renew(keys),
      (error) => this.#mention(error),
    );
    this.#visits = new Visits(options, jobs, {
      opened: this.#opened,
      appOf: (request) => serverOf(request) ?? this.#server,
      onRefused,
      onBypass: (cookies) => this.#counts.add(cookies),
      onOutdated: (key) => this.#outdated.add(key),
      onUnreadable: warnOf,
    });
    const onPurged = (urls: readonly string[]): void => {
      this.emit('purged', { urls, tags: [] });
    };
    this.#publisher = new Publisher({ store, jobs, renders, onRefused, onPurged });
    this.#sweeps = new Sweeps(options, {
      opened: this.#opened,
      renew: async (page) => (await this.#renew([page])).results.some(({ result }) => result !== 'deleted'),
      onPurged,
      onError: (error) => this.#mention(error),
    });
    const { assets } = options;
    if (assets !== undefined) {
      const onChange = (): void => this.#inBackground(this.clear());
      assets.on('change', onChange);
      this.#endings.push(() => assets.off('change', onChange));
    }
  }

  async answer(request: HttpRequest, response: HttpResponse): Promise<boolean> {
    // By whoever comes to a site, for a hook that refreshes pages may run before the first visitor of a page; but not by
    // who asks the same app at another port, such as an insiders' one, where it may show more.
    if (!isRender(request) && this.#isOfSite(request)) this.#server = serverOf(request) ?? this.#server;
    return this.#visits.answer(request, response);
  }

  #isOfSite({ headers, rawHeaders = [], httpVersionMajor }: HttpRequest): boolean {
    return siteOf({ headers, rawHeaders, httpVersionMajor }, this.#options.rules) !== undefined;
  }

  async publish(...given: (Resource | PublishOptions)[]): Promise<PagesReport> {
    const { resources, options } = takeOptions<PublishOptions>(given);
    const { sitemap, ...how } = resolveOptions('publish()', options, PUBLISH_OPTIONS);
    await this.#opened;
    const app = await this.#app();
    const named = await pagesOf(
      sitemap === undefined ? resources : [resources, pagesOfSitemap(sitemap, (url) => this.#ask(app, url))],
      this.#options.rules,
    );
    for (const { site, target } of named.keys) this.#visits.memory.forget(site + target);
    return this.#publisher.publish(app, named, how);
  }

  async refresh(...resources: Resource[]): Promise<PagesReport> {
    // Looked at now: a model may be changed again, or gone, when the run begins.
    const urls = await urlsNow(resources);
    this.#batch ??= this.#openBatch();
    for (const url of urls) this.#batch.urls.add(url);
    return this.#batch.report;
  }

  #openBatch(): { readonly urls: Set<string>; readonly report: Promise<PagesReport> } {
    const urls = new Set<string>();
    const report = new Promise<void>((resolve) => {
      setTimeout(resolve, MOMENT_MILLISECONDS);
    }).then(() => {
      this.#batch = undefined;
      return this.publish(urls);
    });
    return { urls, report };
  }

  async delete(...given: (Resource | DeleteOptions)[]): Promise<PagesReport> {
    const { resources, options } = takeOptions<DeleteOptions>(given);
    const { recursive } = resolveOptions('delete()', options, DELETE_OPTIONS);
    await this.#opened;
    const { keys, unfit } = await pagesOf(resources, this.#options.anyUrl);
    const both = keys.flatMap((key) => [key, withOtherSlash(key)]);
    const gone: PageKey[] = [];
    if (recursive) for (const key of keys) gone.push(...(await this.#store.deleteBelow(key)));
    else gone.push(...(await this.#store.delete(both)));
    return this.#removed(gone, [...unfit, ...missing(keys, gone)], []);
  }

  async invalidate(what: { readonly tags: readonly string[] }): Promise<PagesReport> {
    checkNames('invalidate()', what, ['tags']);
    const { tags } = what;
    if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== 'string' || tag === ''))
      throw new TypeError(`invalidate() takes the tags as a list of non-empty strings, not ${quote(tags)}.`);
    await this.#opened;
    return this.#removed(await this.#store.invalidate(tags), [], tags);
  }

  #removed(gone: readonly PageKey[], others: readonly PageResult[], tags: readonly string[]): PagesReport {
    const urls = gone.map(({ site, target }) => site + target);
    for (const url of urls) this.#visits.memory.forget(url);
    if (urls.length > 0 || tags.length > 0) this.emit('purged', { urls, tags });
    return { results: [...urls.map((url): PageResult => ({ url, result: 'deleted' })), ...others] };
  }

  async clear(): Promise<PagesReport> {
    await this.#opened;
    this.#visits.memory.clear();
    return this.#removed(await this.#store.clear(), [], []);
  }

  tag(...tags: string[]): void {
    tagPage(tags);
  }

  invalidateOn(
    emitter: EventEmitter | EventTarget,
    event: string,
    map: (...values: never[]) => Outdated | Promise<Outdated>,
  ): () => void {
    const listener = (...values: unknown[]): void => this.#inBackground(this.#outdate(map, values));
    const isTarget = emitter instanceof EventTarget;
    if (isTarget) emitter.addEventListener(event, listener);
    else emitter.on(event, listener);
    const end = (): void => {
      if (isTarget) emitter.removeEventListener(event, listener);
      else emitter.off(event, listener);
    };
    this.#endings.push(end);
    return end;
  }

  async #outdate(
    map: (...values: never[]) => Outdated | Promise<Outdated>,
    values: readonly unknown[],
  ): Promise<unknown> {
    const outdated: unknown = await Reflect.apply(map, undefined, values);
    const { tags }: { readonly tags?: readonly string[] } = Object(outdated);
    // What has a URL is a resource, whatever tags it has.
    const isTags =
      tags !== undefined && !('url' in Object(outdated)) && !('getAbsoluteUrl' in Object(outdated));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return isTags ? this.invalidate({ tags }) : this.refresh(outdated as Resource);
  }

  async *list(): AsyncGenerator<StoredPage> {
    await this.#opened;
    yield* this.#store.list();
  }

  async bypassed(): Promise<Readonly<Record<string, number>>> {
    await this.#opened;
    return this.#counts.all();
  }

  async why(url: string): Promise<Verdict> {
    await this.#opened;
    return explainPage(url, this.#inspection);
  }

  async verify(url: string, options: VerifyOptions = {}): Promise<Verification> {
    await this.#opened;
    return verifyPage(url, options, this.#inspection);
  }

  get #inspection(): InspectionSetting {
    const { rules, store, storing } = this.#options;
    return { rules, store, maker: this.#maker, lost: storing.lost, app: () => this.#app() };
  }

  close(): Promise<void> {
    // Closed twice, it would close a store that others use too.
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const end of this.#endings.splice(0)) end();
    this.#visits.close();
    this.#renderer.close();
    await this.#outdated.close();
    await this.#sweeps.close();
    await this.#counts.close();
    await this.#opened.catch(() => {});
    await this.#store.close();
  }

  /** The server that visitors come through, with all that stands around the app, else the app that was given. */
  async #app(): Promise<App> {
    if (this.#server !== undefined) return this.#server;
    const { app } = this.#options;
    if (app === undefined)
      throw new StaticUrlError(
        'APP_UNKNOWN',
        'Cannot render a page: no visitor has come yet, and createPages() was given no "app". Pass the app, or a function that gives it.',
      );
    this.#given ??= appOf(app).catch((error: unknown) => {
      this.#given = undefined;
      throw error;
    });
    return this.#given;
  }

  /** Renders pages anew for their age; none where nobody can. */
  async #renew(pages: readonly PageKey[]): Promise<PagesReport> {
    const app = await this.#app().catch(() => undefined);
    if (app === undefined) return { results: [] };
    const keys = pages.map(({ site, target }) => ({ site, target }));
    return this.#publisher.publish(app, { keys, unfit: [] }, { force: true, onProgress: undefined });
  }

  /** The text of a sitemap that the app serves. */
  async #ask(app: App, url: string): Promise<string> {
    const { sites } = this.#options.rules;
    const { href, origin, pathname, search } = new URL(url, sites[0]);
    if (!sites.includes(origin))
      throw new TypeError(
        `The sitemap ${quote(href)} is of none of the sites. Download it, and pass the file.`,
      );
    const key = { site: origin, target: pathname + search };
    const { head, body } = await this.#maker.ask(app, key, {}, MOST_SITEMAP_BYTES);
    if (head.status === 200) return body.toString();
    throw new TypeError(`The sitemap ${quote(href)} is answered with the status ${head.status}.`);
  }

  /** What nobody waits for must not fail in silence. */
  #inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#report(error));
  }

  /** What fails while pages are renewed for their age: a visitor's request, or time alone, must not end the process. */
  #mention(failure: unknown): void {
    if (this.listenerCount('error') > 0) this.emit('error', failure);
    else warnOf(failure instanceof Error ? failure : new Error(String(failure)));
  }

  #report(failure: unknown): void {
    if (this.listenerCount('error') > 0) this.emit('error', failure);
    else void Promise.reject(failure);
  }
}

function warnOf(error: Error): void {
  process.emitWarning(error);
}

async function appOf(source: AppSource): Promise<App> {
  // An app takes a request and a response.
  const app: unknown =
    typeof source === 'function' && source.length === 0 ? await Reflect.apply(source, undefined, []) : source;
  return requireApp(app, 'app');
}

/** The URLs of resources as they are now. */
async function urlsNow(resources: readonly Resource[]): Promise<readonly string[]> {
  const urls: string[] = [];
  for await (const url of urlsOf(resources)) urls.push(url);
  return urls;
}

/** The same path with a slash at its end, or without. */
function withOtherSlash({ site, target }: PageKey): PageKey {
  const [path = '', ...query] = target.split('?');
  const other = path === '/' ? path : path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  return { site, target: [other, ...query].join('?') };
}

function missing(keys: readonly PageKey[], gone: readonly PageKey[]): PageResult[] {
  const known = new Set(gone.map(({ site, target }) => site + target));
  return keys
    .flatMap((key) => {
      const other = withOtherSlash(key);
      return known.has(key.site + key.target) || known.has(other.site + other.target) ? [] : [key];
    })
    .map(({ site, target }) => ({ url: site + target, result: 'missing' }));
}
