/** Which pages wait for which views while they render, so that none waits for itself, also by way of others. */
export class Waits {
  readonly #views = new Map<string, Map<string, number>>();

  /**
   * Lets a page wait for a view.
   *
   * @returns a function that ends it, to be called once; `undefined` where the view waits for the page, or is it
   */
  begin(page: string, view: string): (() => void) | undefined {
    if (this.#leadsTo(view, page)) return undefined;
    this.#count(page, view, 1);
    return () => this.#count(page, view, -1);
  }

  #leadsTo(view: string, page: string): boolean {
    const reached = new Set([view]);
    // It grows while it is gone through.
    for (const each of reached) {
      if (each === page) return true;
      for (const next of this.#views.get(each)?.keys() ?? []) reached.add(next);
    }
    return false;
  }

  #count(page: string, view: string, by: number): void {
    const views = this.#views.get(page) ?? new Map<string, number>();
    const count = (views.get(view) ?? 0) + by;
    if (count > 0) views.set(view, count);
    else views.delete(view);
    if (views.size > 0) this.#views.set(page, views);
    else this.#views.delete(page);
  }
}
