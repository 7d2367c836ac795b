import { setTimeout as sleep } from 'node:timers/promises';
import { StaticUrlError } from '../../core/errors.ts';
import { byteText, quote } from '../../core/text.ts';
import { add, get, MemcachedUnreachable, set, stats, type MemcachedNode } from '../../memcached/index.ts';
import { logLine, newId, newLog, parseLog, type NodeLog } from './node-log.ts';
import type { PageNode } from './page-node.ts';

/** How often another epoch may begin while one is waited for. */
const TRIES = 5;
const FOREVER = { ttlSeconds: 0 };

/** How a node was found. */
interface Look {
  readonly log: NodeLog | undefined;
  /** The sites' marks that are missing. */
  readonly unmarked: readonly string[];
  /** Whether what it keeps may have missed removals. */
  readonly isOutdated: boolean;
  readonly isReady: boolean;
}

/** Makes a node ready: nothing is left on it of an earlier epoch, of another app, or of another list of servers. */
export class NodeOpening {
  readonly #node: PageNode;
  #opening: Promise<NodeLog> | undefined;
  /** Whether its pages count, if there are any: until this process has found it ready, they need not. */
  #trust: 'by-ring' | 'none' | 'full' = 'by-ring';

  constructor(node: PageNode) {
    this.#node = node;
  }

  /** Whether processes with another list of servers have used it last. */
  async isOfOtherRing(): Promise<boolean> {
    return (await this.#look()).isOutdated;
  }

  /** Has it emptied before it is ready. */
  distrust(): void {
    this.#trust = 'none';
  }

  async ready(): Promise<NodeLog> {
    const { log, isReady } = await this.#look();
    if (log !== undefined && isReady) {
      this.#trust = 'full';
      return log;
    }
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async #open(): Promise<NodeLog> {
    const { items, owner, environment, ring } = this.#node.setting;
    let isFresh = false;
    for (let left = TRIES; left > 0; left -= 1) {
      const { log, isReady, isOutdated, unmarked } = await this.#look();
      if (log === undefined || isOutdated || unmarked.length > 0) {
        const [found, settings] = await this.#node.memcached.run(stats(), stats('settings'));
        requireVersion(this.#node.memcached, found.get('version'));
        requireItems(this.#node.memcached, Number(settings.get('item_size_max')));
        isFresh = log === undefined && found.get('total_items') === '0';
        await this.#node.memcached.run(
          (isOutdated ? set : add)(items.log, newLog(evictedBy(found), environment, ring), FOREVER),
          ...unmarked.map((name) => add(name, Buffer.from(owner), FOREVER)),
        );
        if (this.#trust === 'none') this.#trust = 'by-ring';
        continue;
      }
      if (isReady) {
        this.#trust = 'full';
        return log;
      }
      // What was about to land when the log of before went is on its way for so long.
      if (!isFresh) await sleep(this.#node.landingMilliseconds);
      // Another process may have done it meanwhile, and pages have landed.
      if ((await this.#look()).isReady) continue;
      for await (const names of this.#node.names()) await this.#node.removeItems(names);
      await this.#node.append(logLine('R', newId()));
    }
    throw thrownAway(this.#node);
  }

  /** The log, unless the pages on the node are somebody else's. */
  async #look(): Promise<Look> {
    const { items, sites, owner } = this.#node.setting;
    const marks = sites.map((site) => items.owner(site));
    const [found] = await this.#node.memcached.run(get([items.log, ...marks]));
    for (const [index, mark] of marks.entries()) {
      const other = found.get(mark)?.value.toString();
      if (other !== undefined && other !== owner) throw this.#notOurs(sites[index], other);
    }
    const log = parseLog(found.get(items.log)?.value);
    const unmarked = marks.filter((mark) => !found.has(mark));
    const isReady = this.isReady(log) && unmarked.length === 0;
    return { log, unmarked, isOutdated: log !== undefined && !this.#isTrusted(log), isReady };
  }

  /**
   * Whether a node with such a log takes and loses pages of this process, which may have missed its opening.
   *
   * @throws {@link StaticUrlError} `STORE_ENVIRONMENT`
   */
  isReady(log: NodeLog | undefined): log is NodeLog {
    if (log !== undefined) this.#requireEnvironment(log);
    return log?.isReady === true && this.#isTrusted(log);
  }

  #isTrusted({ ring }: NodeLog): boolean {
    // Later not: while processes with one list take over from those with another, each would empty it for the other.
    return this.#trust === 'full' || (this.#trust === 'by-ring' && ring === this.#node.setting.ring);
  }

  #notOurs(site: string | undefined, other: string): StaticUrlError {
    const { memcached, setting } = this.#node;
    return new StaticUrlError(
      'STORE_NOT_OURS',
      `The pages of ${quote(site)} in the memcached at ${quote(memcached.server.name)} belong to ${quote(other)}, and this app is ${quote(setting.owner)}. Give each app a "keyPrefix" of its own, or both the same "owner" if they are one app.`,
    );
  }

  #requireEnvironment({ environment }: NodeLog): void {
    const own = this.#node.setting.environment;
    if (environment === own) return;
    throw new StaticUrlError(
      'STORE_ENVIRONMENT',
      `The pages in the memcached at ${quote(this.#node.memcached.server.name)} are written with ${environmentText(environment)}, and this process runs with ${environmentText(own)}. Run it with the same NODE_ENV, or give it servers or a "keyPrefix" of its own.`,
    );
  }
}

function environmentText(environment: string): string {
  return environment === '' ? 'no NODE_ENV' : `NODE_ENV=${environment}`;
}

/** Older ones do not know the commands that we send. */
function requireVersion({ server }: MemcachedNode, version = ''): void {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (Number(major) * 1000 + Number(minor) >= 1006) return;
  throw new MemcachedUnreachable(server, `has the version ${quote(version)}, and pages need 1.6 or later.`, {
    wasSent: true,
    reason: 'no-memcached',
  });
}

/** A log that no longer fits would end all landings. */
const LEAST_ITEM_BYTES = 128 * 1024;

function requireItems({ server }: MemcachedNode, most: number): void {
  if (!(most < LEAST_ITEM_BYTES)) return;
  const problem = `takes items of at most ${byteText(most)} (-I), and pages need ${byteText(LEAST_ITEM_BYTES)}.`;
  throw new MemcachedUnreachable(server, problem, { wasSent: true, reason: 'no-memcached' });
}

/** A node that keeps nothing. */
export function thrownAway({ memcached }: PageNode): StaticUrlError {
  return new StaticUrlError(
    'STORE_UNREACHABLE',
    `The memcached at ${quote(memcached.server.name)} keeps nothing that it is given. Give it more memory (-m).`,
  );
}

/** What a server counts of items that it throws away. */
const EVICTIONS = ['evictions', 'slab_reassign_evictions_nomem', 'slab_reassign_busy_deletes'];

/** How many items a server says that it has thrown away, of anybody's. */
export function evictedBy(found: ReadonlyMap<string, string>): number {
  return EVICTIONS.reduce((sum, name) => sum + Number(found.get(name) ?? 0), 0);
}
