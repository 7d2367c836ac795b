import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isBelow } from '../rules/page-files.ts';
import type { PageKey, StoredPage } from '../store.ts';
import { isMissing, isThere, patiently, removeIfEmpty } from './disk.ts';
import type { Generation, Generations } from './generations.ts';
import { appendToLog } from './invalidation-log.ts';
import { isNameable, landingOf, pageHash, tagHash } from './names.ts';
import { pendingInfo, pendingNames, removePending } from './pending-files.ts';
import {
  isStill,
  plainFileOf,
  plainFilesOf,
  removePage,
  removePlainFile,
  storedPage,
  type PlainFile,
} from './plain-files.ts';
import { readEntry, recordName, removeRecord, type PageRecord } from './records.ts';
import { allPages, pagesBelow } from './walk.ts';

/** Does something in the current generation, again if another one took its place meanwhile. */
async function inCurrent(
  generations: Generations,
  remove: (generation: Generation) => Promise<void>,
): Promise<void> {
  for (let generation = generations.current(); generation; generation = generations.current()) {
    await remove(generation);
    if (generations.isCurrent(generation)) return;
  }
}

/** Removes pages, and first of all what could land in their place. @returns those that were there */
export async function deletePages(generations: Generations, keys: readonly PageKey[]): Promise<PageKey[]> {
  const hashes = new Set(keys.map(pageHash));
  const removed = new Set<PageKey>();
  await inCurrent(generations, async (generation) => {
    removePending(
      generation,
      [...pendingNames(generation)].filter((name) => hashes.has(hashIn(name))),
    );
    for await (const key of patiently(keys.filter(isNameable)))
      for (const plain of plainFilesOf(generation, key))
        if (removePage(generation, key, plain)) removed.add(key);
  });
  return [...removed];
}

/** Removes the pages below another one, and the folders that are empty then. @returns those that were there */
export async function deletePagesBelow(generations: Generations, above: PageKey): Promise<PageKey[]> {
  const removed = new Map<string, PageKey>();
  await inCurrent(generations, async (generation) => {
    const names = [...pendingNames(generation)].filter((name) => {
      const info = pendingInfo(generation, name);
      return !info || (info.site === above.site && isBelow(info.target, above.target));
    });
    removePending(generation, names);
    const folders = new Set<string>();
    for await (const { key, plain } of pagesBelow(generation, above)) {
      if (removePage(generation, key, plain)) removed.set(key.target, key);
      folders.add(dirname(plain.file));
    }
    for (const folder of folders) removeEmptyFolders(generation.pages, folder);
  });
  return [...removed.values()];
}

function removeEmptyFolders(root: string, folder: string): void {
  let each = folder;
  while (each !== root && removeIfEmpty(each)) each = dirname(each);
}

/** Takes what may be done once the pages are gone. */
export type Later = (tidy: () => void) => void;

/**
 * Removes the pages that have one of the tags. It writes the tags into the log first; then it looks for the pages that have
 * an entry. One whose entry comes later finds the tag in the log, and does not land.
 *
 * @returns those that were there
 */
export async function invalidateTags(
  generations: Generations,
  sites: readonly string[],
  tags: readonly string[],
  later: Later,
): Promise<StoredPage[]> {
  const removed = new Map<string, StoredPage>();
  await inCurrent(generations, async (generation) => {
    appendToLog(generation.log, tags);
    const damaged = new Set<string>();
    for (const tag of tags) {
      const names = await entriesOf(generation, tag);
      // Read behind the entries: a page that is in neither has landed, and its file is found.
      const pending = pendingNames(generation);
      for await (const name of patiently(names)) {
        const record = readEntry(generation, tag, name);
        if (record === 'damaged') damaged.add(hashIn(name));
        if (record === undefined || record === 'damaged') continue;
        if (pending.has(record.pending)) removePending(generation, [record.pending]);
        const page = removeLanding(generation, name, record, later);
        if (page) removed.set(page.url, page);
      }
    }
    if (damaged.size === 0) return;
    removePending(
      generation,
      [...pendingNames(generation)].filter((name) => damaged.has(hashIn(name))),
    );
    for await (const found of allPages(generation, sites)) {
      if (!damaged.has(pageHash(found.key))) continue;
      const page = removePage(generation, found.key, found.plain);
      if (page) removed.set(page.url, page);
    }
  });
  return [...removed.values()];
}

async function entriesOf({ tags }: Generation, tag: string): Promise<string[]> {
  try {
    return await readdir(join(tags, tagHash(tag)));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Removes the page of an entry if it is still there, or if nobody can tell whether it is. */
function removeLanding(
  generation: Generation,
  name: string,
  record: PageRecord,
  later: Later,
): StoredPage | undefined {
  for (;;) {
    const plain = plainFileOf(generation, record, record.mediaType);
    if (plain && isOf(plain, name, record)) {
      // What is known of a landing that is gone outdates nothing.
      later(() => removeRecord(generation, name, record.tags));
      return removePlainFile(plain) ? storedPage(record, plain, record) : undefined;
    }
    if (plain && !isThere(recordFile(generation, record, plain))) {
      // It may be another page by now, of which the record was looked for too early.
      if (!isStill(plain)) continue;
      removeRecord(generation, name, record.tags);
      return removePage(generation, record, plain, record);
    }
    removeRecord(generation, name, record.tags);
    return undefined;
  }
}

function isOf({ stats }: PlainFile, name: string, record: PageRecord): boolean {
  return recordName(record, landingOf(stats)) === name;
}

function recordFile({ records }: Generation, record: PageRecord, { stats }: PlainFile): string {
  return join(records, recordName(record, landingOf(stats)));
}

/** The page's part of a name of a pending file or a record. */
function hashIn(name: string): string {
  return name.slice(0, name.indexOf('-'));
}
