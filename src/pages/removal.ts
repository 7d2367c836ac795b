import type { StaticUrlError } from '../core/errors.ts';
import { checkNames } from '../core/options.ts';
import { quote } from '../core/text.ts';
import type { PurgedPages } from './pages.ts';
import { pagesOf, type PageResult, type PagesReport } from './publishing.ts';
import type { RefusalMemory } from './refusal-memory.ts';
import type { Resource } from './resources.ts';
import type { GateRules } from './rules/index.ts';
import type { PageKey, PageStore } from './store.ts';
import { isUnreachable, unreachable } from './unreachable.ts';

/** What removing needs. */
export interface RemovalSetting {
  readonly store: PageStore;
  /** Any URL of the sites: what was stored under other options can be removed too. */
  readonly rules: GateRules;
  /** Forgets why a removed page was refused: the app may answer otherwise now. */
  readonly memory: RefusalMemory;
  readonly onPurged: (purged: PurgedPages) => void;
}

/** Removes pages, by their URLs or their tags. */
export class Removal {
  readonly #setting: RemovalSetting;

  constructor(setting: RemovalSetting) {
    this.#setting = setting;
  }

  async delete(resources: readonly Resource[], recursive: boolean): Promise<PagesReport> {
    const { store, rules } = this.#setting;
    const { keys, unfit } = await pagesOf(resources, rules);
    const all = keys.flatMap((key) => [key, withOtherSlash(key)]);
    const gone: PageKey[] = [];
    let failure: StaticUrlError | undefined;
    for (const remove of recursive
      ? keys.map((key) => () => store.deleteBelow(key))
      : [() => store.delete(all)])
      // What is on other servers goes all the same.
      gone.push(...(await remove().catch((error: unknown) => ((failure = unreachable(error)), []))));
    if (failure === undefined) return this.#removed(gone, [], [...unfit, ...missing(keys, gone)]);
    this.#removed([...gone, ...all], [], []);
    throw failure;
  }

  async invalidate(tags: readonly string[]): Promise<PagesReport> {
    const { store, onPurged } = this.#setting;
    const gone = await store.invalidate(tags).catch((error: unknown) => {
      // A CDN knows by the tags what it has of pages that are gone, and of those that go in the background.
      if (isUnreachable(error)) onPurged({ urls: [], tags });
      throw error;
    });
    return this.#removed(gone, tags, []);
  }

  async clear(): Promise<PagesReport> {
    const { store, memory } = this.#setting;
    memory.clear();
    return this.#removed(await store.clear(), [], []);
  }

  #removed(gone: readonly PageKey[], tags: readonly string[], others: readonly PageResult[]): PagesReport {
    const { memory, onPurged } = this.#setting;
    const urls = gone.map(({ site, target }) => site + target);
    for (const url of urls) memory.forget(url);
    if (urls.length > 0 || tags.length > 0) onPurged({ urls, tags });
    return { results: [...urls.map((url): PageResult => ({ url, result: 'deleted' })), ...others] };
  }
}

/** @throws TypeError for anything but tags */
export function checkedTags(what: { readonly tags: readonly string[] }): readonly string[] {
  checkNames('invalidate()', what, ['tags']);
  const { tags } = what;
  if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== 'string' || tag === ''))
    throw new TypeError(`invalidate() takes the tags as a list of non-empty strings, not ${quote(tags)}.`);
  return tags;
}

/** The same path with a slash at its end, or without. */
function withOtherSlash({ site, target }: PageKey): PageKey {
  const [path = '', ...query] = target.split('?');
  const other = path === '/' ? path : path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  return { site, target: [other, ...query].join('?') };
}

function missing(keys: readonly PageKey[], gone: readonly PageKey[]): PageResult[] {
  const known = new Set(gone.map(({ site, target }) => site + target));
  return keys
    .filter((key) => [key, withOtherSlash(key)].every(({ site, target }) => !known.has(site + target)))
    .map(({ site, target }) => ({ url: site + target, result: 'missing' }));
}
