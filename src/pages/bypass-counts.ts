import type { PageStore } from './store.ts';

/** Names of cookies come from visitors, who could send any number: no more than these are counted. */
const MOST_NAMES = 200;
const SAVE_MILLISECONDS = 10_000;

/** Counts the cookies, by their names alone, that sent requests to the app. */
export class BypassCounts {
  readonly #store: PageStore;
  readonly #counts = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: PageStore) {
    this.#store = store;
  }

  add(names: readonly string[]): void {
    for (const name of names) {
      const known = this.#counts.get(name);
      if (known !== undefined || this.#counts.size < MOST_NAMES) this.#counts.set(name, (known ?? 0) + 1);
    }
    this.#timer ??= setTimeout(() => void this.#save(), SAVE_MILLISECONDS).unref();
  }

  /** The sums of all processes, with what this one has not saved yet. */
  async all(): Promise<Readonly<Record<string, number>>> {
    if (this.#timer !== undefined) await this.#save();
    return this.#store.counts();
  }

  async close(): Promise<void> {
    if (this.#timer !== undefined) await this.#save();
  }

  async #save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // Counts are no reason to fail.
    await this.#store.saveCounts(Object.fromEntries(this.#counts)).catch(() => {});
  }
}
