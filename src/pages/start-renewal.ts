import type { PageResult, PagesReport } from './publishing.ts';
import type { Renewal } from './renewal.ts';
import type { PageStore, StoredPage } from './store.ts';
import { isUnreachable, PagesUnreachableError } from './unreachable.ts';

/** What renewing at start needs. */
export interface StartRenewalSetting {
  /** Resolves once pages can be rendered and stored. */
  readonly ready: Promise<unknown>;
  readonly store: PageStore;
  readonly renewal: Renewal;
  /** How many pages are rendered at a time: few, for visitors are asking too. */
  readonly renders: number;
  /** How long it waits while another process is at it, or a server of the store does not answer. */
  readonly pauseMilliseconds: number;
  readonly onError: (error: unknown) => void;
}

/**
 * Renews pages that name assets of another version, once, behind the visitors' backs. As each process of an app does so when
 * it starts, it is done under the claim of a sweep: those that come later find little left to do.
 */
export class StartRenewal {
  readonly #setting: StartRenewalSetting;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #hasToldUnreachable = false;

  constructor(setting: StartRenewalSetting) {
    this.#setting = setting;
    // Who works on the store is told that it cannot be opened.
    setting.ready.then(
      () => this.#start(),
      () => {},
    );
  }

  /** Ends it, once the pages that are being rendered are. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #start(): void {
    if (this.#isClosed) return;
    this.#running = this.#pass().then(
      (isDone) => {
        if (!isDone) this.#wait();
      },
      (error: unknown) => {
        // What its server has is looked at again; all else was tried once.
        if (isUnreachable(error)) this.#wait();
        if (!isUnreachable(error) || !this.#hasToldUnreachable) this.#setting.onError(error);
        this.#hasToldUnreachable ||= isUnreachable(error);
      },
    );
  }

  #wait(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => this.#start(), this.#setting.pauseMilliseconds).unref();
  }

  /** @returns `false` when another process is at it */
  async #pass(): Promise<boolean> {
    const { store, renewal } = this.#setting;
    const isOutdated = await renewal.judge();
    const waiting: Pick<StoredPage, 'site' | 'target' | 'storedAt'>[] = [];
    const results = new Map<string, PageResult['result']>();
    let failure: unknown;
    const renewWaiting = async (): Promise<void> => {
      const pages = waiting.splice(0);
      const report = await this.#renew(pages).catch((error: unknown) => {
        failure = error;
        return error instanceof PagesUnreachableError ? error.report : { results: [] };
      });
      for (const { url, result } of report.results) results.set(url, result);
    };
    let batches = Promise.resolve();
    const isOurs = await store.sweep(
      (page) => {
        if (!isOutdated(page)) return 'keep';
        waiting.push({ site: page.site, target: page.target, storedAt: page.storedAt });
        return 'outdated';
      },
      async ({ url }) => {
        // All that were found so far at once, the newest of them first.
        batches = batches.then(renewWaiting);
        await batches;
        return results.get(url) !== 'deleted';
      },
    );
    if (failure !== undefined) throw failure;
    return isOurs;
  }

  #renew(pages: readonly Pick<StoredPage, 'site' | 'target' | 'storedAt'>[]): Promise<PagesReport> {
    const { renewal, renders } = this.#setting;
    return renewal.publish(pages, {
      force: false,
      onProgress: undefined,
      renders,
      isOver: () => this.#isClosed,
    });
  }
}
