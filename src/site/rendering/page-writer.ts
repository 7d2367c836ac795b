import { chmodSync, closeSync, fchmodSync, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import type { XXHashAPI } from 'xxhash-wasm';
import { StaticUrlError, systemErrorCode } from '../../core/errors.ts';
import { hexadecimal } from '../../core/hash.ts';
import { quote } from '../../core/text.ts';
import { FILE_MODE } from '../../files/durable-files.ts';
import { PageScanner, type SiteBase, type TargetTable } from '../checks/index.ts';
import { FOLDER_MODE } from '../landing/index.ts';

/** A page whose body is there as a whole. */
export interface WholePage {
  /** The page's own URL, to which its links are relative. */
  readonly url: string;
  readonly isHtml: boolean;
  readonly body: Uint8Array;
  /** Where it is written: nothing stands there, and the folder may have to be made. */
  readonly staged: string;
  /** The digest of what need not be written. */
  readonly known: string | undefined;
}

/** What is known of a page once it is written. */
export interface WrittenPage {
  /** XXH64: 16 hexadecimal digits. */
  readonly digest: string;
  readonly size: number;
  /** `undefined` where nothing is left to land, since the bytes are known. */
  readonly mtimeMs: number | undefined;
  /** By the table of targets of who wrote. */
  readonly links: string;
  readonly noindex: boolean;
}

/** Whoever writes pages: this thread, or another. */
export interface PageWriter {
  write(page: WholePage): WrittenPage | Promise<WrittenPage>;
}

/** Finds the links of pages, digests and writes them. */
export class DirectWriter implements PageWriter {
  readonly #base: SiteBase;
  readonly #targets: TargetTable;
  readonly #hashes: XXHashAPI;

  constructor(base: SiteBase, targets: TargetTable, hashes: XXHashAPI) {
    this.#base = base;
    this.#targets = targets;
    this.#hashes = hashes;
  }

  write({ url, isHtml, body, staged, known }: WholePage): WrittenPage {
    const digest = hexadecimal(this.#hashes.h64Raw(body));
    const mtimeMs = digest === known ? undefined : writeStaged(staged, body);
    return { digest, size: body.length, mtimeMs, ...(isHtml ? this.#scan(url, body) : NO_LINKS) };
  }

  #scan(url: string, body: Uint8Array): Pick<WrittenPage, 'links' | 'noindex'> {
    const scanner = new PageScanner(url, this.#base, this.#targets);
    scanner.write(body);
    return scanner.end();
  }
}

/** What a page without links comes to. */
export const NO_LINKS: Pick<WrittenPage, 'links' | 'noindex'> = { links: '', noindex: false };

/** What the process takes from the modes of new files and folders. */
const umask = process.umask();

/**
 * Writes a new file at once: for short ones that is quicker than through the thread pool.
 *
 * @returns its modification time, in milliseconds
 */
export function writeStaged(path: string, bytes: Uint8Array): number {
  const descriptor = openStaged(path);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    if ((umask & FILE_MODE) !== 0) fchmodSync(descriptor, FILE_MODE);
    return fstatSync(descriptor).mtimeMs;
  } finally {
    closeSync(descriptor);
  }
}

function openStaged(path: string): number {
  try {
    return openSync(path, 'wx', FILE_MODE);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw describeClash(path, error);
    makeFolderOf(path);
    return openSync(path, 'wx', FILE_MODE);
  }
}

/** Makes the folder that a staged file is in. */
export function makeFolderOf(path: string): void {
  const folder = path.slice(0, path.lastIndexOf('/'));
  try {
    mkdirSync(folder, FOLDER_MODE);
    if ((umask & FOLDER_MODE) !== 0) chmodSync(folder, FOLDER_MODE);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT') throw describeClash(path, error);
    makeFolderOf(folder);
    makeFolderOf(path);
  }
}

/** Two files of a site may lie where only one of them can. */
function describeClash(path: string, error: unknown): unknown {
  const code = systemErrorCode(error);
  if (code !== 'ENOTDIR' && code !== 'EISDIR' && code !== 'EEXIST') return error;
  return new StaticUrlError(
    'SITE_URLS',
    `The site has two files where only one can be: ${quote(path.replace(/^.*\/new\//, ''))} needs a folder that is a file, or is one itself. Give one of their routes another "file".`,
    { cause: error },
  );
}
