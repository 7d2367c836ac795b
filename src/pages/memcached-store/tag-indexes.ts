import { add, append, cas, gets, stats, touch } from '../../memcached/index.ts';
import { evictedBy } from './node-opening.ts';
import type { LogPlace } from './node-log.ts';
import { MOST_TTL_SECONDS } from './options.ts';
import type { PageNode } from './page-node.ts';
import { indexLine, newIndex, parseIndex } from './tag-index.ts';

/** Beyond this an index costs more than it spares, in bytes. */
const LONG_BYTES = 256 * 1024;
/** An index lives longer than the pages that it lists. */
const MARGIN_SECONDS = 600;
const TRIES = 10;

export function indexTtlSeconds({ setting }: PageNode): number {
  const ttlSeconds = setting.ttlSeconds + MARGIN_SECONDS;
  // Without end then.
  return ttlSeconds > MOST_TTL_SECONDS ? 0 : ttlSeconds;
}

/**
 * Lists a page with each of its tags, before it lands.
 *
 * @param tags - their hashes
 * @param evicted - what the node had thrown away when the epoch began
 */
export async function addToIndexes(
  node: PageNode,
  tags: readonly string[],
  page: string,
  begun: LogPlace,
  evicted: number,
): Promise<void> {
  if (tags.length === 0) return;
  const names = tags.map((tag) => node.setting.items.tag(tag));
  const line = indexLine(page, begun.place);
  const replies = await node.memcached.run(
    ...names.map((name) => append(name, line)),
    ...names.map((name) => touch(name, indexTtlSeconds(node))),
  );
  for (const [index, name] of names.entries())
    if (replies[index] !== 'stored') await addToIndex(node, name, page, begun, evicted);
}

/** Adds to an index that is not there, or takes no more. */
async function addToIndex(
  node: PageNode,
  name: string,
  page: string,
  begun: LogPlace,
  evicted: number,
): Promise<void> {
  const ttlSeconds = indexTtlSeconds(node);
  for (let left = TRIES; left > 0; left -= 1) {
    const [items] = await node.memcached.run(gets([name]));
    const item = items.get(name);
    if (item?.unique === undefined) {
      const [added] = await node.memcached.run(
        add(name, newIndex(begun.epoch, 'part', [[page, begun.place]]), { ttlSeconds }),
      );
      if (added === 'stored') return completeIndex(node, name, begun.epoch, evicted);
      if (typeof added === 'object') throw new Error(`${name} cannot be stored: ${added.failed}`);
      continue;
    }
    const [appended] = await node.memcached.run(append(name, indexLine(page, begun.place)));
    if (appended === 'stored') return;
    const { epoch, kind, pages } = parseIndex(item.value);
    const text = newIndex(epoch, kind, new Map(pages).set(page, begun.place));
    const isShort = kind !== 'any' && text.length < LONG_BYTES;
    const [stored] = await node.memcached.run(
      cas(name, isShort ? text : newIndex(epoch, 'any'), { ttlSeconds, unique: item.unique }),
    );
    if (stored === 'stored') return;
  }
  throw new Error(`${name} changes too often to be written.`);
}

/**
 * Says of an index that it is whole, if nothing has been thrown away since a count. Counted while it stands: before that, one
 * of before may have gone, with pages that are still there.
 */
export async function completeIndex(
  node: PageNode,
  name: string,
  epoch: string,
  evicted: number,
): Promise<void> {
  for (let left = TRIES; left > 0; left -= 1) {
    const [items, found] = await node.memcached.run(gets([name]), stats());
    const item = items.get(name);
    const index = item && parseIndex(item.value);
    if (item?.unique === undefined || index?.kind !== 'part' || index.epoch !== epoch) return;
    if (evictedBy(found) !== evicted) return;
    const [stored] = await node.memcached.run(
      cas(name, newIndex(epoch, 'whole', index.pages), {
        ttlSeconds: indexTtlSeconds(node),
        unique: item.unique,
      }),
    );
    // Who lands at the same time has listed a page meanwhile.
    if (stored !== 'exists') return;
  }
}
