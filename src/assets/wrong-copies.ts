import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { XXHashAPI } from 'xxhash-wasm';
import { hexadecimal } from '../core/hash.ts';
import { describeReadError } from '../core/scan-folder.ts';
import { reachOf, type Asset, type AssetIndex } from './asset-index.ts';
import { ENCODERS, type Encoder } from './encoders.ts';

/**
 * An asset that is by its name the compressed copy of another, and holds other bytes. A web server that sends `a.css.gz`
 * in place of `a.css` looks at names alone.
 */
export interface WrongCopy {
  readonly copy: Asset;
  readonly original: Asset;
  /** Whether a release lays both into one folder. */
  readonly isReleased: boolean;
}

/**
 * Finds all wrong copies, as far as this Node can decompress them.
 *
 * @throws {@link StaticUrlError} `FILE_CHANGED`, `FILE_UNREADABLE`
 */
export async function findWrongCopies(index: AssetIndex, hashes: XXHashAPI): Promise<WrongCopy[]> {
  const wrong: Omit<WrongCopy, 'isReleased'>[] = [];
  for (const original of index.assets.values()) {
    for (const encoder of ENCODERS) {
      const copy = index.assets.get(original.name + encoder.suffix);
      if (copy === undefined || (await holds(copy, original, encoder, hashes))) continue;
      wrong.push({ copy, original });
    }
  }
  const reaches = wrong.length === 0 ? [] : [...index.members.keys()].map((each) => reachOf(index, each));
  return wrong.map(({ copy, original }) => ({
    copy,
    original,
    isReleased: reaches.some((names) => names.has(copy.name) && names.has(original.name)),
  }));
}

async function holds(copy: Asset, original: Asset, encoder: Encoder, hashes: XXHashAPI): Promise<boolean> {
  const digest = hashes.create64();
  let size = 0;
  try {
    await pipeline(
      createReadStream(copy.file),
      encoder.createDecoder(),
      async (pieces: AsyncIterable<Buffer>) => {
        for await (const piece of pieces) {
          digest.update(piece);
          size += piece.length;
          if (size > original.size) break;
        }
      },
    );
  } catch (error) {
    // All others are the decoder's.
    if (error instanceof Error && 'syscall' in error) throw describeReadError('file', copy.file, error);
    return false;
  }
  return size === original.size && hexadecimal(digest.digest()) === original.hash;
}
