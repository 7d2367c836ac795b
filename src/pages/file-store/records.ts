import { linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../core/errors.ts';
import { isPlainObject } from '../../core/text.ts';
import { isStringList } from '../../core/option-kinds.ts';
import { appendLine, ifThere, isMissing, isThere, makeFolderBelow, unlinkIfThere, writeNew } from './disk.ts';
import type { Generation } from './generations.ts';
import { pageHash, tagHash, TYPES } from './names.ts';
import { INFO_SUFFIX } from './pending-files.ts';
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
  readonly assetsVersion: string | undefined;
  /** What the names of its pending files begin with. */
  readonly pending: string;
  /** Of the page and its copies, in bytes, by what ends the names of their files. */
  readonly sizes: Readonly<Record<string, unknown>>;
}

/** The name of a landing's record and of its entries. */
export function recordName(key: PageKey, landing: number): string {
  return `${pageHash(key)}-${landing}`;
}

/**
 * Writes a record: into what is told of the pending page, which then has this name too, for a link costs less than a file.
 *
 * @returns `false` when there is a record of this name
 */
export function writeRecord({ records, pending }: Generation, name: string, record: PageRecord): boolean {
  const { site, target, mediaType, tags, assetsVersion, sizes } = record;
  const info = join(pending, `${record.pending}${INFO_SUFFIX}`);
  const line = JSON.stringify({
    site,
    target,
    mediaType,
    tags,
    assetsVersion,
    pending: record.pending,
    sizes,
  });
  const file = join(records, name);
  try {
    appendLine(info, line);
    return linkOrCopy(info, file);
  } catch (error) {
    if (!isMissing(error)) throw error;
    // Somebody took away what did not say yet of which page it is. Whether the page may land, its body's file tells.
    return writeUnlessThere(file, line);
  }
}

/** @returns `false` when there is a file of this name */
function writeUnlessThere(file: string, line: string): boolean {
  try {
    writeNew(file, `${line}\n`);
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

/** What is told of a landing, beside what its file tells. */
export type LandingNotes = Pick<PageRecord, 'tags' | 'assetsVersion'>;

export const NO_NOTES: LandingNotes = { tags: [], assetsVersion: undefined };

/** What is told of a landing. */
export function notesOf(generation: Pick<Generation, 'records'>, name: string): LandingNotes {
  const record = readRecord(generation, name);
  return record === undefined || record === 'damaged' ? NO_NOTES : record;
}

/** The tags of a landing; none when nothing is known of it. */
export function tagsOf(generation: Pick<Generation, 'records'>, name: string): readonly string[] {
  return notesOf(generation, name).tags;
}

function parseRecord(file: string): PageRecord | 'damaged' | undefined {
  const text = ifThere(() => readFileSync(file, 'utf8'));
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
    if (!isPlainObject(value)) return 'damaged';
    const { site, target, mediaType, tags, assetsVersion, pending, sizes } = value;
    const type = TYPES.find((each) => each.mediaType === mediaType);
    if (typeof site !== 'string' || typeof target !== 'string' || typeof pending !== 'string')
      return 'damaged';
    if (assetsVersion !== undefined && typeof assetsVersion !== 'string') return 'damaged';
    return type && isStringList(tags) && isPlainObject(sizes)
      ? { site, target, mediaType: type.mediaType, tags, assetsVersion, pending, sizes }
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
    linkOrCopy(record, entry);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  return true;
}

/** What a file system says that has no hard links, or no more of one file. */
const WITHOUT_LINKS: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** Gives a file another name. @returns `false` when there is a file of this name */
function linkOrCopy(file: string, name: string): boolean {
  try {
    linkSync(file, name);
  } catch (error) {
    const code = systemErrorCode(error) ?? '';
    if (code === 'EEXIST') return false;
    if (!WITHOUT_LINKS.includes(code)) throw error;
    writeFileSync(name, readFileSync(file));
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
