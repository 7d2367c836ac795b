import type { HttpRequest, HttpResponse } from '../../http/exchange.ts';
import type { PagesReport } from '../publishing.ts';
import type { ResolvedPages } from '../resolve-pages.ts';
import type { PageKey, PageStore } from '../store.ts';
import { quote } from '../../core/text.ts';
import { expectCallers } from '../tagging/index.ts';
import { FileAnswers } from './file-answers.ts';
import { Preloads, preloadsOf, registerPreloads, type PreloadSetting } from './preloads.ts';
import { isOfDisk, problemOf } from './problems.ts';
import { ViewRenewals } from './view-renewals.ts';
import { viewTag } from './view-finder.ts';
import { beginViewSweep, type ViewSweep } from './view-sweep.ts';
import type { ViewQuery } from './view-url.ts';
import { watchStore } from './watched-store.ts';

/** What the pages do for their preloaded views. */
export interface PreloadedPagesSetting extends Pick<PreloadSetting, 'opened' | 'render' | 'invalidate'> {
  /** Renders a stored page anew. */
  readonly renew: (key: PageKey) => Promise<PagesReport>;
}

/** The preloaded views of an app's pages; without the option `preload` it is all but nothing. */
export class PreloadedPages {
  /** Where pages are kept; what changes through it is noticed. */
  readonly store: PageStore;
  readonly #pages: object;
  readonly #options: ResolvedPages;
  readonly #setting: PreloadedPagesSetting;
  readonly #preloads: Preloads | undefined;
  readonly #answers: FileAnswers | undefined;
  #isClosed = false;

  constructor(pages: object, options: ResolvedPages, setting: PreloadedPagesSetting) {
    const { preload, store } = options;
    this.#pages = pages;
    this.#options = options;
    this.#setting = setting;
    this.#answers = preload && new FileAnswers(preload);
    this.#preloads = preload && this.#create(preload);
    this.store = this.#preloads === undefined ? store : this.#watch(this.#preloads);
    registerPreloads(pages, this.#preloads);
  }

  #create(preload: NonNullable<ResolvedPages['preload']>): Preloads {
    expectCallers();
    const { store, rules, isOutdated, waitSeconds } = this.#options;
    const renewals = new ViewRenewals((key) => this.#setting.renew(key));
    return new Preloads({
      ...this.#setting,
      preload,
      rules,
      store,
      waitSeconds,
      isOutdated: (key, storedAt) =>
        (preload.isDue(storedAt) || isOutdated(key.target, storedAt)) && !renewals.isPaused(key),
      renew: (key) => renewals.run(key),
    });
  }

  /** Lets every change of a view reach the pages that name its file. */
  #watch({ files, finder, known, problems }: Preloads): PageStore {
    const { folder } = files;
    const surviving = (url: string, work: () => Promise<unknown>): Promise<void> =>
      survive(work, (error) => {
        const { kind, detail } = problemOf(error, folder);
        problems.warn(url, kind, `Cannot see which pages preload ${quote(url)}: ${detail}`);
      });
    return watchStore(this.#options.store, {
      async onLanded(key) {
        const url = key.site + key.target;
        known.drop(url);
        await surviving(url, () => finder.agree(key));
      },
      onGone: async (keys) => {
        const urls = keys.map(({ site, target }) => site + target);
        for (const url of urls) known.drop(url);
        const [first] = urls;
        if (first === undefined) return;
        await surviving(first, async () => {
          const tags = urls.filter((url) => files.given(url) !== undefined).map(viewTag);
          if (tags.length > 0) await this.#setting.invalidate(tags);
        });
      },
      onInvalidated(keys) {
        for (const { site, target } of keys) known.drop(site + target);
      },
      onCleared: () => known.clear(),
    });
  }

  /** Answers a request for a file; `undefined` for any other request. */
  answer(request: HttpRequest, response: HttpResponse): Promise<boolean> | undefined {
    if (this.#isClosed || this.#answers?.isFor(request) !== true || response.headersSent) return undefined;
    return this.#answers.answer(request, response).then(() => true);
  }

  async preload(url: string | URL, query: readonly ViewQuery[]): Promise<string> {
    return preloadsOf(this.#pages, 'preload()').preload(url, query);
  }

  /** Begins what a sweep does for views. */
  beginSweep(): ViewSweep | undefined {
    const { preload, anyUrl, store } = this.#options;
    if (preload === undefined || this.#preloads === undefined) return undefined;
    const { files, problems } = this.#preloads;
    const { invalidate } = this.#setting;
    const sweep = beginViewSweep({ files, store, rules: anyUrl, isDue: preload.isDue, invalidate });
    const warn = (error: unknown): void => {
      const { kind, detail } = problemOf(error, files.folder);
      problems.warn('', kind, `Cannot look for old files of views: ${detail}`);
    };
    return { ...sweep, end: () => survive(sweep.end, warn) };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#preloads?.close();
  }
}

/** Goes on after a fault of the folder, which is none of the store: no page has been given a name that is not noted there. */
async function survive(work: () => Promise<unknown>, warn: (error: unknown) => void): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isOfDisk(error)) throw error;
    warn(error);
  }
}
