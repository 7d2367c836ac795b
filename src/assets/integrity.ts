import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { XXHashAPI } from 'xxhash-wasm';
import { StaticUrlError } from '../core/errors.ts';
import { hexadecimal } from '../core/hash.ts';
import { quote } from '../core/text.ts';
import { describeReadError } from '../files/scan-folder.ts';
import type { Asset } from './asset-index.ts';

const PIECE_BYTES = 256 * 1024;

/**
 * The value of an asset's `integrity` attribute (SRI §3.1), from its file, which must still have the bytes that the
 * asset's URL was made of: those are the ones that browsers will get from there.
 *
 * @throws {@link StaticUrlError} `FILE_CHANGED`, `FILE_UNREADABLE`
 */
export function integrityOf({ file, hash }: Asset, hashes: XXHashAPI): string {
  const [fast, strong] = [hashes.create64(), createHash('sha384')];
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (;;) {
      const bytes = piece.subarray(0, readSync(descriptor, piece, 0, PIECE_BYTES, null));
      if (bytes.length === 0) break;
      fast.update(bytes);
      strong.update(bytes);
    }
  } catch (error) {
    const described = describeReadError('file', file, error);
    throw described.code === 'FILE_CHANGED' ? changed(file, error) : described;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  if (hexadecimal(fast.digest()) !== hash) throw changed(file);
  return `sha384-${strong.digest('base64')}`;
}

function changed(file: string, cause?: unknown): StaticUrlError {
  return new StaticUrlError(
    'FILE_CHANGED',
    `The file ${quote(file)} is not what it was when its URL was made. Restart the app when the deploy has finished, or with "watch" wait until the change is seen.`,
    cause === undefined ? undefined : { cause },
  );
}
