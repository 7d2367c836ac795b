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
  return {
    isOutdated(page) {
      if (isSweepDue)
        for (const tag of page.tags) if (tag.startsWith(TAG_START)) named.add(tag.slice(TAG_START.length));
      return isDue(page.storedAt) && isGiven(page.url);
    },
    async end() {
      if (!isSweepDue) return;
      for (const url of named) {
        const decision = keyOfUrl(url, rules);
        if (decision.kind !== 'page') continue;
        const view = await store.read(decision.key);
        if (view !== undefined) files.use(url, await files.nameOf(view));
        // It was evicted, and nobody would notice a change: its pages name it again once they are rendered anew.
        else if (isGiven(url)) await invalidate([viewTag(url)]);
      }
      files.sweep();
    },
  };
}
