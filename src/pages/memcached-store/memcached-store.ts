import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import xxhash from 'xxhash-wasm';
import { StaticUrlError } from '../../core/errors.ts';
import { hexadecimal } from '../../core/hash.ts';
import { quote } from '../../core/text.ts';
import { get } from '../../memcached/index.ts';
import { isShortKey, memcachedKey, type StoredType } from '../rules/index.ts';
import type {
  PageContent,
  PageKey,
  PageStore,
  PendingPage,
  StoredPage,
  StoreSetting,
  SweepVerdict,
} from '../store.ts';
import { isUnreachable } from '../unreachable.ts';
import { beginPage } from './begin.ts';
import { Cluster } from './cluster.ts';
import { ProcessCounts } from './counts.ts';
import { ItemNames } from './item-names.ts';
import type { LandingSetting } from './landing.ts';
import {
  resolveMemcachedStore,
  typeOfPath,
  type MemcachedStoreOptions,
  type ResolvedMemcachedStore,
} from './options.ts';
import { fittingRecord, GZIP_FLAG, storedPage } from './page-records.ts';
import { removeAll, removeBelow, removePages, removeTagged } from './removal.ts';
import { sweepCluster } from './sweep.ts';

/** A {@link PageStore} in memcached. */
export interface MemcachedStore extends PageStore {
  /** What it was given, which nginx has to know too. */
  readonly options: MemcachedStoreOptions;
}

/**
 * Keeps pages in memcached servers, where nginx finds them by its own ring: for many processes of many hosts at once,
 * without locks.
 *
 * @example
 * ```js
 * const store = memcachedStore({ servers: ['10.0.0.1:11211', '10.0.0.2:11211'], ttlSeconds: 86_400 });
 * const pages = createPages({ sites, urls, store });
 * ```
 *
 * @throws TypeError, RangeError for wrong options
 */
export function memcachedStore(options: MemcachedStoreOptions): MemcachedStore {
  return new ClusterStore(options);
}

/** What there is from the first opening to the last closing. */
interface Opened {
  readonly cluster: Cluster;
  readonly landing: LandingSetting;
}

class ClusterStore implements MemcachedStore {
  readonly options: MemcachedStoreOptions;
  readonly #options: ResolvedMemcachedStore;
  readonly #counts = new ProcessCounts();
  #opening: { readonly setting: StoreSetting; readonly done: Promise<void> } | undefined;
  #opened: Opened | undefined;
  #openings = 0;

  constructor(options: MemcachedStoreOptions) {
    this.#options = resolveMemcachedStore(options);
    this.options = options;
  }

  readonly mediaTypeOf = ({ target }: PageKey): StoredType => {
    const [path = ''] = target.split('?');
    return typeOfPath(path, this.#options.types);
  };

  readonly takesKey = (key: PageKey): boolean => isShortKey(memcachedKey(this.#options.keyPrefix, key));

  async open(setting: StoreSetting): Promise<void> {
    this.#openings += 1;
    this.#opening ??= { setting, done: this.#open(setting) };
    try {
      const { sites } = this.#opening.setting;
      if (!isDeepStrictEqual(sites, setting.sites))
        throw new StaticUrlError(
          'STORE_NOT_OURS',
          `The store is open for ${sites.map(quote).join(', ')}. Make another memcachedStore() for ${setting.sites.map(quote).join(', ')}.`,
        );
      await this.#opening.done;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async #open({ sites, environment, onWarning }: StoreSetting): Promise<void> {
    const {
      keyPrefix,
      owner = sites[0] ?? '',
      ttlSeconds,
      deadlineMilliseconds,
      gzip,
      maxItemBytes,
    } = this.#options;
    const items = new ItemNames(keyPrefix, owner);
    const hashes = await xxhash();
    const setting = { items, sites, owner, environment, ttlSeconds, deadlineMilliseconds };
    const cluster = new Cluster(this.#options, setting, onWarning);
    this.#opened = {
      cluster,
      landing: {
        gzip,
        maxItemBytes,
        etag: (body) => `"${hexadecimal(hashes.h64Raw(body))}"`,
        takeBack: ({ name }) => cluster.memberOf(name).unfinished.add({ names: [name], isSent: true }),
      },
    };
    await cluster.ready();
  }

  async close(): Promise<void> {
    this.#openings -= 1;
    if (this.#openings > 0) return;
    const opened = this.#opened;
    this.#opened = undefined;
    this.#opening = undefined;
    await opened?.cluster.close();
  }

  get #cluster(): Cluster {
    return this.#requireOpened().cluster;
  }

  #requireOpened(): Opened {
    if (this.#opened) return this.#opened;
    throw new Error('The store of pages in memcached is not open. Call open() first.');
  }

  async read(key: PageKey): Promise<PageContent | undefined> {
    const cluster = this.#cluster;
    const name = cluster.items.page(key);
    if (name === undefined) return undefined;
    const recordName = cluster.items.record(name);
    const [found] = await cluster.memberOf(name).node.memcached.run(get([name, recordName]));
    const item = found.get(name);
    const record = fittingRecord(found.get(recordName)?.value, item?.flags);
    if (item === undefined || record === undefined) return undefined;
    const { mediaType, etag, tags, storedAt } = record;
    const isCompressed = (item.flags & GZIP_FLAG) !== 0;
    return {
      body: isCompressed ? gunzipSync(item.value) : item.value,
      copies: isCompressed ? [{ encoding: 'gzip', body: item.value }] : [],
      mediaType,
      etag,
      tags,
      storedAt: new Date(storedAt),
    };
  }

  async begin(
    { site, target }: PageKey,
    { fence }: { readonly fence: boolean },
  ): Promise<PendingPage | undefined> {
    const { cluster, landing } = this.#requireOpened();
    const key = { site, target };
    const name = cluster.items.page(key);
    if (name === undefined) return undefined;
    return beginPage(cluster.memberOf(name).node, key, name, fence, landing);
  }

  async delete(keys: readonly PageKey[]): Promise<PageKey[]> {
    const cluster = this.#cluster;
    const named = new Map<string, PageKey>();
    for (const { site, target } of keys) {
      const name = cluster.items.page({ site, target });
      if (name !== undefined) named.set(name, { site, target });
    }
    const groups = cluster.byMember(named.keys());
    const urlsOf = (names: readonly string[] = []): string[] =>
      names.map((name) => `${named.get(name)?.site}${named.get(name)?.target}`);
    const gone = new Set(
      await cluster.remove({
        on: groups.keys(),
        remove: (member) => removePages(member.node, groups.get(member) ?? []),
        removal: (member) => ({ names: groups.get(member) ?? [] }),
        urls: (member) => urlsOf(groups.get(member)),
        what: (member) => urlList(urlsOf(groups.get(member))),
      }),
    );
    return [...named].flatMap(([name, key]) => (gone.has(name) ? [key] : []));
  }

  async deleteBelow(key: PageKey): Promise<PageKey[]> {
    const cluster = this.#cluster;
    return cluster.remove({
      on: cluster.members,
      remove: ({ node }) => removeBelow(node, key),
      removal: () => ({ below: [key] }),
      what: () => `${quote(key.site + key.target)} and what is below it`,
    });
  }

  async invalidate(tags: readonly string[]): Promise<StoredPage[]> {
    const cluster = this.#cluster;
    if (tags.length === 0) return [];
    const records = await cluster.remove({
      on: cluster.members,
      remove: ({ node }) => removeTagged(node, tags),
      removal: () => ({ tags }),
      what: () =>
        `pages with ${tags.length === 1 ? 'the tag' : 'one of the tags'} ${tags.map(quote).join(', ')}`,
    });
    return records.map(storedPage);
  }

  async clear(): Promise<PageKey[]> {
    const cluster = this.#cluster;
    return cluster.remove({
      on: cluster.members,
      remove: ({ node }) => removeAll(node),
      removal: () => ({ all: true }),
      what: () => 'its pages',
    });
  }

  async *list(): AsyncGenerator<StoredPage, void, undefined> {
    let failure: StaticUrlError | undefined;
    for (const { node } of this.#cluster.members)
      try {
        for await (const names of node.names())
          for (const { record } of await node.listed(names))
            if (record !== undefined) yield storedPage(record);
      } catch (error) {
        // The others tell theirs all the same.
        if (!isUnreachable(error)) throw error;
        failure ??= error;
      }
    if (failure !== undefined) throw failure;
  }

  async sweep(
    judge: (page: StoredPage) => SweepVerdict,
    renew: (page: StoredPage) => Promise<boolean>,
  ): Promise<boolean> {
    return sweepCluster(this.#cluster, judge, renew);
  }

  async saveCounts(counts: Readonly<Record<string, number>>): Promise<void> {
    await this.#counts.save(this.#cluster, counts);
  }

  async counts(): Promise<Readonly<Record<string, number>>> {
    return this.#counts.sums(this.#cluster);
  }
}

/** How many URLs a message names. */
const NAMED_URLS = 10;

function urlList(urls: readonly string[]): string {
  const named = urls.slice(0, NAMED_URLS).map(quote).join(', ');
  return urls.length > NAMED_URLS ? `${named} and ${urls.length - NAMED_URLS} others` : named;
}
