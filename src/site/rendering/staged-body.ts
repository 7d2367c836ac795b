import { open, unlink, type FileHandle } from 'node:fs/promises';
import type { XXHash, XXHashAPI } from 'xxhash-wasm';
import { systemErrorCode } from '../../core/errors.ts';
import { hexadecimal } from '../../core/hash.ts';
import { FILE_MODE } from '../../files/durable-files.ts';
import type { PageScanner } from '../checks/index.ts';
import { makeFolderOf, NO_LINKS, type WrittenPage } from './page-writer.ts';

/** What is longer goes to disk as it comes. */
const BUFFERED_BYTES = 256 * 1024;

/** A body that is too long to be held in memory. */
interface LongBody {
  readonly handle: FileHandle;
  readonly hash: XXHash<bigint>;
  readonly scanner: PageScanner | undefined;
}

/** Takes a body piece by piece: a short one is kept, a long one is written as it comes. */
export class BodyStage {
  readonly #path: string;
  readonly #hashes: XXHashAPI;
  readonly #createScanner: () => PageScanner | undefined;
  #pieces: Buffer[] = [];
  #size = 0;
  #long: LongBody | undefined;

  /**
   * @param path - where a long one is written: nothing stands there
   * @param createScanner - makes what finds its links
   */
  constructor(path: string, hashes: XXHashAPI, createScanner: () => PageScanner | undefined) {
    this.#path = path;
    this.#hashes = hashes;
    this.#createScanner = createScanner;
  }

  /** Resolves once the next piece may come. */
  take(piece: Buffer): Promise<void> | undefined {
    this.#size += piece.length;
    if (this.#long === undefined && this.#size <= BUFFERED_BYTES) {
      this.#pieces.push(piece);
      return undefined;
    }
    return this.#spill(piece);
  }

  async #spill(piece: Buffer): Promise<void> {
    this.#long ??= {
      handle: await openLong(this.#path),
      hash: this.#hashes.create64(),
      scanner: this.#createScanner(),
    };
    for (const each of [...this.#pieces.splice(0), piece]) {
      this.#long.hash.update(each);
      this.#long.scanner?.write(each);
      await this.#long.handle.writeFile(each);
    }
  }

  /** A short body; `undefined` for a long one. */
  get whole(): Buffer | undefined {
    if (this.#long !== undefined) return undefined;
    return this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces);
  }

  /**
   * Ends a long one.
   *
   * @param known - the digest of what need not be there: it is removed
   */
  async endLong(known: string | undefined): Promise<WrittenPage> {
    const { handle, hash, scanner } = this.#long!;
    await handle.chmod(FILE_MODE);
    const { mtimeMs } = await handle.stat();
    await handle.close();
    const digest = hexadecimal(hash.digest());
    const isKnown = digest === known;
    if (isKnown) await unlink(this.#path);
    return {
      digest,
      size: this.#size,
      mtimeMs: isKnown ? undefined : mtimeMs,
      ...(scanner?.end() ?? NO_LINKS),
    };
  }

  /** Gives up what has been written. */
  async abandon(): Promise<void> {
    await this.#long?.handle.close().catch(() => {});
  }
}

async function openLong(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', FILE_MODE);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    makeFolderOf(path);
    return open(path, 'wx', FILE_MODE);
  }
}
