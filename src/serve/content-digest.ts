import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { hexadecimal } from '../core/hash.ts';

/** The digest's own memory grows to the longest piece that it is given, and never shrinks. */
const PIECE_BYTES = 64 * 1024;

/** XXH64 of content, as 16 hexadecimal digits. */
export class ContentDigest {
  readonly hashes: XXHashAPI;

  private constructor(hashes: XXHashAPI) {
    this.hashes = hashes;
  }

  /** Loads the digest, a WebAssembly module. */
  static async load(): Promise<ContentDigest> {
    return new ContentDigest(await xxhash());
  }

  ofBytes(bytes: Buffer): string {
    const hash = this.hashes.create64();
    for (const piece of inPieces(bytes)) hash.update(piece);
    return hexadecimal(hash.digest());
  }

  async ofPieces(pieces: AsyncIterable<Uint8Array>): Promise<string> {
    const hash = this.hashes.create64();
    for await (const piece of pieces) hash.update(piece);
    return hexadecimal(hash.digest());
  }
}

/** Cuts bytes into pieces that are short enough to be digested. */
export function* inPieces(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES)
    yield bytes.subarray(start, start + PIECE_BYTES);
}
