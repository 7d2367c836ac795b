import { join } from 'node:path';
import { unlinkSync, type Stats } from 'node:fs';
import { pageFile, STORED_TYPES, type StoredType } from '../rules/page-files.ts';
import type { PageKey, StoredPage } from '../store.ts';
import { ifThere, isThere, statIfThere, unlinkIfThere } from './disk.ts';
import type { Generation } from './generations.ts';
import { COPY_SUFFIXES, landingOf, TYPES } from './names.ts';
import { notesOf, recordName, removeRecord, type LandingNotes } from './records.ts';

/** The plain file of a page. */
export interface PlainFile {
  readonly file: string;
  readonly mediaType: StoredType;
  readonly stats: Stats;
}

/** The plain files of a page, which are one, or two where a crash has left the one of another type. */
export function plainFilesOf({ pages }: Generation, key: PageKey): PlainFile[] {
  const base = join(pages, pageFile(key));
  return TYPES.flatMap(({ mediaType, extension }) => {
    const file = `${base}${extension}`;
    const stats = statIfThere(file);
    return stats ? [{ file, mediaType, stats }] : [];
  });
}

/** The plain file of a page in one type. */
export function plainFileOf(
  { pages }: Generation,
  key: PageKey,
  mediaType: StoredType,
): PlainFile | undefined {
  const file = join(pages, `${pageFile(key)}${STORED_TYPES[mediaType]}`);
  const stats = statIfThere(file);
  return stats && { file, mediaType, stats };
}

/** A page of the store as it is told. */
export function storedPage(
  key: PageKey,
  { mediaType, stats }: PlainFile,
  { tags, assetsVersion }: LandingNotes,
): StoredPage {
  const { site, target } = key;
  return {
    url: `${site}${target}`,
    site,
    target,
    mediaType,
    size: stats.size,
    storedAt: stats.ctime,
    tags,
    assetsVersion,
  };
}

/**
 * Removes a page's file, then its copies, then what is known of it: whoever is stopped in between has removed too little
 * of what nobody sees.
 *
 * @param known - what is told of it, where that is known already
 * @returns the page, if it was there
 */
export function removePage(
  generation: Generation,
  key: PageKey,
  plain: PlainFile,
  known?: LandingNotes,
): StoredPage | undefined {
  const wasThere = removePlainFile(plain);
  const name = recordName(key, landingOf(plain.stats));
  const notes = known ?? notesOf(generation, name);
  removeRecord(generation, name, notes.tags);
  return wasThere ? storedPage(key, plain, notes) : undefined;
}

/** Removes a page's file, then its copies. @returns whether it was there */
export function removePlainFile({ file }: PlainFile): boolean {
  const wasThere = ifThere(() => (unlinkSync(file), true)) ?? false;
  removeCopies(file);
  return wasThere;
}

/** Removes the copies beside a page's file. */
export function removeCopies(file: string): void {
  for (const suffix of Object.values(COPY_SUFFIXES)) unlinkIfThere(`${file}${suffix}`);
}

/** What a page and its copies take, in bytes. */
export function bytesOf({ file, stats }: PlainFile): number {
  return Object.values(COPY_SUFFIXES).reduce(
    (sum, suffix) => sum + (statIfThere(`${file}${suffix}`)?.size ?? 0),
    stats.size,
  );
}

/** Whether the page's file is still the one that was looked at. */
export function isStill({ file, stats }: PlainFile): boolean {
  const now = statIfThere(file);
  return now !== undefined && landingOf(now) === landingOf(stats) && now.ino === stats.ino;
}

/** Whether the page is there in any type. */
export function isStored({ pages }: Generation, key: PageKey): boolean {
  const base = join(pages, pageFile(key));
  return TYPES.some(({ extension }) => isThere(`${base}${extension}`));
}
