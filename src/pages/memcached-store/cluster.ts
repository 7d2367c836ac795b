import { StaticUrlError } from '../../core/errors.ts';
import { MemcachedNode, MemcachedUnreachable, Ring } from '../../memcached/index.ts';
import { isUnreachable } from '../unreachable.ts';
import { hashOf, type ItemNames } from './item-names.ts';
import type { ResolvedMemcachedStore } from './options.ts';
import { PageNode, type NodeSetting } from './page-node.ts';
import { UnfinishedRemovals, type Removal } from './unfinished-removals.ts';

/** A node, with the removals that it has not acknowledged. */
export interface Member {
  readonly node: PageNode;
  readonly unfinished: UnfinishedRemovals;
}

/** A removal on several members. */
export interface SharedRemoval<Gone> {
  readonly on: Iterable<Member>;
  readonly remove: (member: Member) => Promise<Iterable<Gone>>;
  /** The same, as it goes on in the background where a member cannot be reached. */
  readonly removal: (member: Member) => Removal;
  /** The URLs that may still be there then, or `undefined` for any. */
  readonly urls?: (member: Member) => readonly string[];
  /** What a message calls that which may still be there. */
  readonly what: (member: Member) => string;
}

/** Pages may still be there that were to be removed. */
class RemovalUnfinishedError extends StaticUrlError {
  /** Their URLs; missing where nobody knows which. */
  readonly urls?: readonly string[];

  constructor(message: string, urls: readonly string[] | undefined, cause: unknown) {
    super('STORE_UNREACHABLE', message, { cause });
    if (urls !== undefined) this.urls = urls;
  }
}

/** The nodes of a store. */
export class Cluster {
  readonly items: ItemNames;
  readonly members: readonly Member[];
  readonly #ring: Ring;

  readonly #onWarning: (error: Error) => void;

  constructor(
    { servers }: ResolvedMemcachedStore,
    setting: Omit<NodeSetting, 'ring'>,
    onWarning: (error: Error) => void,
  ) {
    this.items = setting.items;
    this.#onWarning = onWarning;
    this.#ring = new Ring(servers);
    const ring = hashOf(
      servers
        .map(({ name, weight }) => `${name} ${weight}`)
        .toSorted()
        .join('\n'),
    );
    this.members = servers.map((server) => {
      const memcached = new MemcachedNode(server, {
        deadlineMilliseconds: setting.deadlineMilliseconds,
        onDown: onWarning,
        // A server that comes back empty is made ready before a page is begun.
        onUp: () =>
          void node.ready().catch((error: unknown) => {
            if (error instanceof Error && !isUnreachable(error)) onWarning(error);
          }),
      });
      const node = new PageNode(memcached, { ...setting, ring });
      return { node, unfinished: new UnfinishedRemovals(node) };
    });
  }

  /**
   * Makes all nodes ready that can be reached.
   *
   * @throws {@link StaticUrlError} `STORE_NOT_OURS`, `STORE_ENVIRONMENT`; `STORE_UNREACHABLE` for a server that is none of memcached
   */
  async ready(): Promise<void> {
    await this.#requireRing();
    const ready = this.members.map(({ node }) =>
      node.ready().catch((error: unknown) => {
        // One that does not answer yet is no reason for a site not to start.
        if (!(error instanceof MemcachedUnreachable) || error.reason !== 'no-answer') throw error;
      }),
    );
    await Promise.allSettled(ready);
    await Promise.all(ready);
  }

  /** Pages that another list of servers did not lead to have missed what was removed meanwhile, on all servers. */
  async #requireRing(): Promise<void> {
    const found = await Promise.allSettled(this.members.map(({ node }) => node.opening.isOfOtherRing()));
    if (!found.some((each) => each.status === 'fulfilled' && each.value)) return;
    for (const { node } of this.members) node.opening.distrust();
    this.#onWarning(
      new Error(
        'The pages in memcached were written with another list of "servers", and are removed. Give all processes the same list, letter by letter.',
      ),
    );
  }

  /** The member that nginx asks for a page. */
  memberOf(name: string): Member {
    const server = this.#ring.serverOf(name);
    const member = this.members.find(({ node }) => node.memcached.server === server);
    if (member === undefined) throw new RangeError(`No server has the page ${name}.`);
    return member;
  }

  /** Names by the members that have them. */
  byMember(names: Iterable<string>): Map<Member, string[]> {
    const groups = new Map<Member, string[]>();
    for (const name of names) {
      const member = this.memberOf(name);
      const group = groups.get(member);
      if (group === undefined) groups.set(member, [name]);
      else group.push(name);
    }
    return groups;
  }

  /**
   * Removes something from several members at once. Where one cannot be reached, the others are done with all the same, and
   * its part goes on in the background.
   *
   * @throws {@link RemovalUnfinishedError}
   */
  async remove<Gone>({ on, remove, removal, urls, what }: SharedRemoval<Gone>): Promise<Gone[]> {
    const failures: { readonly member: Member; readonly error: StaticUrlError }[] = [];
    const gone: Gone[] = [];
    const parts = Array.from(on, async (member) => {
      try {
        gone.push(...(await remove(member)));
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        member.unfinished.add(removal(member));
        failures.push({ member, error });
      }
    });
    await Promise.allSettled(parts);
    await Promise.all(parts);
    const [first] = failures;
    if (first === undefined) return gone;
    const reasons = failures.map(
      ({ member, error }) => `${error.message} Not removed there: ${what(member)}.`,
    );
    throw new RemovalUnfinishedError(
      `${reasons.join(' ')} This process goes on trying as long as it runs.`,
      urls && failures.flatMap(({ member }) => urls(member)),
      first.error,
    );
  }

  async close(): Promise<void> {
    for (const { unfinished } of this.members) unfinished.close();
    await Promise.all(this.members.map(({ node }) => node.memcached.close()));
  }
}
