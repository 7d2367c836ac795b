/** Queries of visitors make many views; those known first are forgotten first. */
const MOST_KNOWN = 10_000;

/** What was found of a view, and when it was looked for, by `performance.now()`. */
export interface Known<Found> {
  readonly found: Found;
  readonly at: number;
}

/**
 * What this process knows of views. What is found by a look that began before a view was dropped is not remembered: it may
 * be what was dropped.
 */
export class KnownViews<Found> {
  readonly #known = new Map<string, Known<Found>>();
  readonly #looks = new Map<string, Set<object>>();

  get(url: string): Known<Found> | undefined {
    return this.#known.get(url);
  }

  /** Begins a look at a view. @returns what ends it: with what it has found, or with nothing */
  look(url: string): (found?: Found) => void {
    const look = { at: performance.now() };
    const looks = this.#looks.get(url) ?? new Set();
    this.#looks.set(url, looks.add(look));
    return (found) => {
      const isValid = looks.delete(look);
      if (looks.size === 0 && this.#looks.get(url) === looks) this.#looks.delete(url);
      if (found === undefined || !isValid) return;
      this.#known.delete(url);
      this.#known.set(url, { found, at: look.at });
      if (this.#known.size > MOST_KNOWN) this.#forgetOldest();
    };
  }

  /** Forgets a view, which something has changed. */
  drop(url: string): void {
    this.#known.delete(url);
    this.#looks.get(url)?.clear();
    this.#looks.delete(url);
  }

  /** Forgets all views. */
  clear(): void {
    for (const url of [...this.#known.keys(), ...this.#looks.keys()]) this.drop(url);
  }

  #forgetOldest(): void {
    const [oldest = ''] = this.#known.keys();
    this.#known.delete(oldest);
  }
}
