import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pageFile, STORED_TYPES, type StoredType } from '../rules/page-files.ts';
import type { NewPage, PageContent, PageKey } from '../store.ts';
import type { CompressedCopy } from './copies.ts';
import { isMissing, statIfThere } from './disk.ts';
import type { ReadyPage } from './landing.ts';
import { recordName, tagsOf } from './records.ts';
import { COPY_SUFFIXES, isNameable, landingOf, TYPES } from './names.ts';

/** What a page in memory is known to be the file by. */
interface CachedPage {
  readonly file: string;
  readonly landing: number;
  readonly node: number;
  readonly content: PageContent;
  readonly bytes: number;
}

const MEMORY_BYTES = 64 * 1024 * 1024;
/** What is kept of each page beside its bodies takes about so much: many small pages are not small. */
const ENTRY_BYTES = 1024;

/**
 * Reads pages. What was read stays in memory, and is the page as long as its file is the one that it was: each request
 * looks once, for another process may have replaced it.
 */
export class PageReader {
  readonly #folder: string;
  readonly #records: string;
  readonly #hash: (body: Buffer) => string;
  /** The one that was asked for longest ago comes first. */
  readonly #cache = new Map<string, CachedPage>();
  #bytes = 0;

  /**
   * @param store - the folder of the store
   * @param hash - 16 hexadecimal digits of a body
   */
  constructor(store: string, hash: (body: Buffer) => string) {
    this.#folder = join(store, 'current', 'pages');
    this.#records = join(store, 'current', 'records');
    this.#hash = hash;
  }

  /** The page as it is in memory, if its file is still the one that it was. */
  remembered(key: PageKey): PageContent | undefined {
    const name = pageFile(key);
    const cached = this.#cache.get(name);
    if (cached === undefined) return undefined;
    const stats = statIfThere(cached.file);
    if (stats && landingOf(stats) === cached.landing && stats.ino === cached.node) {
      this.#cache.delete(name);
      this.#cache.set(name, cached);
      return cached.content;
    }
    this.#forget(name, cached);
    return undefined;
  }

  /** @throws the system's error for a page that is there and cannot be read */
  async read(key: PageKey): Promise<PageContent | undefined> {
    const name = pageFile(key);
    if (!isNameable(key)) return undefined;
    for (const { mediaType, extension } of TYPES) {
      // A path through the link: what is served is what it leads to now.
      const file = `${this.#folder}/${name}${extension}`;
      if (statIfThere(file) === undefined) continue;
      const page = await this.#load(key, file, mediaType);
      if (page === undefined) continue;
      this.#remember(name, page);
      return page.content;
    }
    return undefined;
  }

  /** Drops what is in memory. */
  clear(): void {
    this.#cache.clear();
    this.#bytes = 0;
  }

  /** Keeps in memory a page that has just landed. */
  keep(key: PageKey, { body }: NewPage, { stats, copies, mediaType, tags }: ReadyPage): void {
    const name = pageFile(key);
    const file = `${this.#folder}/${name}${STORED_TYPES[mediaType]}`;
    this.#remember(name, this.#page(file, { body, stats }, copies, mediaType, tags));
  }

  async #load(key: PageKey, file: string, mediaType: StoredType): Promise<CachedPage | undefined> {
    const plain = await readWhole(file);
    // No page is empty, but one that a power failure has cut off.
    if (!plain || plain.body.length === 0) return undefined;
    const landing = landingOf(plain.stats);
    const copies: CompressedCopy[] = [];
    for (const encoding of ['br', 'gzip'] as const) {
      const copy = await readWhole(`${file}${COPY_SUFFIXES[encoding]}`);
      // Only a copy of the same landing has the same time.
      if (copy && landingOf(copy.stats) === landing) copies.push({ encoding, body: copy.body });
    }
    const tags = tagsOf({ records: this.#records }, recordName(key, landing));
    return this.#page(file, plain, copies, mediaType, tags);
  }

  #page(
    file: string,
    { body, stats }: WholeFile,
    copies: readonly CompressedCopy[],
    mediaType: StoredType,
    tags: readonly string[],
  ): CachedPage {
    const etag = `"${this.#hash(body)}"`;
    return {
      file,
      landing: landingOf(stats),
      node: stats.ino,
      content: { body, copies, mediaType, etag, storedAt: stats.ctime, tags },
      bytes: copies.reduce((sum, copy) => sum + copy.body.length, ENTRY_BYTES + body.length),
    };
  }

  #remember(name: string, page: CachedPage): void {
    const other = this.#cache.get(name);
    if (other) this.#forget(name, other);
    this.#cache.set(name, page);
    this.#bytes += page.bytes;
    for (const [oldest, { bytes }] of this.#cache) {
      if (this.#bytes <= MEMORY_BYTES) return;
      this.#cache.delete(oldest);
      this.#bytes -= bytes;
    }
  }

  #forget(name: string, page: CachedPage): void {
    if (this.#cache.delete(name)) this.#bytes -= page.bytes;
  }
}

/** A file as it was when it was opened. */
interface WholeFile {
  readonly body: Buffer;
  readonly stats: Stats;
}

/** Reads a file, which is never written again once it has landed. */
async function readWhole(file: string): Promise<WholeFile | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const stats = await handle.stat();
    return { stats, body: await handle.readFile() };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  } finally {
    await handle?.close();
  }
}
