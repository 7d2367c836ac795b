import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { byteText, quote } from '../../core/text.ts';
import { append, flagsOf, get, remove, set } from '../../memcached/index.ts';
import { PageTooLargeError, type NewPage, type PageKey } from '../store.ts';
import { tagHash } from './item-names.ts';
import {
  hasLandedLater,
  isEnded,
  isOvertaken,
  logLine,
  newId,
  openLandings,
  parseLog,
  placeOf,
  type LoggedPage,
  type LogPlace,
  type NodeLog,
} from './node-log.ts';
import type { PageNode } from './page-node.ts';
import { LANDINGS, landingOf, pageFlags, writeRecord } from './page-records.ts';
import { addToIndexes } from './tag-indexes.ts';

/** A render as it was begun. */
export interface Begun {
  readonly node: PageNode;
  readonly key: PageKey;
  /** Of the page's item. */
  readonly name: string;
  readonly logged: LoggedPage;
  readonly place: LogPlace;
  /** What the node had thrown away when the epoch began. */
  readonly evicted: number;
}

/** What of the store a landing needs. */
export interface LandingSetting {
  readonly gzip: boolean;
  readonly maxItemBytes: number;
  /** Of a body, with its quotes. */
  readonly etag: (body: Buffer) => string;
  /** Takes a page back that may have been stored too late, as soon as its node answers. */
  readonly takeBack: (begun: Begun) => void;
}

/** What memcached adds to an item, in bytes, at most. */
const ITEM_OVERHEAD_BYTES = 100;
/** How often a landing may begin anew because others of the same page were under way. */
const TRIES = 3;
const gzipElsewhere = promisify<Buffer, Buffer>(gzip);

/**
 * Lands a page. First its tags' indexes list it. Then the log says that it lands: from here on, who removes it waits. If
 * nothing has overtaken it by then, it is stored, and the log is read once more: who was held up, and waited for in vain,
 * takes the page back.
 *
 * @returns whether it has landed
 * @throws {@link PageTooLargeError}, {@link StaticUrlError} `STORE_UNREACHABLE`
 */
export async function land(begun: Begun, page: NewPage, setting: LandingSetting): Promise<boolean> {
  const { node, name, logged, place } = begun;
  const items = await itemsOf(begun, page, setting);
  const tags = [...new Set(page.tags.map(tagHash))];
  await addToIndexes(node, tags, name, place, begun.evicted);
  for (let left = TRIES; left > 0; left -= 1) {
    const id = newId();
    const began = performance.now();
    const appended = node.append(logLine('L', id, logged.page, place.place));
    const { life } = node.memcached;
    const log = await appended;
    const isLate = (): boolean =>
      performance.now() - began > node.setting.deadlineMilliseconds || node.memcached.life !== life;
    const own = log && placeOf(log, id);
    if (log === undefined || own === undefined || isOvertaken(log, place, logged, tags)) {
      await end(node, 'X', id);
      return false;
    }
    // Whoever began later may land behind one that began earlier, and never the other way round.
    const others = openLandings(log, own).filter(({ words }) => words[0] === logged.page);
    const isReplaced = hasLandedLater(log, own, logged.page, place);
    if (others.length === 0 && !isReplaced && !isLate()) return store(begun, tags, items, id, setting);
    await end(node, 'X', id);
    if (isReplaced) return false;
    if (others.length > 0) await node.outwait(others);
  }
  return false;
}

interface Items {
  readonly value: Buffer;
  readonly flags: number;
  readonly landing: number;
  readonly record: Buffer;
}

async function itemsOf({ key, name }: Begun, page: NewPage, setting: LandingSetting): Promise<Items> {
  const { body, mediaType, tags, assetsVersion } = page;
  const compressed = setting.gzip ? await gzipElsewhere(body) : body;
  const isCompressed = compressed.length < body.length;
  const value = isCompressed ? compressed : body;
  if (value.length + name.length + ITEM_OVERHEAD_BYTES > setting.maxItemBytes)
    throw new PageTooLargeError(
      `The page has ${byteText(value.length)}${isCompressed ? ' as gzip' : ''}, and an item of memcached at most ${byteText(setting.maxItemBytes)}. Let memcached take longer ones (-I 4m) and set "maxItemBytes".`,
    );
  const landing = randomInt(LANDINGS);
  const record = writeRecord({
    ...key,
    mediaType,
    etag: setting.etag(body),
    size: body.length,
    storedAt: Date.now(),
    tags: [...new Set(tags)],
    assetsVersion,
    landing,
  });
  return { value, flags: pageFlags(landing, isCompressed), landing, record };
}

async function store(
  begun: Begun,
  tags: readonly string[],
  { value, flags, landing, record }: Items,
  id: string,
  { takeBack }: LandingSetting,
): Promise<boolean> {
  const { node, name, logged, place } = begun;
  const { items, ttlSeconds } = node.setting;
  let log: NodeLog | undefined;
  let failure: Error | undefined;
  try {
    const [recorded, stored, found] = await node.memcached.run(
      set(items.record(name), record, { ttlSeconds }),
      set(name, value, { ttlSeconds, flags }),
      get([items.log]),
    );
    log = parseLog(found.get(items.log)?.value);
    failure = failureOf(stored) ?? failureOf(recorded);
  } catch (error) {
    // Nobody knows whether it was stored.
    takeBack(begun);
    throw error;
  }
  const isLate = log === undefined || isEnded(log, id);
  if (failure === undefined && !isLate && !isOvertaken(log, place, logged, tags)) {
    // Nobody need wait for it; who has it wait for longer than he may writes it himself.
    end(node, 'E', id).catch(() => {});
    return true;
  }
  try {
    // What has replaced it since may stay.
    const [current] = isLate ? await node.memcached.run(flagsOf(name)) : [flags];
    if (current !== undefined && landingOf(current) === landing)
      await node.memcached.run(remove(name), remove(items.record(name)));
    await end(node, 'X', id);
  } catch (error) {
    takeBack(begun);
    throw error;
  }
  if (failure !== undefined) throw failure;
  return false;
}

async function end(node: PageNode, kind: 'E' | 'X', id: string): Promise<void> {
  await node.memcached.run(append(node.setting.items.log, logLine(kind, id)));
}

function failureOf(stored: unknown): Error | undefined {
  if (typeof stored !== 'object' || stored === null || !('failed' in stored)) return undefined;
  const said = String(stored.failed);
  return /too large/.test(said)
    ? new PageTooLargeError(
        `Memcached says of the page ${quote(said)}. Set "maxItemBytes" to what it takes (-I), or let it take more.`,
      )
    : new Error(`Memcached says ${quote(said)}. Give it more memory (-m).`);
}
