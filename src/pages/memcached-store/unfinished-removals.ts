import { setTimeout as sleep } from 'node:timers/promises';
import type { PageKey } from '../store.ts';
import type { PageNode } from './page-node.ts';
import { removeAll, removeBelow, removePages, removeTagged } from './removal.ts';

/** What is to be removed from a node. */
export interface Removal {
  readonly names?: Iterable<string>;
  readonly below?: readonly PageKey[];
  readonly tags?: Iterable<string>;
  readonly all?: boolean;
  /** Whether a command that was sent may still put a page there: then it is removed twice, a deadline apart. */
  readonly isSent?: boolean;
}

const PAUSE_MILLISECONDS = 1000;

/** Removals that a node has not acknowledged, which go on in the background until it has, or nothing can be left of them. */
export class UnfinishedRemovals {
  readonly #node: PageNode;
  readonly #open = new Map<string, { readonly removal: Removal; readonly until: number }>();
  #isRunning = false;
  #isClosed = false;

  constructor(node: PageNode) {
    this.#node = node;
  }

  add(removal: Removal): void {
    const until = performance.now() + this.#node.setting.ttlSeconds * 1000;
    const { isSent = false } = removal;
    this.#forgetEnded();
    // Each once, however often it was asked for.
    for (const name of removal.names ?? []) this.#put(`page ${name}`, { names: [name], isSent }, until);
    for (const key of removal.below ?? [])
      this.#put(`below ${key.site}${key.target}`, { below: [key] }, until);
    for (const tag of removal.tags ?? []) this.#put(`tag ${tag}`, { tags: [tag] }, until);
    if (removal.all) this.#put('all', { all: true }, until);
    if (!this.#isRunning) void this.#work();
  }

  close(): void {
    this.#isClosed = true;
  }

  #put(name: string, removal: Removal, until: number): void {
    const isSent = removal.isSent === true || this.#open.get(name)?.removal.isSent === true;
    // At the end: they stand in the order in which they end.
    this.#open.delete(name);
    this.#open.set(name, { removal: { ...removal, isSent }, until });
  }

  /** The pages of before have ended by themselves. */
  #forgetEnded(): void {
    const now = performance.now();
    for (const [name, { until }] of this.#open) {
      if (until >= now) return;
      this.#open.delete(name);
    }
  }

  async #work(): Promise<void> {
    this.#isRunning = true;
    while (this.#open.size > 0 && !this.#isClosed) {
      await this.#node.memcached.whenReachable();
      this.#forgetEnded();
      const taken = new Map(this.#open);
      const removals = [...taken.values()].map(({ removal }) => removal);
      const sent = removals.filter(({ isSent }) => isSent);
      try {
        await this.#perform(removals);
        if (sent.length > 0) {
          await sleep(this.#node.setting.deadlineMilliseconds, undefined, { ref: false });
          await this.#perform(sent);
        }
      } catch {
        await sleep(PAUSE_MILLISECONDS, undefined, { ref: false });
        continue;
      }
      // What was asked for again meanwhile stays.
      for (const [name, one] of taken) if (this.#open.get(name) === one) this.#open.delete(name);
    }
    this.#isRunning = false;
  }

  async #perform(removals: readonly Removal[]): Promise<void> {
    const node = this.#node;
    if (removals.some(({ all }) => all)) {
      await removeAll(node);
      return;
    }
    const names = removals.flatMap((each) => [...(each.names ?? [])]);
    const tags = removals.flatMap((each) => [...(each.tags ?? [])]);
    if (names.length > 0) await removePages(node, names);
    for (const key of removals.flatMap(({ below = [] }) => below)) await removeBelow(node, key);
    if (tags.length > 0) await removeTagged(node, tags);
  }
}
