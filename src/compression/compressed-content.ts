import { pipeline } from 'node:stream/promises';
import type { XXHashAPI } from 'xxhash-wasm';
import { hexadecimal } from '../core/hash.ts';
import type { EncodedForm } from './content-encodings.ts';
import { zstdChecksum } from './zstd-frame.ts';

/** What a compressed copy must hold. */
export interface OriginalContent {
  /** XXH64: 16 hexadecimal digits. */
  readonly hash: string;
  /** In bytes. */
  readonly size: number;
}

/**
 * Whether compressed bytes hold some content; what is longer is read no further.
 *
 * @returns `undefined` when this Node cannot tell
 * @throws the system's error when the bytes cannot be read
 */
export async function holdsContent(
  compressed: AsyncIterable<Buffer>,
  { createDecoder }: EncodedForm,
  original: OriginalContent,
  hashes: XXHashAPI,
): Promise<boolean | undefined> {
  // Only Zstandard may be without a decoder.
  if (createDecoder === undefined) {
    const checksum = await zstdChecksum(compressed);
    return checksum === undefined ? undefined : original.hash.endsWith(checksum);
  }
  const digest = hashes.create64();
  let size = 0;
  try {
    await pipeline(compressed, createDecoder(), async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        digest.update(piece);
        size += piece.length;
        if (size > original.size) break;
      }
    });
  } catch (error) {
    // All others are the decoder's.
    if (error instanceof Error && 'syscall' in error) throw error;
    return false;
  }
  return hexadecimal(digest.digest()) === original.hash;
}
