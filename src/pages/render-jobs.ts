import type { App } from '../render/index.ts';
import type { PageMaker, RenderOutcome } from './page-render.ts';
import type { PageKey, PageStore, PendingPage } from './store.ts';
import { refusal } from './storing/reasons.ts';

/** A page that is being rendered for all who want it. */
interface RenderJob {
  readonly pending: Promise<PendingPage | undefined>;
  readonly outcome: Promise<RenderOutcome>;
}

/** An outcome, and how it was come by. */
export interface SharedOutcome {
  readonly outcome: RenderOutcome;
  /** Whether another's render was joined. */
  readonly collapsed: boolean;
}

/** The renders of this process: one per page, shared by all who want the page while it is valid. */
export class RenderJobs {
  readonly #jobs = new Map<string, RenderJob>();
  readonly #store: PageStore;
  readonly #maker: PageMaker;

  constructor(store: PageStore, maker: PageMaker) {
    this.#store = store;
    this.#maker = maker;
  }

  /**
   * Joins a render that a request which begins now may share, else starts one.
   *
   * @param mayStart - asked just before a new render starts; `false` refuses as `BUSY`
   */
  async share(app: App, key: PageKey, mayStart: () => boolean): Promise<SharedOutcome> {
    const url = key.site + key.target;
    for (;;) {
      const job = this.#jobs.get(url);
      if (job === undefined) {
        if (!mayStart()) return { outcome: BUSY, collapsed: false };
        return { outcome: await this.start(app, key, false), collapsed: false };
      }
      if (await isJoinable(job)) return { outcome: await job.outcome, collapsed: true };
      // It landed while we looked, or something outdated it.
      const page = await this.#store.read(key).catch(() => undefined);
      if (page !== undefined) return { outcome: { kind: 'stored', page }, collapsed: true };
      if (this.#jobs.get(url) === job) this.#jobs.delete(url);
    }
  }

  /**
   * Starts a render, which later visitors may join.
   *
   * @param fence - whether renders that began earlier may not land any more
   */
  start(app: App, key: PageKey, fence: boolean): Promise<RenderOutcome> {
    const url = key.site + key.target;
    const pending = this.#store.begin(key, { fence });
    const outcome = this.#maker.make(app, key, pending);
    const job = { pending, outcome };
    this.#jobs.set(url, job);
    void outcome.then(() => {
      if (this.#jobs.get(url) === job) this.#jobs.delete(url);
    });
    return outcome;
  }
}

const BUSY: RenderOutcome = {
  kind: 'refused',
  refusal: refusal('BUSY', 'As many pages as "renders" allows are being rendered.'),
};

async function isJoinable({ pending }: RenderJob): Promise<boolean> {
  // One that failed to begin is over at once.
  const place = await pending.catch(() => undefined);
  return place === undefined || place.isJoinable().catch(() => false);
}
