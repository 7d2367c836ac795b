import { EventEmitter } from 'node:events';
import { StaticUrlError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import type { HttpRequest, HttpResponse } from '../http/exchange.ts';
import { createRenderer, type Renderer } from '../render/index.ts';
import { BypassCounts } from './bypass-counts.ts';
import { KnownApp } from './known-app.ts';
import { KnownAssets } from './known-assets.ts';
import type { PagesOptions } from './options.ts';
import { OutdatedPages } from './outdated-pages.ts';
import { PageMaker } from './page-render.ts';
import { DELETE_OPTIONS, type DeleteOptions, type Outdated, type Pages, type PagesEvents } from './pages.ts';
import { pagesOf, Publisher, PUBLISH_OPTIONS, type PagesReport, type PublishOptions } from './publishing.ts';
import { PreloadedPages } from './preload/preloaded-pages.ts';
import type { ViewQuery } from './preload/view-url.ts';
import { RefreshBatch } from './refresh-batch.ts';
import { Removal, checkedTags } from './removal.ts';
import { RENEW_OPTIONS, Renewal, type RenewOptions } from './renewal.ts';
import { RenderJobs } from './render-jobs.ts';
import { resolvePages, type ResolvedPages } from './resolve-pages.ts';
import { takeOptions, type Resource } from './resources.ts';
import { hear, isTags } from './signals.ts';
import { askForSitemap, pagesOfSitemap } from './sitemap.ts';
import { StartRenewal } from './start-renewal.ts';
import type { PageKey, StoredPage } from './store.ts';
import type { Refusal } from './storing/reasons.ts';
import { Sweeps } from './sweeps.ts';
import { tagPage } from './tagging/index.ts';
import { Visits } from './visits.ts';
import { verifyPage, type Verification, type VerifyOptions } from './verify.ts';
import { explainPage, type InspectionSetting, type Verdict } from './why.ts';

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
  readonly #app: KnownApp;
  readonly #renderer: Renderer = createRenderer();
  readonly #assets: KnownAssets;
  readonly #maker: PageMaker;
  readonly #visits: Visits;
  readonly #publisher: Publisher;
  readonly #batch: RefreshBatch = new RefreshBatch((urls) => this.publish(urls));
  readonly #removal: Removal;
  readonly #outdated: OutdatedPages;
  readonly #sweeps: Sweeps;
  readonly #renewal: Renewal;
  readonly #startRenewal: StartRenewal | undefined;
  readonly #counts: BypassCounts;
  readonly #preloaded: PreloadedPages;
  readonly #opened: Promise<void>;
  readonly #endings: (() => void)[] = [];
  #closing: Promise<void> | undefined;

  constructor(given: ResolvedPages) {
    super();
    this.#preloaded = new PreloadedPages(this, given, {
      opened: () => this.#opened,
      render: async (key, isNested) => this.#visits.renderView(await this.#app.get(), key, isNested),
      renew: (key) => this.#renew([key]),
      invalidate: (tags) => this.#removal.invalidate(tags),
    });
    const options = { ...given, store: this.#preloaded.store };
    const { rules, store, renders } = options;
    this.#options = options;
    this.#app = new KnownApp(options.app, rules);
    this.#assets = new KnownAssets(options.assets, () => this.#inBackground(this.clear()));
    this.#maker = new PageMaker(this.#renderer, options, this.#assets);
    const jobs = new RenderJobs(store, this.#maker);
    const onMentioned = (error: unknown): void => this.#mention(error);
    const onRefused = (key: PageKey, refusal: Refusal): void => {
      try {
        this.emit('refused', { url: key.site + key.target, ...refusal });
      } catch (error) {
        // A listener's fault is none of the visitor who had the page rendered.
        onMentioned(error);
      }
    };
    const onPurged = (urls: readonly string[]): void => {
      this.emit('purged', { urls, tags: [] });
    };
    this.#opened = store.open({
      sites: rules.sites,
      deadlineMilliseconds: options.deadlineSeconds * 1000,
      environment: process.env['NODE_ENV'] ?? '',
      onWarning: warnOf,
    });
    // The site goes on without the store: visits warn of it, and whoever works on pages is told by a rejection.
    this.#opened.catch(() => {});
    this.#counts = new BypassCounts(store);
    this.#outdated = new OutdatedPages((keys) => this.#renew(keys), onMentioned);
    this.#visits = new Visits(options, jobs, {
      opened: this.#opened,
      onClosedStore: warnOf,
      appOf: (request) => this.#app.seenBy(request),
      onRefused,
      onBypass: (cookies) => this.#counts.add(cookies),
      onOutdated: (key) => this.#outdated.add(key),
      onUnreadable: warnOf,
    });
    this.#publisher = new Publisher({ store, jobs, renders, onRefused, onPurged });
    this.#removal = new Removal({
      store,
      rules: options.anyUrl,
      memory: this.#visits.memory,
      onPurged: (purged) => this.emit('purged', purged),
    });
    this.#sweeps = new Sweeps(options, {
      opened: this.#opened,
      renew: async (page) => (await this.#renew([page])).results.some(({ result }) => result !== 'deleted'),
      onPurged,
      onError: onMentioned,
      beginViews: () => this.#preloaded.beginSweep(),
    });
    this.#renewal = new Renewal({
      store,
      rules,
      assets: this.#assets,
      publish: async (keys, how) => {
        const app = await this.#app.get();
        for (const { site, target } of keys) this.#visits.memory.forget(site + target);
        return this.#publisher.publish(app, { keys, unfit: [] }, how);
      },
    });
    if (!options.renewAtStart) return;
    this.#startRenewal = new StartRenewal({
      ready: this.#opened.then(() => this.#app.known()),
      store,
      renewal: this.#renewal,
      renders: Math.ceil(renders / 4),
      pauseMilliseconds: 10_000,
      onError: onMentioned,
    });
  }

  answer(request: HttpRequest, response: HttpResponse): Promise<boolean> {
    return this.#preloaded.answer(request, response) ?? this.#visits.answer(request, response);
  }

  async preload(url: string | URL, ...query: ViewQuery[]): Promise<string> {
    return this.#preloaded.preload(url, query);
  }

  async publish(...given: (Resource | PublishOptions)[]): Promise<PagesReport> {
    const { resources, options } = takeOptions<PublishOptions>(given);
    const { sitemap, ...how } = resolveOptions('publish()', options, PUBLISH_OPTIONS);
    await this.#opened;
    const app = await this.#app.get();
    const { rules } = this.#options;
    const ask = (url: string): Promise<string> => askForSitemap(url, app, this.#maker, rules.sites);
    const named = await pagesOf(
      sitemap === undefined ? resources : [resources, pagesOfSitemap(sitemap, ask)],
      rules,
    );
    for (const { site, target } of named.keys) this.#visits.memory.forget(site + target);
    return this.#publisher.publish(app, named, how);
  }

  async refresh(...resources: Resource[]): Promise<PagesReport> {
    return this.#batch.add(resources);
  }

  async renew(options: RenewOptions = {}): Promise<PagesReport> {
    const how = resolveOptions('renew()', options, RENEW_OPTIONS);
    await this.#opened;
    return this.#renewal.renew(how);
  }

  async delete(...given: (Resource | DeleteOptions)[]): Promise<PagesReport> {
    const { resources, options } = takeOptions<DeleteOptions>(given);
    const { recursive } = resolveOptions('delete()', options, DELETE_OPTIONS);
    await this.#opened;
    return this.#removal.delete(resources, recursive);
  }

  async invalidate(what: { readonly tags: readonly string[] }): Promise<PagesReport> {
    const tags = checkedTags(what);
    await this.#opened;
    return this.#removal.invalidate(tags);
  }

  async clear(): Promise<PagesReport> {
    await this.#opened;
    return this.#removal.clear();
  }

  tag(...tags: string[]): void {
    tagPage(tags);
  }

  invalidateOn(
    emitter: EventEmitter | EventTarget,
    event: string,
    map: (...values: never[]) => Outdated | Promise<Outdated>,
  ): () => void {
    const end = hear(emitter, event, (...values) => this.#inBackground(this.#outdate(map, values)));
    this.#endings.push(end);
    return end;
  }

  async #outdate(
    map: (...values: never[]) => Outdated | Promise<Outdated>,
    values: readonly unknown[],
  ): Promise<PagesReport> {
    const outdated: Outdated = await Reflect.apply(map, undefined, values);
    return isTags(outdated) ? this.invalidate({ tags: outdated.tags }) : this.refresh(outdated);
  }

  async *list(): AsyncGenerator<StoredPage> {
    await this.#opened;
    yield* this.#options.store.list();
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
    return { rules, store, maker: this.#maker, lost: storing.lost, app: () => this.#app.get() };
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
    this.#assets.close();
    await this.#startRenewal?.close();
    await this.#outdated.close();
    await this.#sweeps.close();
    await this.#counts.close();
    await this.#preloaded.close();
    await this.#opened.catch(() => {});
    await this.#options.store.close();
  }

  /** Renders pages anew for their age; none where nobody can. */
  async #renew(pages: readonly PageKey[]): Promise<PagesReport> {
    const app = await this.#app.get().catch((error: unknown) => {
      if (error instanceof StaticUrlError && error.code === 'APP_UNKNOWN') return undefined;
      throw error;
    });
    if (app === undefined) return { results: [] };
    const keys = pages.map(({ site, target }) => ({ site, target }));
    return this.#publisher.publish(app, { keys, unfit: [] }, { force: true, onProgress: undefined });
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
