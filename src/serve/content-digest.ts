import { createReadStream } from 'node:fs';
import { Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { hexadecimal } from '../core/hash.ts';

/** The digest's own memory grows to the longest piece that it was given, and never shrinks. */
const PIECE_BYTES = 64 * 1024;

/** XXH64 of content, as 16 hexadecimal digits. */
export class ContentDigest {
  readonly #hashes: XXHashAPI;

  private constructor(hashes: XXHashAPI) {
    this.#hashes = hashes;
  }

  /** Loads the digest, a WebAssembly module. */
  static async load(): Promise<ContentDigest> {
    return new ContentDigest(await xxhash());
  }

  ofBytes(bytes: Uint8Array): string {
    if (bytes.length <= PIECE_BYTES) return hexadecimal(this.#hashes.h64Raw(bytes));
    const hash = this.#hashes.create64();
    for (let start = 0; start < bytes.length; start += PIECE_BYTES)
      hash.update(bytes.subarray(start, start + PIECE_BYTES));
    return hexadecimal(hash.digest());
  }

  ofFile(path: string): Promise<string> {
    return this.ofStream(createReadStream(path));
  }

  /** The digest of what comes out of a stream, or out of the last of several that are piped into each other. */
  async ofStream(source: Readable, ...transforms: readonly NodeJS.ReadWriteStream[]): Promise<string> {
    const hash = this.#hashes.create64();
    const sink = new Writable({
      write(piece: Buffer, _encoding, written) {
        hash.update(piece);
        written();
      },
    });
    await pipeline([source, ...transforms, sink]);
    return hexadecimal(hash.digest());
  }
}
