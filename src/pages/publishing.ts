import { optionError, StaticUrlError } from '../core/errors.ts';
import { BOOLEAN, callback, expected, STRING } from '../core/option-kinds.ts';
import type { Resolved, Table } from '../core/options.ts';
import { countText } from '../core/text.ts';
import type { App } from '../render/index.ts';
import type { RenderOutcome } from './page-render.ts';
import type { RenderJobs } from './render-jobs.ts';
import { urlsOf, type Resource } from './resources.ts';
import { keyOfUrl, type GateRules } from './rules/index.ts';
import type { PageKey, PageStore } from './store.ts';
import { deletes, type Refusal } from './storing/reasons.ts';
import { isUnreachable, leavesOpen, PagesUnreachableError, unreachable } from './unreachable.ts';
import { urlRefusal } from './url-refusal.ts';

/** What became of a page. */
export interface PageResult {
  readonly url: string;
  /**
   * `published`: stored anew; `deleted`: no longer stored; `kept`: not stored, and what was stored before stays; `missing`:
   * was to be deleted, and was not there; `outdated`: would be rendered anew, but for `dryRun`.
   */
  readonly result: 'published' | 'deleted' | 'kept' | 'missing' | 'outdated';
  /** Why it was not published: a reason's name. */
  readonly code?: string;
  /** What the app did, and what to do about it. */
  readonly detail?: string;
}

/** What became of all pages that were named. */
export interface PagesReport {
  /** One for each page, in the order in which they ended. */
  readonly results: readonly PageResult[];
}

/** How far a run has come. */
export interface PublishProgress {
  readonly done: number;
  readonly total: number;
}

/** Options of {@link Pages.publish}, behind the resources. */
export interface PublishOptions {
  /**
   * Whether the run goes on when more than ten pages, and more than half of all, would be deleted.
   *
   * @defaultValue `false`
   */
  readonly force?: boolean;
  /**
   * A sitemap whose pages are published too: a URL of a site or a path of the first (`'/sitemap.xml'`), which the app is
   * asked for, or a file, by a relative path (`'./public/sitemap.xml'`) or a `file:` URL.
   *
   * @defaultValue none
   */
  readonly sitemap?: string | URL;
  /** Called as the run progresses. */
  readonly onProgress?: (progress: PublishProgress) => void;
}

/** The options of {@link Pages.publish}. */
export const PUBLISH_OPTIONS: Table<PublishOptions, 'onProgress' | 'sitemap'> = {
  force: {
    ...BOOLEAN,
    flag: '--force',
    default: false,
    help: 'Whether the run goes on when more than ten pages, and more than half of all, would be deleted.',
  },
  sitemap: {
    ...expected<string | URL>(
      { kind: 'string' },
      'a URL, a path of the site, or a file',
      (value): value is string | URL => value instanceof URL || STRING.check(value),
    ),
    flag: '--sitemap <url or file>',
    help: "A sitemap whose pages are published too: a URL of a site or a path of the first ('/sitemap.xml'), which the app is asked for, or a file, by a relative path ('./public/sitemap.xml') or a file: URL.",
  },
  onProgress: { ...callback(), help: 'Called as the run progresses.' },
};

/** {@link PublishOptions} with everything decided, but for a sitemap, whose pages are among the named ones. */
export interface PublishRun extends Omit<Resolved<PublishOptions, 'onProgress' | 'sitemap'>, 'sitemap'> {
  /**
   * How many pages are rendered at a time.
   *
   * @defaultValue as many as the option `renders` says
   */
  readonly renders?: number;
  /** Asked before each page; `true` ends the run. */
  readonly isOver?: () => boolean;
}

/** This many pages may always be deleted in one run. */
const FEW = 10;
/** How often a page is rendered again because another writer was quicker. */
const MOST_TRIES = 5;

/** What publishing needs. */
export interface PublisherSetting {
  readonly store: PageStore;
  readonly jobs: RenderJobs;
  /** How many pages are rendered at a time. */
  readonly renders: number;
  readonly onRefused: (key: PageKey, refusal: Refusal) => void;
  /** Told of pages whose copies elsewhere, in a CDN, are old now. */
  readonly onPurged: (urls: readonly string[]) => void;
}

/** Pages that resources name, and URLs that cannot be pages. */
export interface NamedPages {
  readonly keys: readonly PageKey[];
  readonly unfit: readonly PageResult[];
}

/**
 * The pages that resources name, each once.
 *
 * @throws TypeError for what has no URL
 */
export async function pagesOf(resources: Resource, rules: GateRules): Promise<NamedPages> {
  const keys = new Map<string, PageKey>();
  const unfit = new Map<string, PageResult>();
  for await (const url of urlsOf(resources)) {
    const decision = keyOfUrl(url, rules);
    if (decision.kind === 'page') keys.set(decision.key.site + decision.key.target, decision.key);
    else unfit.set(url, { url, result: 'kept', ...urlRefusal(decision) });
  }
  return { keys: [...keys.values()], unfit: [...unfit.values()] };
}

/** A page that was not stored. */
interface RefusedKey {
  readonly key: PageKey;
  readonly refusal: Refusal;
  readonly failure?: Error;
}

/** Renders pages and puts them in the place of those that are stored; what is stored is swapped, never deleted first. */
export class Publisher {
  readonly #setting: PublisherSetting;

  constructor(setting: PublisherSetting) {
    this.#setting = setting;
  }

  /**
   * @throws {@link StaticUrlError} `PUBLISH_STOPPED`
   * @throws {@link PagesUnreachableError}
   */
  async publish(
    app: App,
    { keys, unfit }: NamedPages,
    { force, onProgress, renders = this.#setting.renders, isOver }: PublishRun,
  ): Promise<PagesReport> {
    const results: PageResult[] = [...unfit];
    const doomed: RefusedKey[] = [];
    const lost: RefusedKey[] = [];
    let [done, gone, next] = [0, 0, 0];
    const nextKey = (): PageKey | undefined => (isOver?.() === true ? undefined : keys[next++]);
    const work = async (): Promise<void> => {
      for (let key = nextKey(); key !== undefined; key = nextKey()) {
        const outcome = await this.#render(app, key);
        if (outcome.kind === 'stored') results.push({ url: key.site + key.target, result: 'published' });
        else if (isUnreachable(outcome.failure)) lost.push({ key, ...outcome });
        else if (deletes(outcome.refusal)) {
          doomed.push({ key, ...outcome });
          if (!force && (await this.#isStored(key))) refuseMany((gone += 1), keys.length);
        } else results.push(resultOf(key, 'kept', outcome.refusal));
        done += 1;
        onProgress?.({ done, total: keys.length });
      }
    };
    const works = Array.from({ length: renders }, () => work().finally(() => (next = keys.length)));
    try {
      // Nothing of a run that stops lands later.
      await Promise.allSettled(works);
      await Promise.all(works);
      await this.#remove(doomed, lost, results);
    } finally {
      const changed = results.filter(({ result }) => result !== 'kept').map(({ url }) => url);
      const purged = new Set([...changed, ...lost.map(urlOf)]);
      if (purged.size > 0) this.#setting.onPurged([...purged]);
    }
    return { results };
  }

  /** A page that nobody can look at may be there. */
  async #isStored(key: PageKey): Promise<boolean> {
    return this.#setting.store.read(key).then(
      (page) => page !== undefined,
      () => true,
    );
  }

  /**
   * Removes what is gone or personal, and the older pages of those that could not be stored, which would be served else as
   * soon as their server answers.
   *
   * @throws {@link PagesUnreachableError}
   */
  async #remove(
    doomed: readonly RefusedKey[],
    lost: readonly RefusedKey[],
    results: PageResult[],
  ): Promise<void> {
    const refused = [...doomed, ...lost];
    if (refused.length === 0) return;
    const failure = await this.#setting.store
      .delete(refused.map(({ key }) => key))
      .then(() => undefined, unreachable);
    const isOpen = (each: RefusedKey): boolean => failure !== undefined && leavesOpen(failure, urlOf(each));
    results.push(
      ...refused.map((each) => resultOf(each.key, isOpen(each) ? 'kept' : 'deleted', each.refusal)),
    );
    const urls = [...lost, ...doomed.filter(isOpen)].map(urlOf);
    const cause = failure ?? lost[0]?.failure;
    if (cause !== undefined) throw new PagesUnreachableError(urls, results, cause);
  }

  async #render(app: App, key: PageKey): Promise<RenderOutcome> {
    for (let tries = 1; ; tries += 1) {
      // What began before this call may not land. What another began later may: two that took each other's place away again
      // and again would both land late, or never.
      const outcome = await this.#setting.jobs.start(app, key, tries === 1);
      if (outcome.kind === 'stored') return outcome;
      if (outcome.refusal.reason === 'OVERTAKEN' && tries < MOST_TRIES) continue;
      this.#setting.onRefused(key, outcome.refusal);
      return outcome;
    }
  }
}

function urlOf({ key: { site, target } }: RefusedKey): string {
  return site + target;
}

function resultOf(key: PageKey, result: PageResult['result'], { code, detail }: Refusal): PageResult {
  return { url: key.site + key.target, result, code, detail };
}

/** Whether so many pages are gone or personal, by what the app says, that it rather looks like a fault of the app. */
export function looksLikeFault(doomed: number, total: number): boolean {
  return doomed > FEW && doomed > total / 2;
}

function refuseMany(doomed: number, total: number): void {
  if (!looksLikeFault(doomed, total)) return;
  throw optionError(
    'force',
    (naming) =>
      `The app says of ${countText(doomed, 'page')} of ${total} that they are gone or personal, which looks like a fault of the app. None was deleted. Set ${naming('force')} if they should go.`,
    (message) => new StaticUrlError('PUBLISH_STOPPED', message),
  );
}
