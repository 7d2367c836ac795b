import { add, append, cas, gets, stats, type Item } from '../../memcached/index.ts';
import { isBelow } from '../rules/index.ts';
import type { PageKey } from '../store.ts';
import { evictedBy } from './node-opening.ts';
import { hashOf, pathHash, tagHash } from './item-names.ts';
import { logLine, newId, openLandings, parseLog, placeOf, type NodeLog } from './node-log.ts';
import { thrownAway } from './node-opening.ts';
import type { ListedPage, PageNode } from './page-node.ts';
import type { PageRecord } from './page-records.ts';
import { newIndex, parseIndex } from './tag-index.ts';
import { completeIndex, indexTtlSeconds } from './tag-indexes.ts';

/*
 * Whoever removes pages writes it into the log first. Who lands behind that sees it and gives up; who lands before it is
 * waited for. So all that has landed is there to be removed.
 */

/** How often another epoch may begin meanwhile. */
const TRIES = 5;
/** How many pages or tags one entry names: the log, an item, has to take it, and to keep it when it is cut. */
const PIECE = 500;

/** What the log says once a removal is written and no landing before it is under way. */
interface Announced {
  readonly log: NodeLog;
  readonly place: number;
  /** What the node had thrown away before the items were read. */
  readonly evicted: number;
  readonly items: ReadonlyMap<string, Item>;
}

/** @param names - of items that are read at once behind the entry */
async function announce(
  node: PageNode,
  kind: string,
  words: readonly string[],
  names: readonly string[] = [],
): Promise<Announced> {
  const { items } = node.setting;
  for (let left = TRIES; left > 0; left -= 1) {
    // Emptied where it has none: then nothing is left to be removed.
    if (left < TRIES) await node.ready();
    const id = newId();
    const [stored, told, found] = await node.memcached.run(
      append(items.log, logLine(kind, id, ...words)),
      stats(),
      gets([items.log, ...names]),
    );
    // It has no room (-M), so its log cannot tell of the removal.
    if (typeof stored === 'object') {
      await node.empty();
      continue;
    }
    const log = parseLog(found.get(items.log)?.value);
    if (log !== undefined) node.shorten(log);
    const place = log && placeOf(log, id);
    if (stored !== 'stored' || !node.opening.isReady(log) || place === undefined) continue;
    const open = openLandings(log, place);
    if (open.length > 0 && (await node.outwait(open))?.epoch !== log.epoch) continue;
    return { log, place, evicted: evictedBy(told), items: found };
  }
  throw thrownAway(node);
}

/** Removes pages by their names. @returns the names of those that were there */
export async function removePages(node: PageNode, names: readonly string[]): Promise<ReadonlySet<string>> {
  const gone = new Set<string>();
  for (const piece of inPieces(names)) {
    await announce(node, 'D', piece.map(hashOf));
    for (const name of await node.removeItems(piece)) gone.add(name);
  }
  return gone;
}

/** Removes a path with all below it. */
export async function removeBelow(node: PageNode, { site, target }: PageKey): Promise<PageKey[]> {
  await announce(node, 'B', [pathHash(site, target)]);
  return removeListed(node, (key) => key.site === site && isBelow(key.target, target));
}

/** Removes all pages. */
export async function removeAll(node: PageNode): Promise<PageKey[]> {
  await announce(node, 'C', []);
  return removeListed(node, () => true);
}

async function removeListed(node: PageNode, isOne: (key: PageKey) => boolean): Promise<PageKey[]> {
  const { items, sites } = node.setting;
  const gone: PageKey[] = [];
  for await (const names of node.names()) {
    const keys = new Map(
      names.flatMap((name) => {
        const key = items.pageOf(name, sites);
        return key !== undefined && isOne(key) ? [[name, key] as const] : [];
      }),
    );
    for (const name of await node.removeItems([...keys.keys()])) {
      const key = keys.get(name);
      if (key !== undefined) gone.push(key);
    }
  }
  return gone;
}

/** Removes the pages with one of the tags, and those of which nobody knows what tags they have. */
export async function removeTagged(node: PageNode, tags: readonly string[]): Promise<PageRecord[]> {
  const removed: PageRecord[] = [];
  for (const piece of inPieces(tags)) removed.push(...(await removePiece(node, piece)));
  return removed;
}

function inPieces(texts: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(texts.length / PIECE) }, (_, index) =>
    texts.slice(index * PIECE, (index + 1) * PIECE),
  );
}

async function removePiece(node: PageNode, tags: readonly string[]): Promise<PageRecord[]> {
  const names = new Map(tags.map((tag) => [node.setting.items.tag(tagHash(tag)), tag]));
  const { log, place, evicted, items } = await announce(node, 'T', tags.map(tagHash), [...names.keys()]);
  const indexes = [...names.keys()].map((name) => {
    const item = items.get(name);
    return { name, unique: item?.unique, index: item && parseIndex(item.value) };
  });
  const isKnown = ({ index }: (typeof indexes)[number]): boolean =>
    index?.kind === 'whole' && index.epoch === log.epoch;
  const isTagged = ({ record }: ListedPage): boolean =>
    record === undefined || record.tags.some((tag) => tags.includes(tag));
  const removed: PageRecord[] = [];
  const removeOf = async (some: readonly string[]): Promise<void> => {
    const pages = (await node.listed(some)).filter(isTagged);
    const gone = await node.removeItems(pages.map(({ name }) => name));
    for (const { name, record } of pages) if (record !== undefined && gone.has(name)) removed.push(record);
  };
  const missing = indexes.filter((each) => !isKnown(each));
  // Where nothing was ever thrown away, a tag without an index has no pages.
  const isAnyLost =
    missing.some(({ index }) => index !== undefined) ||
    (missing.length > 0 && (await node.evicted()) !== log.evicted);
  if (isAnyLost) for await (const batch of node.names()) await removeOf(batch);
  else await removeOf([...new Set(indexes.flatMap(({ index }) => [...(index?.pages.keys() ?? [])]))]);
  // From here on the indexes are whole: what began before is gone, what began later is listed.
  const ttlSeconds = indexTtlSeconds(node);
  for (const { name, unique, index } of indexes) {
    const later = [...(index?.pages ?? [])].filter(([, began]) => began >= place);
    // Of an index of another epoch too: a page of this one may be among them. One too many does no harm.
    const text = newIndex(log.epoch, 'whole', later);
    if (unique !== undefined) await node.memcached.run(cas(name, text, { ttlSeconds, unique }));
    else if (isAnyLost) {
      const [added] = await node.memcached.run(add(name, newIndex(log.epoch, 'part'), { ttlSeconds }));
      // If one that somebody began meanwhile has not been thrown away again.
      if (added === 'stored') await completeIndex(node, name, log.epoch, evicted);
    }
  }
  return removed;
}
