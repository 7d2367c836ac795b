import { closeSync, fchmodSync, fdatasync, fstatSync, futimesSync, openSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { FILE_MODE } from '../../files/durable-files.ts';
import { pageFile, STORED_TYPES, type StoredType } from '../rules/page-files.ts';
import type { NewPage, PageKey } from '../store.ts';
import { ifThere, isMissing, isThere, makeFolderBelow, writeWhole } from './disk.ts';
import type { Generation } from './generations.ts';
import { invalidatedSince, type LogPlace } from './invalidation-log.ts';
import { COPY_SUFFIXES, landingOf, tagHash, timeOfLanding } from './names.ts';
import type { CopyEncoding } from './options.ts';
import { pendingInfo, pendingOf, removePending } from './pending-files.ts';
import { plainFilesOf, removeCopies, removePage } from './plain-files.ts';
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
  readonly copies: readonly string[];
}

/** Quick, for a visitor waits; a page is compressed once for all that get it. */
const COMPRESSORS: Readonly<Record<CopyEncoding, (body: Buffer) => Promise<Buffer>>> = {
  gzip: (body) => promisify<Buffer, object, Buffer>(gzip)(body, { level: 6 }),
  br: (body) =>
    promisify(brotliCompress)(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 5,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
};

/**
 * Writes a page's files and its record under names that nobody serves.
 *
 * @param hash - of the body, 16 hexadecimal digits
 * @returns `undefined` when the page was outdated meanwhile
 */
export async function prepareLanding(
  { generation, key, name }: Begun,
  { body, tags, mediaType }: NewPage & { readonly mediaType: StoredType },
  encodings: readonly CopyEncoding[],
  hash: string,
): Promise<ReadyPage | undefined> {
  const gate = join(generation.pending, name);
  const contents = await Promise.all(
    encodings.map(async (encoding) => ({
      suffix: COPY_SUFFIXES[encoding],
      content: await COMPRESSORS[encoding](body),
    })),
  );
  const copies = contents.filter(({ content }) => content.length < body.length);
  try {
    let time: number;
    let record: string;
    // Not made anew if it is gone: then the page is outdated.
    do {
      time = timeOfLanding(hash);
      record = recordName(key, landingOf(await writeTimed(gate, 'r+', body, time)));
    } while (!writeRecord(generation, record, { ...key, mediaType, tags, pending: name }));
    await Promise.all(
      copies.map(({ suffix, content }) => writeTimed(`${gate}${suffix}`, 'wx', content, time)),
    );
    return { record, tags, mediaType, copies: copies.map(({ suffix }) => suffix) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const synchronize = promisify(fdatasync);

/**
 * Writes a file, waits until it is on the disk, and gives it a time. Only the wait is asynchronous: the rest takes some
 * microseconds, of which the event loop would pay more to hear.
 *
 * @returns the time that the file system keeps
 */
async function writeTimed(
  file: string,
  flags: 'r+' | 'wx',
  content: Buffer,
  time: number,
): Promise<{ readonly mtimeMs: number }> {
  const descriptor = openSync(file, flags, FILE_MODE);
  try {
    writeWhole(descriptor, content, file);
    fchmodSync(descriptor, FILE_MODE);
    futimesSync(descriptor, time, time);
    // Else a power failure may leave an empty page under the name that it has by then.
    await synchronize(descriptor);
    return fstatSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Lands a page: the index first, then a look into the log, then the renames. From the look on, whoever outdates the page
 * finds it in the index, and takes its pending file away or removes the page itself.
 *
 * @returns `false` when the page was outdated meanwhile
 */
export function land(begun: Begun, ready: ReadyPage): boolean {
  const { generation, key, name, place } = begun;
  try {
    writeEntries(generation, ready.record, ready.tags);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  const invalidated = invalidatedSince(generation.log, place);
  if (!invalidated || ready.tags.some((tag) => invalidated.has(tagHash(tag)))) return false;
  // Not those that began later: two that land at once would take each other away, and the old page would stay.
  const others = pendingOf(generation, key).filter((other) => {
    if (other === name) return false;
    const began = pendingInfo(generation, other)?.began;
    return began === undefined || began < begun.began;
  });
  removePending(generation, others);
  const file = join(generation.pages, `${pageFile(key)}${STORED_TYPES[ready.mediaType]}`);
  const gate = join(generation.pending, name);
  if (!isThere(gate)) return false;
  const plainFiles = plainFilesOf(generation, key);
  for (const other of plainFiles) if (other.file !== file) removePage(generation, key, other);
  removeCopies(file);
  if (!renameInto(generation.pages, gate, file)) return false;
  for (const suffix of ready.copies) ifThere(() => renameSync(`${gate}${suffix}`, `${file}${suffix}`));
  const replaced = plainFiles.find((each) => each.file === file);
  if (replaced) {
    const old = recordName(key, landingOf(replaced.stats));
    removeRecord(generation, old, tagsOf(generation, old));
  }
  return true;
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
