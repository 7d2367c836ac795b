import { closeSync, fchmodSync, fstatSync, openSync, writeSync } from 'node:fs';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import type { XXHash, XXHashAPI } from 'xxhash-wasm';
import { hexadecimal } from '../../core/hash.ts';
import { FILE_MODE } from '../../files/durable-files.ts';

/** What is longer goes to disk as it comes. */
const BUFFERED_BYTES = 256 * 1024;

/** What was written. */
export interface StagedBody {
  /** XXH64: 16 hexadecimal digits. */
  readonly digest: string;
  readonly size: number;
  /** `undefined` where nothing is left to land, since the bytes are known. */
  readonly mtimeMs: number | undefined;
}

/** Takes a body piece by piece and writes it: a short one at its end, if it is not known, a long one as it comes. */
export class BodyStage {
  readonly #path: string;
  readonly #hashes: XXHashAPI;
  #pieces: Buffer[] = [];
  #size = 0;
  #long: { readonly handle: FileHandle; readonly hash: XXHash<bigint> } | undefined;

  /** @param path - where it is written: nothing stands there */
  constructor(path: string, hashes: XXHashAPI) {
    this.#path = path;
    this.#hashes = hashes;
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
    this.#long ??= { handle: await open(this.#path, 'wx', FILE_MODE), hash: this.#hashes.create64() };
    for (const each of [...this.#pieces.splice(0), piece]) {
      this.#long.hash.update(each);
      await this.#long.handle.writeFile(each);
    }
  }

  /**
   * Ends it.
   *
   * @param known - the digest of what need not be written; what is too long to be held in memory is, and is removed
   */
  async end(known: string | undefined): Promise<StagedBody> {
    if (this.#long === undefined) return this.#endShort(known);
    const { handle, hash } = this.#long;
    await handle.chmod(FILE_MODE);
    const { mtimeMs } = await handle.stat();
    await handle.close();
    const digest = hexadecimal(hash.digest());
    if (digest !== known) return { digest, size: this.#size, mtimeMs };
    await unlink(this.#path);
    return { digest, size: this.#size, mtimeMs: undefined };
  }

  #endShort(known: string | undefined): StagedBody {
    const body = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    const digest = hexadecimal(this.#hashes.h64Raw(body));
    const mtimeMs = digest === known ? undefined : writeStaged(this.#path, body);
    return { digest, size: body.length, mtimeMs };
  }

  /** Gives up what has been written. */
  async abandon(): Promise<void> {
    await this.#long?.handle.close().catch(() => {});
  }
}

/** Whether new files have another mode than they are made with. */
const isMasked = (process.umask() & FILE_MODE) !== 0;

/**
 * Writes a new file at once: for short ones that is quicker than through the thread pool.
 *
 * @returns its modification time, in milliseconds
 */
export function writeStaged(path: string, bytes: Uint8Array): number {
  const descriptor = openSync(path, 'wx', FILE_MODE);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    if (isMasked) fchmodSync(descriptor, FILE_MODE);
    return fstatSync(descriptor).mtimeMs;
  } finally {
    closeSync(descriptor);
  }
}
