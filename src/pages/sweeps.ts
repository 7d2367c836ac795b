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
    const { renew, onPurged } = this.#setting;
    const gone: string[] = [];
    await this.#options.store.sweep(
      (page) => {
        const verdict = this.#judge(page);
        if (verdict === 'unlisted') gone.push(page.url);
        return verdict;
      },
      async (page) => {
        const isThere = await renew(page);
        if (!isThere) gone.push(page.url);
        return isThere;
      },
    );
    if (gone.length > 0) onPurged(gone);
  }

  #judge({ url, target, storedAt }: StoredPage): SweepVerdict {
    if (keyOfUrl(url, this.#options.rules).kind !== 'page') return 'unlisted';
    return this.#options.isOutdated(target, storedAt) ? 'outdated' : 'keep';
  }
}
