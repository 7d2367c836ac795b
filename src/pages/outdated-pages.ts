import type { PagesReport } from './publishing.ts';
import type { PageKey } from './store.ts';

/** How long a page that could not be renewed is left alone. */
const PAUSE_MILLISECONDS = 60_000;

/** Renews pages that visitors got although they are too old: one run after the other, however many visitors come. */
export class OutdatedPages {
  readonly #renew: (keys: readonly PageKey[]) => Promise<PagesReport>;
  readonly #onError: (error: unknown) => void;
  /** URLs that wait, are being renewed, or could not be. */
  readonly #known = new Set<string>();
  #waiting: PageKey[] = [];
  #running: Promise<void> | undefined;

  /** @param renew - renders pages anew, and says what became of them */
  constructor(renew: (keys: readonly PageKey[]) => Promise<PagesReport>, onError: (error: unknown) => void) {
    this.#renew = renew;
    this.#onError = onError;
  }

  add(key: PageKey): void {
    const url = key.site + key.target;
    if (this.#known.has(url)) return;
    this.#known.add(url);
    this.#waiting.push(key);
    this.#running ??= this.#run();
  }

  /** Ends once the run has, if there is one. */
  async close(): Promise<void> {
    this.#waiting = [];
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const keys = this.#waiting;
      this.#waiting = [];
      const left = new Set(keys.map(({ site, target }) => site + target));
      try {
        for (const { url, result } of (await this.#renew(keys)).results)
          if (result !== 'kept' && left.delete(url)) this.#known.delete(url);
      } catch (error) {
        this.#onError(error);
      }
      for (const url of left) setTimeout(() => this.#known.delete(url), PAUSE_MILLISECONDS).unref();
    }
    this.#running = undefined;
  }
}
