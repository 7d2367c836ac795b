import { createHash } from 'node:crypto';
import { StaticUrlError } from '../../src/core/errors.ts';
import { isNameable } from '../../src/pages/file-store/names.ts';
import { isBelow } from '../../src/pages/rules/index.ts';
import type {
  NewPage,
  PageContent,
  PageKey,
  PageStore,
  PendingPage,
  StoredPage,
} from '../../src/pages/store.ts';

interface Held {
  readonly key: PageKey;
  readonly page: NewPage;
  readonly began: number;
  readonly storedAt: Date;
}

/** Something that outdates renders which began before it. */
interface Outdating {
  readonly at: number;
  readonly hits: (key: PageKey, tags: readonly string[] | undefined) => boolean;
}

const urlOf = ({ site, target }: PageKey): string => site + target;

/**
 * What stores in memory share, as processes share servers. Some of the pages can be out of reach, as behind a server that
 * does not answer.
 */
export class Memory {
  readonly pages = new Map<string, Held>();
  readonly outdatings: Outdating[] = [];
  readonly counts = new Map<PageStore, Readonly<Record<string, number>>>();
  clock = 0;
  isSwept = false;
  /** Which pages no server answers for. */
  isDown: (key: PageKey) => boolean = () => false;
  /** Whether only writing fails. */
  isReadable = false;
  /** What the store was asked. */
  readonly asked: string[] = [];
  /** The URLs of pages that are removed once their server answers. */
  readonly open = new Set<string>();

  /** Lets every server answer again, and does what is left to do. */
  recover(): void {
    this.isDown = () => false;
    for (const url of this.open) this.pages.delete(url);
    this.open.clear();
  }

  outdate(hits: Outdating['hits']): void {
    this.clock += 1;
    this.outdatings.push({ at: this.clock, hits });
  }

  /** @throws `STORE_UNREACHABLE` */
  reach(call: string, key: PageKey): void {
    this.asked.push(`${call} ${key.target}`);
    if (this.isDown(key) && !(this.isReadable && call === 'read')) throw unreachable(urlOf(key));
  }

  remove(hits: (held: Held) => boolean, named?: readonly PageKey[]): Held[] {
    const found = [...this.pages.values()].filter(hits);
    const open = (named ?? found.map(({ key }) => key)).filter((key) => this.isDown(key)).map(urlOf);
    for (const url of open) this.open.add(url);
    for (const { key } of found) if (!this.isDown(key)) this.pages.delete(urlOf(key));
    if (open.length > 0) throw unreachable(...open);
    return found;
  }
}

/** What a store throws of which a server does not answer. */
export function unreachable(...urls: string[]): Error {
  const error = new StaticUrlError(
    'STORE_UNREACHABLE',
    `The server "down:1" does not answer for ${urls.join(', ')}.`,
  );
  return Object.assign(error, { urls });
}

const describe = ({ key, page, storedAt }: Held): StoredPage => ({
  ...key,
  url: urlOf(key),
  mediaType: page.mediaType,
  size: page.body.length,
  storedAt,
  tags: [...new Set(page.tags)],
  assetsVersion: page.assetsVersion,
});

/** A store in memory. */
export function memoryStore(memory: Memory, more: Partial<PageStore> = {}): PageStore {
  const store: PageStore = {
    open: async () => {},
    close: async () => {},
    async read(key): Promise<PageContent | undefined> {
      memory.reach('read', key);
      const held = memory.pages.get(urlOf(key));
      if (held === undefined) return undefined;
      const etag = `"${createHash('md5').update(held.page.body).digest('hex')}"`;
      return { ...describe(held), body: held.page.body, copies: [], etag };
    },
    async begin(key, { fence }): Promise<PendingPage | undefined> {
      if (!isNameable(key)) return undefined;
      memory.reach('begin', key);
      const url = urlOf(key);
      if (fence) memory.outdate((other) => urlOf(other) === url);
      const began = (memory.clock += 1);
      let isOver = false;
      const isOutdated = (tags?: readonly string[]): boolean =>
        isOver || memory.outdatings.some(({ at, hits }) => at > began && hits(key, tags));
      return {
        isJoinable: async () => {
          memory.reach('join', key);
          return !isOutdated();
        },
        async land(page) {
          memory.reach('land', key);
          if (isOutdated(page.tags) || (memory.pages.get(url)?.began ?? 0) > began) return false;
          memory.pages.set(url, { key, page, began, storedAt: new Date() });
          return true;
        },
        discard: async () => {
          isOver = true;
          memory.reach('discard', key);
        },
      };
    },
    async delete(keys) {
      const urls = new Set(keys.map(urlOf));
      memory.outdate((key) => urls.has(urlOf(key)));
      return memory.remove(({ key }) => urls.has(urlOf(key)), keys).map(({ key }) => key);
    },
    async deleteBelow(above) {
      const hits = ({ site, target }: PageKey): boolean =>
        site === above.site && isBelow(target, above.target);
      memory.outdate(hits);
      return memory.remove(({ key }) => hits(key)).map(({ key }) => key);
    },
    async invalidate(tags) {
      memory.outdate((_, known) => known === undefined || known.some((tag) => tags.includes(tag)));
      return memory.remove(({ page }) => page.tags.some((tag) => tags.includes(tag))).map(describe);
    },
    async clear() {
      memory.outdate(() => true);
      return memory.remove(() => true).map(({ key }) => key);
    },
    async *list() {
      const held = [...memory.pages.values()];
      for (const each of held) if (!memory.isDown(each.key)) yield describe(each);
      const open = held.filter(({ key }) => memory.isDown(key)).map(({ key }) => urlOf(key));
      if (open.length > 0) throw unreachable(...open);
    },
    async sweep(judge, renew) {
      if (memory.isSwept) return false;
      memory.isSwept = true;
      try {
        const judged = [...memory.pages.values()].map((held) => ({ held, verdict: judge(describe(held)) }));
        for (const { held, verdict } of judged) {
          if (verdict === 'keep' || (verdict === 'outdated' && (await renew(describe(held))))) continue;
          if (memory.pages.get(urlOf(held.key)) === held) memory.pages.delete(urlOf(held.key));
        }
        return true;
      } finally {
        memory.isSwept = false;
      }
    },
    saveCounts: async (counts) => void memory.counts.set(store, counts),
    async counts() {
      const sums: Record<string, number> = {};
      for (const counts of memory.counts.values())
        for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
      return sums;
    },
    ...more,
  };
  return store;
}
