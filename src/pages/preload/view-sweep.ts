import { keyOfUrl, type GateRules } from '../rules/index.ts';
import type { PageStore, StoredPage } from '../store.ts';
import type { ViewFiles } from './view-files.ts';
import { viewTag } from './view-finder.ts';

/** What a sweep of preloaded views needs. */
export interface ViewSweepSetting {
  readonly files: ViewFiles;
  readonly store: PageStore;
  /** Of any URL of the sites. */
  readonly rules: GateRules;
  readonly isDue: (storedAt: Date) => boolean;
  readonly invalidate: (tags: readonly string[]) => Promise<unknown>;
}

/** What a sweep of all pages does for preloaded views. */
export interface ViewSweep {
  /** Whether a page is a view that is to be rendered anew. */
  readonly isOutdated: (page: StoredPage) => boolean;
  /** Called once all pages were looked at: removes files that no page names any more, once a day. */
  readonly end: () => Promise<void>;
}

const TAG_START = viewTag('');

/** Begins a sweep. */
export function beginViewSweep({ files, store, rules, isDue, invalidate }: ViewSweepSetting): ViewSweep {
  const isGiven = files.allGiven();
  const isSweepDue = files.isSweepDue;
  const named = new Set<string>();
  /** Keeps the file of a view that stored pages name. */
  async function keep(url: string): Promise<void> {
    const decision = keyOfUrl(url, rules);
    if (decision.kind !== 'page') return;
    const view = isGiven(url) ? await store.read(decision.key) : undefined;
    if (view === undefined) {
      // It was evicted, or the folder was emptied, or it could not be preloaded: its pages try again.
      await invalidate([viewTag(url)]);
      return;
    }
    await files.ensure(view);
    files.useGiven(url);
  }
  return {
    isOutdated(page) {
      if (isSweepDue)
        for (const tag of page.tags) if (tag.startsWith(TAG_START)) named.add(tag.slice(TAG_START.length));
      return isDue(page.storedAt) && isGiven(page.url);
    },
    async end() {
      if (!isSweepDue) return;
      try {
        for (const url of named) await keep(url);
      } finally {
        files.sweep();
      }
    },
  };
}
