import type { RenderOutcome } from '../page-render.ts';
import type { PageKey, PageStore } from '../store.ts';
import type { KnownViews } from './known-views.ts';
import { problemOf, type Problem } from './problems.ts';
import type { ViewFiles } from './view-files.ts';

/** What became of a view that was to be preloaded. */
export type FoundView =
  | { readonly kind: 'file'; readonly name: string; readonly tags: readonly string[] }
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** For the moment there is none: too much is being rendered, or the view changed again and again. */
  | { readonly kind: 'busy' };

/** What finding views needs. */
export interface FinderSetting {
  readonly store: PageStore;
  /** Rejects when the store cannot be used. */
  readonly opened: () => Promise<void>;
  readonly files: ViewFiles;
  readonly known: KnownViews<FoundView>;
  /** Whether a stored view is to be rendered anew before it is given. */
  readonly isOutdated: (key: PageKey, storedAt: Date) => boolean;
  /** Renders a view that is not stored, by the rule and limits of all pages. */
  readonly render: (key: PageKey, isNested: boolean) => Promise<RenderOutcome>;
  /** Renders a stored view anew; it stays where that fails. */
  readonly renew: (key: PageKey) => Promise<void>;
  /** Removes the pages that have one of the tags. */
  readonly invalidate: (tags: readonly string[]) => Promise<unknown>;
}

/** How often a view may change while it is looked for. */
const MOST_TRIES = 5;

/** The tag of the pages that name a view's file. */
export function viewTag(url: string): string {
  return `preload:${url}`;
}

/** Finds the file of a view, which is made where it is missing. */
export class ViewFinder {
  readonly #setting: FinderSetting;

  constructor(setting: FinderSetting) {
    this.#setting = setting;
  }

  /**
   * The file with the content that the store has of a view; without one the view is rendered. Never rejects.
   *
   * @param isNested - whether a page that is being rendered waits for it: then no limit may hold it up
   */
  async find(key: PageKey, isNested: boolean): Promise<FoundView> {
    const { opened, files, known } = this.#setting;
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const settle = known.look(key.site + key.target);
      let found: FoundView | undefined;
      try {
        await opened();
        // Once: an interval may be shorter than a render takes.
        found = await this.#look(key, isNested, tries === 1);
      } catch (error) {
        found = { kind: 'problem', problem: problemOf(error, files.folder) };
      }
      settle(found?.kind === 'busy' ? undefined : found);
      if (found !== undefined) return found;
    }
    return { kind: 'busy' };
  }

  /** @returns `undefined` where something has changed meanwhile, and another look is needed */
  async #look(key: PageKey, isNested: boolean, renews: boolean): Promise<FoundView | undefined> {
    const { store, files, isOutdated, render, renew } = this.#setting;
    let page = await store.read(key);
    if (renews && page !== undefined && isOutdated(key, page.storedAt)) {
      await renew(key);
      const renewed = await store.read(key);
      if (renewed?.storedAt.getTime() !== page.storedAt.getTime()) return undefined;
      page = renewed;
    }
    if (page === undefined) {
      const outcome = await render(key, isNested);
      if (outcome.kind === 'stored') return undefined;
      const { reason, code, detail } = outcome.refusal;
      if (reason === 'OVERTAKEN') return undefined;
      if (reason === 'BUSY') return { kind: 'busy' };
      return { kind: 'problem', problem: { kind: code, code: 'PRELOAD_REFUSED', detail } };
    }
    const name = await files.ensure(page);
    return (await this.#isGiven(key, name)) ? { kind: 'file', name, tags: page.tags } : undefined;
  }

  /** Makes sure that it is known which name pages have of a view: so it is noticed when that is the wrong one. */
  async #isGiven(key: PageKey, name: string): Promise<boolean> {
    const { files } = this.#setting;
    const url = key.site + key.target;
    const given = files.given(url);
    if (given === undefined) return files.giveFirst(url, name);
    if (given === name) {
      files.useGiven(url);
      return true;
    }
    await this.agree(key);
    return false;
  }

  /** Whether pages may be stored with this name of a view. */
  async isCurrent(key: PageKey, name: string): Promise<boolean> {
    const { store, files } = this.#setting;
    const page = await store.read(key);
    return page !== undefined && files.nameOf(page) === name && files.given(key.site + key.target) === name;
  }

  /**
   * Removes the pages that name another file than the one with the view's content.
   *
   * Whoever stores a view calls this afterwards, and so does whoever finds another content than pages were given. A page is
   * given a name only while this is the noted one, and is looked at once more before it lands. So whichever comes last, the
   * change of the view or the landing of a page with its old name, that page is removed. The tag is invalidated before the
   * note as well, in case this process ends in between.
   */
  async agree(key: PageKey): Promise<void> {
    const { store, files, invalidate } = this.#setting;
    const url = key.site + key.target;
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const given = files.given(url);
      const page = given === undefined ? undefined : await store.read(key);
      if (page === undefined) return;
      const name = files.nameOf(page);
      if (name === given) return;
      await invalidate([viewTag(url)]);
      await files.giveOther(url, name);
      await invalidate([viewTag(url)]);
    }
  }
}
