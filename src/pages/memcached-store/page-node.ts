import { setTimeout as sleep } from 'node:timers/promises';
import { append, cas, flagsOf, get, gets, remove, stats, type MemcachedNode } from '../../memcached/index.ts';
import type { PageKey } from '../store.ts';
import type { ItemNames } from './item-names.ts';
import { evictedBy, NodeOpening, thrownAway } from './node-opening.ts';
import { logLine, openLandings, parseLog, shortened, type NodeLog } from './node-log.ts';
import { fittingRecord, type PageRecord } from './page-records.ts';

/** What a node keeps pages by. */
export interface NodeSetting {
  readonly items: ItemNames;
  readonly sites: readonly string[];
  /** Whose pages they are. */
  readonly owner: string;
  /** What tells one list of servers from another. */
  readonly ring: string;
  readonly environment: string;
  readonly ttlSeconds: number;
  readonly deadlineMilliseconds: number;
}

/** A page's item, with its record where that belongs to it. */
export interface ListedPage {
  readonly name: string;
  readonly key: PageKey;
  readonly record: PageRecord | undefined;
}

/** How many items are asked about at once. */
const BATCH = 200;
const POLL_MILLISECONDS = 4;

/** The pages of one memcached. All that concerns a page stands on the node that nginx asks for it. */
export class PageNode {
  readonly memcached: MemcachedNode;
  readonly setting: NodeSetting;
  readonly opening: NodeOpening = new NodeOpening(this);

  constructor(memcached: MemcachedNode, setting: NodeSetting) {
    this.memcached = memcached;
    this.setting = setting;
  }

  /**
   * How long a page may be on its way once the log says that it lands: a writer sends it within a deadline, and he, or what he
   * has sent, may be held up for another one.
   */
  get landingMilliseconds(): number {
    return 2 * this.setting.deadlineMilliseconds;
  }

  /** The log; `undefined` where there is none. */
  async log(): Promise<NodeLog | undefined> {
    const name = this.setting.items.log;
    const [items] = await this.memcached.run(get([name]));
    return parseLog(items.get(name)?.value);
  }

  /**
   * Appends to the log.
   *
   * @returns the log after it; `undefined` where there was none
   * @throws {@link StaticUrlError} `STORE_UNREACHABLE`, also where the node has no room for it
   */
  async append(line: Buffer): Promise<NodeLog | undefined> {
    const name = this.setting.items.log;
    const [stored, items] = await this.memcached.run(append(name, line), get([name]));
    if (typeof stored === 'object') throw thrownAway(this);
    const log = parseLog(items.get(name)?.value);
    // Also where it takes no more: else it never would again.
    if (log !== undefined) this.shorten(log);
    return stored === 'stored' ? log : undefined;
  }

  /**
   * The log of a node on which nothing of an earlier epoch is left. A node that has none, since it is new, was restarted or
   * has thrown the log away, is emptied first.
   *
   * @throws {@link StaticUrlError} `STORE_NOT_OURS`, `STORE_ENVIRONMENT`, `STORE_UNREACHABLE`
   */
  ready(): Promise<NodeLog> {
    return this.opening.ready();
  }

  /** Cuts off the start of a log that has grown long; whoever is quicker has done it as well. */
  shorten(log: NodeLog): void {
    if (shortened(log) === undefined) return;
    const name = this.setting.items.log;
    const again = async (): Promise<void> => {
      const [items] = await this.memcached.run(gets([name]));
      const item = items.get(name);
      const current = parseLog(item?.value);
      const text = current && shortened(current);
      if (text !== undefined)
        await this.memcached.run(cas(name, text, { ttlSeconds: 0, unique: item?.unique ?? '0' }));
    };
    // The next entry tries again.
    again().catch(() => {});
  }

  /**
   * Waits until landings are over. Of whoever does not come to an end it is written that nobody waits for him: he takes his
   * page back when he goes on.
   *
   * @returns the log after it
   */
  async outwait(landings: readonly { readonly id: string }[]): Promise<NodeLog | undefined> {
    const ids = new Set(landings.map(({ id }) => id));
    const until = performance.now() + this.landingMilliseconds;
    for (;;) {
      const log = await this.log();
      const open = log === undefined ? [] : openLandings(log).filter(({ id }) => ids.has(id));
      if (open.length === 0) return log;
      if (performance.now() > until)
        return this.append(Buffer.concat(open.map(({ id }) => logLine('E', id))));
      await sleep(POLL_MILLISECONDS);
    }
  }

  /** The names of all pages of ours, by the hundreds. */
  async *names(): AsyncGenerator<string[], void, undefined> {
    const { items, sites } = this.setting;
    let batch: string[] = [];
    for await (const name of this.memcached.keys(items.pages)) {
      if (items.pageOf(name, sites) === undefined) continue;
      batch.push(name);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  /** Pages with their records. Of those that are not there the record is missing too. */
  async listed(names: readonly string[]): Promise<ListedPage[]> {
    const { items, sites } = this.setting;
    const pages: ListedPage[] = [];
    for (let first = 0; first < names.length; first += BATCH) {
      const batch = names.slice(first, first + BATCH);
      const [records, ...flags] = await this.memcached.run(
        get(batch.map((name) => items.record(name))),
        ...batch.map((name) => flagsOf(name)),
      );
      for (const [index, name] of batch.entries()) {
        const key = items.pageOf(name, sites);
        const record = fittingRecord(records.get(items.record(name))?.value, flags[index]);
        if (key !== undefined) pages.push({ name, key, record });
      }
    }
    return pages;
  }

  /** Removes pages with their records. @returns the names of those that were there */
  async removeItems(names: readonly string[]): Promise<ReadonlySet<string>> {
    const gone = new Set<string>();
    for (let first = 0; first < names.length; first += BATCH) {
      const batch = names.slice(first, first + BATCH);
      const replies = await this.memcached.run(
        ...batch.map((name) => remove(name)),
        ...batch.map((name) => remove(this.setting.items.record(name))),
      );
      for (const [index, name] of batch.entries()) if (replies[index] === 'done') gone.add(name);
    }
    return gone;
  }

  /**
   * Removes all pages of a node that takes no entry in its log: nobody lands without a log, and what was about to land is
   * waited for.
   */
  async empty(): Promise<void> {
    await this.memcached.run(remove(this.setting.items.log));
    await sleep(this.landingMilliseconds);
    for await (const names of this.names()) await this.removeItems(names);
  }

  /** How many items the node has thrown away, of anybody's: what is missing since may have been thrown away too. */
  async evicted(): Promise<number> {
    const [found] = await this.memcached.run(stats());
    return evictedBy(found);
  }
}
