import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { StaticUrlError, systemErrorCode } from '../../core/errors.ts';
import { isPlainObject, quote } from '../../core/text.ts';
import { FILE_MODE } from '../../files/durable-files.ts';
import { PHASES, type FileRecord, type PageRecord } from './planned-file.ts';

/** Raised when a file of before can no longer be read. */
const FORMAT = 1;

/** How many characters are written at once. */
const BATCH_CHARACTERS = 1 << 16;

/** What an export remembers of the site that it wrote. */
export interface SiteState {
  /** What all pages depend on, in the words of the export; `undefined` where its pages were made with different ones. */
  readonly settings: string | undefined;
  readonly files: Map<string, FileRecord>;
}

/**
 * Writes a state as lines of JSON, so that it never is in memory as a whole: a line about itself, then one per file. It
 * appears whole or not at all.
 *
 * @param files - name and record of each
 * @param count - how many there are, by which a file that was cut off is known
 */
export async function writeState(
  file: string,
  settings: string | undefined,
  files: Iterable<readonly [name: string, record: FileRecord]>,
  count: number,
  temporary: string,
): Promise<void> {
  const handle = await open(temporary, 'w', FILE_MODE);
  try {
    // A write that finds no room for all of it writes what it can, and says nothing: these write the rest, and fail.
    let batch = `${JSON.stringify({ staticUrlSite: FORMAT, files: count, settings })}\n`;
    for (const [name, record] of files) {
      batch += `${JSON.stringify({ name, ...record })}\n`;
      if (batch.length < BATCH_CHARACTERS) continue;
      await handle.appendFile(batch);
      batch = '';
    }
    await handle.appendFile(batch);
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

/**
 * Reads a state that {@link writeState} wrote; `undefined` when there is none.
 *
 * @throws {@link StaticUrlError} `SITE_OUT_REFUSED` when it is something else
 */
export async function readState(file: string): Promise<SiteState | undefined> {
  const damaged = (what: string): StaticUrlError =>
    new StaticUrlError(
      'SITE_OUT_REFUSED',
      `${quote(file)}, where exports remember what they wrote, ${what}. Remove it to start anew: all pages are rendered again then, and the files in the site's folder count as not the site's.`,
    );
  const files = new Map<string, FileRecord>();
  const share = createSharing();
  let header: Readonly<Record<string, unknown>> | undefined;
  const take = (line: string): void => {
    const value = parse(line);
    if (header === undefined) {
      if (value?.['staticUrlSite'] !== FORMAT)
        throw damaged('is of another version of static-url, or damaged');
      header = value;
      return;
    }
    if (value === undefined || !isNamedRecord(value)) throw damaged(`is damaged in line ${files.size + 2}`);
    files.set(value.name, share(value));
  };
  try {
    let rest = '';
    for await (const chunk of createReadStream(file, { encoding: 'utf8' }) as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    }
    if (rest !== '' || header === undefined || header['files'] !== files.size) throw damaged('is damaged');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const settings = header['settings'];
  return { settings: typeof settings === 'string' ? settings : undefined, files };
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isNamedRecord(value: object): value is FileRecord & { readonly name: string } {
  const { name, phase, digest, size, mtimeMs, page }: Readonly<Record<string, unknown>> = { ...value };
  return (
    typeof name === 'string' &&
    PHASES.some((each) => each === phase) &&
    typeof digest === 'string' &&
    typeof size === 'number' &&
    typeof mtimeMs === 'number' &&
    (page === undefined || isPlainObject(page))
  );
}

/**
 * Makes what gives records back of which memory has once what thousands of pages have in common, and none of the texts that theirs
 * were cut out of.
 */
export function createSharing(): (record: FileRecord) => FileRecord {
  const texts = new Map<string, string>();
  const lists = new Map<string, PageRecord['headers']>();
  const sharedText = (text: string): string => firstOf(texts, text, text);
  // Written out: a copy by "..." of what has been parsed takes half as much memory again.
  return ({ phase, digest, size, mtimeMs, source, page, redirect }) => {
    const kind = PHASES.find((each) => each === phase) ?? phase;
    const copied = source === undefined ? undefined : { source };
    if (redirect !== undefined) return { phase: kind, digest, size, mtimeMs, redirect };
    if (page === undefined) return { phase: kind, digest, size, mtimeMs, ...copied };
    const { url, route, changeKey, status, contentType, headers, appRoute, links, inSitemap, lastModified } =
      page;
    const shared = {
      url,
      route: sharedText(route),
      ...(changeKey !== undefined && { changeKey }),
      status,
      contentType: sharedText(contentType),
      headers: firstOf(lists, JSON.stringify(headers), headers),
      ...(appRoute !== undefined && { appRoute: sharedText(appRoute) }),
      links,
      inSitemap,
      ...(lastModified !== undefined && { lastModified }),
    };
    return { phase: kind, digest, size, mtimeMs, ...copied, page: shared };
  };
}

function firstOf<Value>(known: Map<string, Value>, key: string, value: Value): Value {
  const first = known.get(key);
  if (first !== undefined) return first;
  known.set(key, value);
  return value;
}
