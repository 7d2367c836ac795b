import { quote } from '../../core/text.ts';
import { viewUrl, type ViewQuery } from './view-url.ts';
import { callingPage, isVisiting, pagesUnderWay, type PageNotes } from '../tagging/index.ts';
import { keyOfUrl, type GateRules } from '../rules/index.ts';
import type { PageKey } from '../store.ts';
import { urlRefusal } from '../url-refusal.ts';
import { withinSeconds } from '../within-seconds.ts';
import { KnownViews } from './known-views.ts';
import type { ResolvedPreload } from './options.ts';
import { Problems } from './problems.ts';
import { ViewFiles } from './view-files.ts';
import { ViewFinder, viewTag, type FinderSetting, type FoundView } from './view-finder.ts';
import { Waits } from './waits.ts';

/** How long a template is given what is known of a view before it is looked at again, in milliseconds. */
const FRESH_MILLISECONDS = 1000;

/** So many views are remembered for their pages to be rendered again once they can be preloaded. */
const MOST_LIVE = 10_000;

/** What preloading needs of the pages around it. */
export interface PreloadSetting extends Omit<FinderSetting, 'files' | 'known'> {
  readonly preload: ResolvedPreload;
  readonly rules: GateRules;
  /** How long a visitor's own request waits for a view. */
  readonly waitSeconds: number;
}

/** A view, as it was asked for. */
interface AskedView {
  /** Where it is answered afresh. */
  readonly live: string;
  readonly key: PageKey;
  readonly url: string;
}

/** Gives the static URLs of views, and makes their files. */
export class Preloads {
  readonly files: ViewFiles;
  readonly known: KnownViews<FoundView> = new KnownViews();
  readonly finder: ViewFinder;
  readonly #setting: PreloadSetting;
  readonly problems: Problems;
  readonly #waits = new Waits();
  /** Looks that nobody waits for, one for each view. */
  readonly #looks = new Map<string, Promise<unknown>>();
  /** Views whose live URLs may stand in stored pages, since they could not be preloaded. */
  readonly #live = new Set<string>();

  constructor(setting: PreloadSetting) {
    this.#setting = setting;
    this.files = new ViewFiles(setting.preload, setting.rules.sites[0] ?? '');
    this.finder = new ViewFinder({ ...setting, files: this.files, known: this.known });
    this.problems = new Problems(setting.preload.throwOnError);
  }

  /** The static URL of a view, rendered if it is not there; its live URL where there is none. */
  async preload(url: string | URL, query: readonly ViewQuery[]): Promise<string> {
    const view = this.#asked(url, query);
    if (typeof view === 'string') return view;
    const isVisit = isVisiting();
    const callers = this.#callers();
    const end = this.#beginWait(view);
    if (end === undefined) return view.live;
    try {
      const finding = this.#find(view, !isVisit);
      const { waitSeconds } = this.#setting;
      const found = await (isVisit ? withinSeconds(waitSeconds, finding) : finding);
      return this.#urlFor(callers, view, found ?? { kind: 'busy' });
    } finally {
      end();
    }
  }

  /** The static URL of a view where it is known; else its live URL, while it renders. */
  staticPreload(url: string | URL, query: readonly ViewQuery[]): string {
    const view = this.#asked(url, query);
    if (typeof view === 'string') return view;
    const callers = this.#callers();
    const end = this.#beginWait(view);
    if (end === undefined) return view.live;
    const known = this.known.get(view.url);
    if (known !== undefined && performance.now() - known.at < FRESH_MILLISECONDS) {
      end();
      return this.#urlFor(callers, view, known.found);
    }
    const look = this.#lookInBackground(view, !isVisiting());
    void look.then(end);
    if (known !== undefined) return this.#urlFor(callers, view, known.found);
    // With its live URL the page would be stored for ever.
    for (const notes of callers) notes.missing.add(look);
    return view.live;
  }

  /** What was asked for; or at once its live URL, where it is no page. */
  #asked(url: string | URL, query: readonly ViewQuery[]): AskedView | string {
    const { rules } = this.#setting;
    const live = viewUrl(url, query, rules.query);
    const decision = keyOfUrl(live, rules);
    if (decision.kind === 'page') {
      const { key } = decision;
      return { live, key, url: key.site + key.target };
    }
    const { code, detail } = urlRefusal(decision);
    this.problems.tell(live, { kind: code, code: 'PRELOAD_REFUSED', detail });
    return live;
  }

  /** The pages that a call may be for: where the async context is lost, all that are being rendered. */
  #callers(): readonly PageNotes[] {
    const page = callingPage();
    if (page !== undefined) return [page];
    return isVisiting() ? [] : pagesUnderWay(this.#setting.rules);
  }

  /** @returns `undefined` where the view waits for the page that asks for it */
  #beginWait(view: AskedView): (() => void) | undefined {
    const page = callingPage();
    if (page === undefined) return () => {};
    const end = this.#waits.begin(page.url, view.url);
    if (end === undefined) this.#warnOfCircle(view);
    return end;
  }

  #warnOfCircle({ url }: AskedView): void {
    this.problems.warn(
      url,
      'CIRCLE',
      `The view ${quote(url)} preloads itself, perhaps by way of others. Its live URL is given there. Link to it without preloading it.`,
    );
  }

  async #find({ key, url }: AskedView, isNested: boolean): Promise<FoundView> {
    const found = await this.finder.find(key, isNested);
    // Pages that were stored without it can have it now.
    if (found.kind === 'file' && this.#live.delete(url))
      await this.#setting.invalidate([viewTag(url)]).catch(() => this.#live.add(url));
    return found;
  }

  #lookInBackground(view: AskedView, isNested: boolean): Promise<unknown> {
    const running = this.#looks.get(view.url);
    if (running !== undefined) return running;
    const look = this.#find(view, isNested)
      .catch(() => {})
      .finally(() => this.#looks.delete(view.url));
    this.#looks.set(view.url, look);
    return look;
  }

  /** The URL for a page, which is then tagged by what it is made of. */
  #urlFor(callers: readonly PageNotes[], view: AskedView, found: FoundView): string {
    const { key, url, live } = view;
    if (found.kind === 'file') {
      const { name, tags } = found;
      const itself = callers.find((notes) => tags.includes(viewTag(notes.url)));
      if (itself !== undefined) {
        this.#warnOfCircle({ ...view, url: itself.url });
        return live;
      }
      for (const notes of callers) {
        notes.add([...tags, viewTag(url)]);
        notes.checks.set(url, () => this.#isCurrent(key, name));
      }
      return this.#setting.preload.prefix.href + name;
    }
    for (const notes of callers) {
      notes.add([viewTag(url)]);
      // It will be there at another try.
      if (found.kind === 'busy') notes.missing.add(Promise.resolve());
    }
    if (callers.length > 0 && this.#live.size < MOST_LIVE) this.#live.add(url);
    if (found.kind === 'problem') this.problems.tell(live, found.problem);
    return live;
  }

  /** Whether a page may land with a name that it was given. */
  async #isCurrent(key: PageKey, name: string): Promise<boolean> {
    const isCurrent = await this.finder.isCurrent(key, name);
    if (!isCurrent) this.known.drop(key.site + key.target);
    return isCurrent;
  }

  /** Ends once what goes on in the background has. */
  async close(): Promise<void> {
    await Promise.all(this.#looks.values());
  }
}

/** By the pages that have them: `pageTags()` finds them there. */
const preloadsOfPages = new WeakMap<object, Preloads | undefined>();

/** Lets templates find the preloaded views of pages. */
export function registerPreloads(pages: object, preloads: Preloads | undefined): void {
  preloadsOfPages.set(pages, preloads);
}

/**
 * The preloaded views of pages.
 *
 * @throws TypeError where there are none
 */
export function preloadsOf(pages: object, caller: string): Preloads {
  const preloads = preloadsOfPages.get(pages);
  if (preloads !== undefined) return preloads;
  throw new TypeError(
    preloadsOfPages.has(pages)
      ? `${caller} needs the option "preload" of createPages(), such as { folder: "preloaded" }.`
      : `${caller} takes what createPages() gives.`,
  );
}
