import { unlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { PageStore, StoredPage } from '../store.ts';
import { makeFolder } from '../../files/durable-files.ts';
import {
  FOLDER_MODE,
  ifThere,
  isThere,
  namesIn,
  patiently,
  removeIfEmpty,
  statIfThere,
  writeNew,
} from './disk.ts';
import type { Generation } from './generations.ts';
import { rotateLog } from './invalidation-log.ts';
import { landingOf, tagHash } from './names.ts';
import { bytesOf, isStill, removePage, storedPage } from './plain-files.ts';
import {
  NO_NOTES,
  notesOf,
  readRecord,
  recordName,
  removeRecord,
  tagsOf,
  writeEntries,
  type LandingNotes,
  type PageRecord,
} from './records.ts';
import { writeUsage, type Usage } from './usage.ts';
import { allPages, type FoundPage } from './walk.ts';

/** What a sweep is told. */
export interface Sweep {
  readonly generation: Generation;
  readonly sites: readonly string[];
  readonly limits: Usage;
  /** How old what a render has left must be before it is taken for left behind. */
  readonly leftMilliseconds: number;
  readonly judge: Parameters<PageStore['sweep']>[0];
  readonly renew: Parameters<PageStore['sweep']>[1];
}

/** Judges every page, then keeps the limits. */
export async function sweepPages(sweep: Sweep): Promise<void> {
  const { generation, sites, limits, judge, renew } = sweep;
  let [pages, bytes] = [0, 0];
  const outdated: FoundPage[] = [];
  for await (const found of allPages(generation, sites)) {
    const verdict = judge(describe(generation, found));
    if (verdict === 'unlisted') removeIfStill(generation, found);
    if (verdict === 'outdated') outdated.push(found);
    if (verdict === 'unlisted') continue;
    pages += 1;
    bytes += bytesOf(found.plain);
  }
  for (const found of outdated) {
    if (await renew(describe(generation, found))) continue;
    const size = bytesOf(found.plain);
    if (removeIfStill(generation, found)) [pages, bytes] = [pages - 1, bytes - size];
  }
  const usage = pages > limits.pages || bytes > limits.bytes ? await keepLimits(sweep) : { pages, bytes };
  ifThere(() => writeUsage(generation, usage));
}

/** A page of which the record is only read when somebody asks for what is told of it. */
function describe(generation: Generation, { key, plain }: FoundPage): StoredPage {
  const notes = (): LandingNotes => notesOf(generation, recordName(key, landingOf(plain.stats)));
  return {
    ...storedPage(key, plain, NO_NOTES),
    get tags() {
      return notes().tags;
    },
    get assetsVersion() {
      return notes().assetsVersion;
    },
  };
}

function removeIfStill(generation: Generation, { key, plain }: FoundPage): boolean {
  return isStill(plain) && removePage(generation, key, plain) !== undefined;
}

async function keepLimits({ generation, sites, limits }: Sweep): Promise<Usage> {
  const all: (FoundPage & { readonly bytes: number })[] = [];
  for await (const found of allPages(generation, sites)) all.push({ ...found, bytes: bytesOf(found.plain) });
  let pages = all.length;
  let bytes = all.reduce((sum, each) => sum + each.bytes, 0);
  all.sort((a, b) => hasQuery(b) - hasQuery(a) || a.plain.stats.ctimeMs - b.plain.stats.ctimeMs);
  for await (const found of patiently(all)) {
    if (pages <= limits.pages && bytes <= limits.bytes) break;
    removeIfStill(generation, found);
    pages -= 1;
    bytes -= found.bytes;
  }
  return { pages, bytes };
}

function hasQuery({ key }: FoundPage): number {
  return key.target.includes('?') ? 1 : 0;
}

const HOUR_MILLISECONDS = 60 * 60 * 1000;

/** Whether it is time to look for what crashes have left: at first, and every hour. */
export function isTidyingDue(store: string): boolean {
  const stats = statIfThere(join(store, 'tidied'));
  return !stats || Math.abs(Date.now() - stats.mtimeMs) > HOUR_MILLISECONDS;
}

/** Takes note that a store was tidied. */
export function noteTidying(store: string): void {
  const file = join(store, 'tidied');
  const now = new Date();
  if (isThere(file)) ifThere(() => utimesSync(file, now, now));
  else writeNew(file, '');
}

/**
 * Removes what crashes have left: pages that are cut off or that nothing is known of, copies without a page, records and entries of pages that
 * are gone, pending files. Entries of pages that are there are written again if they are not.
 */
export async function tidy({ generation, sites, leftMilliseconds }: Sweep): Promise<void> {
  const isLeft = (path: string): boolean => {
    const stats = statIfThere(path);
    return stats !== undefined && Date.now() - stats.ctimeMs > leftMilliseconds;
  };
  const names = new Set<string>();
  const removeCopy = (file: string): void => {
    const plain = file.replace(/\.(?:gz|br)$/, '');
    if (plain !== file && !isThere(plain) && isLeft(file)) ifThere(() => unlinkSync(file));
  };
  makeFolder(generation.tags, FOLDER_MODE);
  for await (const found of allPages(generation, sites, removeCopy)) {
    const name = recordName(found.key, landingOf(found.plain.stats));
    const record = readRecord(generation, name);
    // Without its tags nobody could invalidate it.
    if (record === undefined || record === 'damaged' || isCutOff(found, record))
      removeIfStill(generation, found);
    else {
      names.add(name);
      const missing = record.tags.filter((tag) => !isThere(join(generation.tags, tagHash(tag), name)));
      if (missing.length > 0) ifThere(() => writeEntries(generation, name, missing));
    }
  }
  for await (const name of patiently(namesIn(generation.records)))
    if (!names.has(name) && isLeft(join(generation.records, name)))
      removeRecord(generation, name, tagsOf(generation, name));
  for (const tag of namesIn(generation.tags)) {
    const folder = join(generation.tags, tag);
    for await (const name of patiently(namesIn(folder)))
      if (!names.has(name) && isLeft(join(folder, name))) ifThere(() => unlinkSync(join(folder, name)));
    removeIfEmpty(folder);
  }
  rotateLog(generation.log, leftMilliseconds);
}

/** Whether a power failure has cut off a page or a copy of it. */
function isCutOff({ plain }: FoundPage, { sizes }: PageRecord): boolean {
  return Object.entries(sizes).some(([suffix, size]) => {
    const stats = suffix === '' ? plain.stats : statIfThere(`${plain.file}${suffix}`);
    return stats !== undefined && stats.size !== size;
  });
}

/** Removes pending files that their renders have left behind. */
export function removeLeftPending({ generation: { pending }, leftMilliseconds }: Sweep): void {
  for (const name of namesIn(pending)) {
    const file = join(pending, name);
    const stats = statIfThere(file);
    if (stats && Date.now() - stats.ctimeMs > leftMilliseconds) ifThere(() => unlinkSync(file));
  }
}
