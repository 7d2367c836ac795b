import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { XXHashAPI } from 'xxhash-wasm';
import { hexadecimal } from '../core/hash.ts';
import { MEDIA_TYPES } from '../http/media-types.ts';
import type { EncodedForm } from './content-encodings.ts';

const COMPRESSIBLE: ReadonlySet<string> = new Set(
  MEDIA_TYPES.filter(({ compressible }) => compressible).flatMap(({ extensions }) => extensions),
);

/** Whether files of this name are worth compressing: others, such as images and fonts, are compressed already. */
export function isCompressible(name: string): boolean {
  return COMPRESSIBLE.has(extname(name).slice(1).toLowerCase());
}

/** What a compressed copy must hold. */
export interface OriginalContent {
  /** XXH64: 16 hexadecimal digits. */
  readonly hash: string;
  /** In bytes. */
  readonly size: number;
}

/**
 * Whether compressed bytes hold some content; reading stops where they turn out longer.
 *
 * @throws the system's error when the bytes cannot be read
 */
export async function holdsContent(
  compressed: AsyncIterable<Buffer>,
  { createDecoder }: EncodedForm,
  original: OriginalContent,
  hashes: XXHashAPI,
): Promise<boolean> {
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
