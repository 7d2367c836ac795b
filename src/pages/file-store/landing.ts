import { closeSync, fchmodSync, fstatSync, futimesSync, openSync, renameSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { FILE_MODE } from '../../files/durable-files.ts';
import { pageFile, STORED_TYPES, type StoredType } from '../rules/page-files.ts';
import type { NewPage, PageKey } from '../store.ts';
import { compressBody, type CompressedCopy } from './copies.ts';
import { ifThere, isMissing, isThere, makeFolderBelow, writeWhole } from './disk.ts';
import type { Generation } from './generations.ts';
import { invalidatedSince, type LogPlace } from './invalidation-log.ts';
import { COPY_SUFFIXES, landingOf, tagHash, timeOfLanding } from './names.ts';
import type { CopyEncoding } from './options.ts';
import { pendingInfo, pendingOf, removePending } from './pending-files.ts';
import { plainFilesOf, removeCopies, removePage, type PlainFile } from './plain-files.ts';
import { recordName, removeRecord, tagsOf, writeEntries, writeRecord } from './records.ts';

/** A render as it was begun. */
export interface Begun {
  readonly generation: Generation;
  readonly key: PageKey;
  /** Of its pending files. */
  readonly name: string;
  readonly began: bigint;
  /** The end of the log as it was then. */
  readonly place: LogPlace;
}

/** A page whose files are written and wait to be renamed. */
export interface ReadyPage {
  readonly record: string;
  readonly tags: readonly string[];
  readonly mediaType: StoredType;
  /** Of the plain file. */
  readonly stats: Stats;
  readonly copies: readonly CompressedCopy[];
}

/** A page that has landed. */
export interface LandedPage {
  readonly file: string;
  readonly replaced: PlainFile | undefined;
}

/**
 * Writes a page's files and its record under names that nobody serves.
 *
 * @param hash - of the body, 16 hexadecimal digits
 * @returns `undefined` when the page was outdated meanwhile
 */
export async function prepareLanding(
  { generation, key, name }: Begun,
  { body, tags, mediaType, assetsVersion }: NewPage,
  encodings: readonly CopyEncoding[],
  hash: string,
): Promise<ReadyPage | undefined> {
  const gate = join(generation.pending, name);
  const copies = await compressBody(body, encodings);
  try {
    const sizes = Object.fromEntries([
      ['', body.length],
      ...copies.map((copy) => [COPY_SUFFIXES[copy.encoding], copy.body.length]),
    ]);
    let time: number;
    let stats: Stats;
    let record: string;
    // Not made anew if it is gone: then the page is outdated.
    do {
      time = timeOfLanding(hash);
      stats = writeTimed(gate, 'r+', body, time);
      record = recordName(key, landingOf(stats));
    } while (
      !writeRecord(generation, record, { ...key, mediaType, tags, assetsVersion, pending: name, sizes })
    );
    for (const copy of copies) writeTimed(`${gate}${COPY_SUFFIXES[copy.encoding]}`, 'wx', copy.body, time);
    return { record, tags, mediaType, stats, copies };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Writes a file and gives it a time. It does not wait until the bytes are on the disk, for which all who make files would
 * wait: a page cut off by a power failure is known by its size. All at once: each call takes some microseconds, of which
 * the event loop would pay more to hear.
 *
 * @returns what the file system keeps of it
 */
function writeTimed(file: string, flags: 'r+' | 'wx', content: Buffer, time: number): Stats {
  const descriptor = openSync(file, flags, FILE_MODE);
  try {
    writeWhole(descriptor, content, file);
    fchmodSync(descriptor, FILE_MODE);
    futimesSync(descriptor, time, time);
    return fstatSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Lands a page: the index first, then a look into the log, then the renames. From the look on, whoever outdates the page
 * finds it in the index, and takes its pending file away or removes the page itself.
 *
 * @returns `undefined` when the page was outdated meanwhile
 */
export function land(begun: Begun, ready: ReadyPage): LandedPage | undefined {
  const { generation, key, name, place } = begun;
  try {
    writeEntries(generation, ready.record, ready.tags);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const invalidated = invalidatedSince(generation.log, place);
  if (!invalidated || ready.tags.some((tag) => invalidated.has(tagHash(tag)))) return undefined;
  // Not those that began later: two that land at once would take each other away, and the old page would stay.
  const others = pendingOf(generation, key).filter((other) => {
    if (other === name) return false;
    const began = pendingInfo(generation, other)?.began;
    return began === undefined || began < begun.began;
  });
  removePending(generation, others);
  const file = join(generation.pages, `${pageFile(key)}${STORED_TYPES[ready.mediaType]}`);
  const gate = join(generation.pending, name);
  if (!isThere(gate)) return undefined;
  const plainFiles = plainFilesOf(generation, key);
  for (const other of plainFiles) if (other.file !== file) removePage(generation, key, other);
  removeCopies(file);
  if (!renameInto(generation.pages, gate, file)) return undefined;
  return { file, replaced: plainFiles.find((each) => each.file === file) };
}

/** Lands the copies of a page that has landed, and removes what was known of the one that it replaces. */
export function finishLanding(
  { generation, key, name }: Begun,
  { copies }: ReadyPage,
  { file, replaced }: LandedPage,
): void {
  const gate = join(generation.pending, name);
  for (const { encoding } of copies) {
    const suffix = COPY_SUFFIXES[encoding];
    ifThere(() => renameSync(`${gate}${suffix}`, `${file}${suffix}`));
  }
  if (!replaced) return;
  const old = recordName(key, landingOf(replaced.stats));
  removeRecord(generation, old, tagsOf(generation, old));
}

/** How often a folder may be tidied away just as a page lands in it. */
const TRIES = 1000;

/** Renames into a folder that others may be tidying away. @returns `false` when there is nothing to rename */
function renameInto(root: string, source: string, target: string): boolean {
  for (let left = TRIES; ; left -= 1) {
    try {
      renameSync(source, target);
      return true;
    } catch (error) {
      if (!isMissing(error) || left === 0) throw error;
    }
    // The page is outdated, or its generation is gone.
    if (!isThere(source) || !isThere(root)) return false;
    ifThere(() => makeFolderBelow(root, dirname(target)));
  }
}

/** Removes what a landing that did not come about has left. */
export function removeLeftovers({ generation, name }: Begun, ready: ReadyPage | undefined): void {
  removePending(generation, [name]);
  if (ready) removeRecord(generation, ready.record, ready.tags);
}
