import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pageFile, type StoredType } from '../rules/page-files.ts';
import type { PageContent, PageKey } from '../store.ts';
import { isMissing, statIfThere } from './disk.ts';
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

  /** @throws the system's error for a page that is there and cannot be read */
  async read(key: PageKey): Promise<PageContent | undefined> {
    const name = pageFile(key);
    const cached = this.#cache.get(name);
    if (cached) {
      const stats = statIfThere(cached.file);
      if (stats && landingOf(stats) === cached.landing && stats.ino === cached.node) {
        this.#cache.delete(name);
        this.#cache.set(name, cached);
        return cached.content;
      }
      this.#forget(name, cached);
    }
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

  async #load(key: PageKey, file: string, mediaType: StoredType): Promise<CachedPage | undefined> {
    const plain = await readWhole(file);
    // No page is empty, but one that a power failure has cut off.
    if (!plain || plain.body.length === 0) return undefined;
    const { body, landing, node, storedAt } = plain;
    const copies: { encoding: 'br' | 'gzip'; body: Buffer }[] = [];
    for (const encoding of ['br', 'gzip'] as const) {
      const copy = await readWhole(`${file}${COPY_SUFFIXES[encoding]}`);
      // Only a copy of the same landing has the same time.
      if (copy?.landing === landing) copies.push({ encoding, body: copy.body });
    }
    return {
      file,
      landing,
      node,
      content: {
        body,
        copies,
        mediaType,
        etag: `"${this.#hash(body)}"`,
        storedAt,
        tags: tagsOf({ records: this.#records }, recordName(key, landing)),
      },
      bytes: copies.reduce((sum, copy) => sum + copy.body.length, body.length),
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

/** A file as it was when it was opened: a landed file is never written again. */
async function readWhole(file: string): Promise<
  | {
      readonly body: Buffer;
      readonly landing: number;
      readonly node: number;
      readonly storedAt: Date;
    }
  | undefined
> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const stats = await handle.stat();
    const body = await handle.readFile();
    return { body, landing: landingOf(stats), node: stats.ino, storedAt: stats.ctime };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  } finally {
    await handle?.close();
  }
}
