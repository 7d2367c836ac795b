import type { PagesReport } from '../publishing.ts';
import type { PageKey } from '../store.ts';

/** How long a view that could not be rendered anew is left as it is. */
const PAUSE_MILLISECONDS = 60_000;

/** Renders stored views anew, each once at a time, however many ask for it. */
export class ViewRenewals {
  readonly #renew: (key: PageKey) => Promise<PagesReport>;
  readonly #running = new Map<string, Promise<void>>();
  readonly #paused = new Map<string, number>();

  constructor(renew: (key: PageKey) => Promise<PagesReport>) {
    this.#renew = renew;
  }

  /** Whether a view could not be rendered anew a while ago. */
  isPaused({ site, target }: PageKey): boolean {
    const until = this.#paused.get(site + target);
    if (until === undefined || until > performance.now()) return until !== undefined;
    this.#paused.delete(site + target);
    return false;
  }

  /** Renders a view anew, or waits for who does already. What goes wrong leaves it as it is. */
  async run(key: PageKey): Promise<void> {
    const url = key.site + key.target;
    const running = this.#running.get(url) ?? this.#start(key, url).finally(() => this.#running.delete(url));
    this.#running.set(url, running);
    await running;
  }

  async #start(key: PageKey, url: string): Promise<void> {
    const results = await this.#renew(key).then(
      (report) => report.results,
      () => [],
    );
    if (!results.some(({ result }) => result !== 'kept'))
      this.#paused.set(url, performance.now() + PAUSE_MILLISECONDS);
  }
}
