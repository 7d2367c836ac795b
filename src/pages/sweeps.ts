import { StaticUrlError } from '../core/errors.ts';
import { looksLikeFault } from './publishing.ts';
import type { ViewSweep } from './preload/view-sweep.ts';
import type { ResolvedPages } from './resolve-pages.ts';
import { keyOfUrl } from './rules/index.ts';
import type { StoredPage, SweepVerdict } from './store.ts';

/** What sweeping needs. */
export interface SweepSetting {
  readonly opened: Promise<void>;
  /** Renders a page anew. @returns whether a page is stored after it */
  readonly renew: (page: StoredPage) => Promise<boolean>;
  /** Told of pages whose copies elsewhere, in a CDN, are old now. */
  readonly onPurged: (urls: readonly string[]) => void;
  readonly onError: (error: unknown) => void;
  /** Begins what a sweep does for preloaded views, where there are any. */
  readonly beginViews: () => ViewSweep | undefined;
}

/** Looks for old and unlisted pages from time to time. */
export class Sweeps {
  readonly #options: ResolvedPages;
  readonly #setting: SweepSetting;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #running: Promise<void> | undefined;

  constructor(options: ResolvedPages, setting: SweepSetting) {
    this.#options = options;
    this.#setting = setting;
    const { sweepSeconds } = options;
    if (sweepSeconds === 0) return;
    const start = (): void => {
      if (!this.#isClosed) this.#timer = setInterval(() => this.#tick(), sweepSeconds * 1000).unref();
    };
    // The first visitor's warning tells of a store that cannot be opened.
    setting.opened.then(start, () => {});
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  #tick(): void {
    this.#running ??= this.#sweep().then(
      () => (this.#running = undefined),
      (error: unknown) => {
        this.#running = undefined;
        this.#setting.onError(error);
      },
    );
  }

  async #sweep(): Promise<void> {
    const { renew, onPurged, beginViews } = this.#setting;
    const views = beginViews();
    const gone: string[] = [];
    const renewals = { all: 0, deleted: 0 };
    try {
      const isDone = await this.#options.store.sweep(
        (page) => {
          const verdict = this.#judge(page, views);
          if (verdict === 'unlisted') gone.push(page.url);
          return verdict;
        },
        async (page) => {
          // An app that sends everybody elsewhere for a while must not empty the store.
          if (looksLikeFault(renewals.deleted, renewals.all)) throw faultOf(renewals);
          const isThere = await renew(page);
          renewals.all += 1;
          if (!isThere) {
            renewals.deleted += 1;
            gone.push(page.url);
          }
          return isThere;
        },
      );
      if (isDone) await views?.end();
    } finally {
      if (gone.length > 0) onPurged(gone);
    }
  }

  #judge(page: StoredPage, views: ViewSweep | undefined): SweepVerdict {
    if (keyOfUrl(page.url, this.#options.rules).kind !== 'page') return 'unlisted';
    const isOutdated = views?.isOutdated(page) === true;
    return isOutdated || this.#options.isOutdated(page.target, page.storedAt) ? 'outdated' : 'keep';
  }
}

function faultOf({ all, deleted }: { readonly all: number; readonly deleted: number }): StaticUrlError {
  return new StaticUrlError(
    'PUBLISH_STOPPED',
    `The app says of ${deleted} of ${all} pages that were renewed for their age that they are gone or personal, which looks like a fault of the app. The others stay for now.`,
  );
}
