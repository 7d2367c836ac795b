import { linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../core/errors.ts';
import { isPlainObject } from '../../core/text.ts';
import { isStringList } from '../../core/option-kinds.ts';
import { ifThere, isMissing, isThere, makeFolderBelow, unlinkIfThere, writeNew } from './disk.ts';
import type { Generation } from './generations.ts';
import { pageHash, tagHash, TYPES } from './names.ts';
import type { StoredType } from '../rules/page-files.ts';
import type { PageKey } from '../store.ts';

/*
 * Each landing of a page has a record of its own, named by the page and the time of the page's file, and in the folder of
 * each of its tags a link to that record, which is the entry of the index. So an entry speaks of one landing alone: it can
 * be removed when another landing has taken the page over, and takes nothing from that one.
 */

/** What is known of a page as it landed. */
export interface PageRecord extends PageKey {
  readonly mediaType: StoredType;
  readonly tags: readonly string[];
  /** What the names of its pending files begin with. */
  readonly pending: string;
  /** Of the page and its copies, in bytes, by what ends the names of their files. */
  readonly sizes: Readonly<Record<string, unknown>>;
}

/** The name of a landing's record and of its entries. */
export function recordName(key: PageKey, landing: number): string {
  return `${pageHash(key)}-${landing}`;
}

/** Writes a record. @returns `false` when there is one of this name */
export function writeRecord({ records }: Generation, name: string, record: PageRecord): boolean {
  const { site, target, mediaType, tags, pending, sizes } = record;
  try {
    writeNew(join(records, name), `${JSON.stringify({ site, target, mediaType, tags, pending, sizes })}\n`);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The record of a landing; `undefined` when there is none, `'damaged'` after a power failure. */
export function readRecord(
  { records }: Pick<Generation, 'records'>,
  name: string,
): PageRecord | 'damaged' | undefined {
  return parseRecord(join(records, name));
}

/** What an entry of the index leads to. */
export function readEntry(
  { tags }: Generation,
  tag: string,
  name: string,
): PageRecord | 'damaged' | undefined {
  return parseRecord(join(tags, tagHash(tag), name));
}

/** The tags of a landing; none when nothing is known of it. */
export function tagsOf(generation: Pick<Generation, 'records'>, name: string): readonly string[] {
  const record = readRecord(generation, name);
  return record === undefined || record === 'damaged' ? [] : record.tags;
}

function parseRecord(file: string): PageRecord | 'damaged' | undefined {
  const text = ifThere(() => readFileSync(file, 'utf8'));
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!isPlainObject(value)) return 'damaged';
    const { site, target, mediaType, tags, pending, sizes } = value;
    const type = TYPES.find((each) => each.mediaType === mediaType);
    if (typeof site !== 'string' || typeof target !== 'string' || typeof pending !== 'string')
      return 'damaged';
    return type && isStringList(tags) && isPlainObject(sizes)
      ? { site, target, mediaType: type.mediaType, tags, pending, sizes }
      : 'damaged';
  } catch {
    return 'damaged';
  }
}

/**
 * Writes the entries of a record.
 *
 * @throws the system's error `ENOENT` when the record is gone
 */
export function writeEntries(generation: Generation, name: string, tags: readonly string[]): void {
  const record = join(generation.records, name);
  for (const tag of tags) {
    const folder = join(generation.tags, tagHash(tag));
    while (!linkEntry(record, join(folder, name))) {
      if (!isThere(record)) throw missing(record);
      makeFolderBelow(generation.tags, folder);
    }
  }
}

/** @returns `false` when there is no folder to write into, or no record */
function linkEntry(record: string, entry: string): boolean {
  // One that a landing of the same time has left leads to the wrong record.
  unlinkIfThere(entry);
  try {
    linkSync(record, entry);
  } catch (error) {
    if (isMissing(error)) return false;
    // Where the file system has no hard links, or a sweep was faster.
    if (systemErrorCode(error) !== 'EEXIST') writeFileSync(entry, readFileSync(record));
  }
  return true;
}

function missing(path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file or directory, link '${path}'`), { code: 'ENOENT' });
}

/** Removes what is known of a landing: the entries first, for the record leads to them. Their folders are left to a sweep. */
export function removeRecord(generation: Generation, name: string, tags: readonly string[]): void {
  for (const tag of tags) ifThere(() => unlinkSync(join(generation.tags, tagHash(tag), name)));
  ifThere(() => unlinkSync(join(generation.records, name)));
}
