import { createHash, randomInt } from 'node:crypto';
import { siteFolder, pageFile, PAGE_SUFFIX, STORED_TYPES, type StoredType } from '../rules/page-files.ts';
import type { PageKey } from '../store.ts';

/** What ends the name of a compressed copy. */
export const COPY_SUFFIXES = { gzip: '.gz', br: '.br' } as const;

/** The types of pages in the order in which they are looked for, each with the end of its files' names. */
export const TYPES: readonly { readonly mediaType: StoredType; readonly extension: string }[] =
  Object.entries(
    STORED_TYPES,
    // The keys are known; Object.entries() only forgets it.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  ).map(([mediaType, extension]) => ({ mediaType: mediaType as StoredType, extension }));

const LONGEST_END = Math.max(...TYPES.map(({ extension }) => `${PAGE_SUFFIX}${extension}.gz`.length));

/** The longest name of a file on the file systems of today, in bytes. */
const NAME_BYTES = 255;

/** The longest path that the system takes, in bytes, less what the store's own folders may need. */
const PATH_BYTES = 3000;

/**
 * Whether a page's file can have the name that its target gives it: no segment is empty but the last, none climbs, is too
 * long, or looks like the file of another page.
 */
export function isNameable({ target }: PageKey): boolean {
  if (!target.startsWith('/') || target.includes('\0') || target.includes(PAGE_SUFFIX)) return false;
  if (Buffer.byteLength(target) > PATH_BYTES) return false;
  const segments = target.slice(1).split('/');
  const last = segments.pop() ?? '';
  return (
    Buffer.byteLength(last) + LONGEST_END <= NAME_BYTES &&
    segments.every(
      (each) => each !== '' && each !== '.' && each !== '..' && Buffer.byteLength(each) <= NAME_BYTES,
    )
  );
}

/** What the names of all that belongs to a page begin with, outside the folder that is served. */
export function pageHash(key: PageKey): string {
  const file = pageFile(key);
  const known = hashes.get(file);
  if (known !== undefined) return known;
  const hash = hashOf(file);
  if (hashes.size >= MOST_HASHES) hashes.clear();
  hashes.set(file, hash);
  return hash;
}

/** A page that is being stored is asked for its hash again and again. */
const hashes = new Map<string, string>();
const MOST_HASHES = 1000;

/** A tag as it stands in the log and in the name of its folder. */
export function tagHash(tag: string): string {
  return hashOf(tag).slice(0, 16);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}

const FILE_NAME = new RegExp(
  `^(?<target>.*)@\\.(?<extension>${TYPES.map(({ extension }) => extension.replace('.', '\\.')).join('|')})$`,
  's',
);

/** A page by the path of its plain file below the folder of pages; `undefined` for anything else. */
export function pageOfFile(
  file: string,
  sites: readonly string[],
): (PageKey & { readonly mediaType: StoredType }) | undefined {
  const slash = file.indexOf('/');
  const { target, extension } = FILE_NAME.exec(file.slice(slash))?.groups ?? {};
  const type = TYPES.find((each) => each.extension === extension);
  if (slash <= 0 || target === undefined || type === undefined) return undefined;
  const folder = file.slice(0, slash);
  const site = sites.find((each) => siteFolder(each) === folder) ?? `https://${folder.replace('+', ':')}`;
  return { site, target, mediaType: type.mediaType };
}

const YEAR_2000_SECONDS = 946_684_800;

/**
 * A time for a page's file and its copies, in seconds. The whole seconds are made from the content, for nginx makes its
 * ETag of them and the length: equal for equal pages, another one for another page. The fraction tells one landing from
 * another, so that a page leads to its record and an entry of the index to the very page that it was made for.
 */
export function timeOfLanding(contentHash: string): number {
  const seconds = YEAR_2000_SECONDS + (Number.parseInt(contentHash.slice(-8), 16) % 2 ** 29);
  return seconds + randomInt(1_000_000) / 1_000_000;
}

/** What tells a landing from all others of its page: the time of its file, in microseconds. */
export function landingOf({ mtimeMs }: { readonly mtimeMs: number }): number {
  return Math.round(mtimeMs * 1000);
}
