import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { XXHashAPI } from 'xxhash-wasm';
import { FILE_MODE } from '../files/durable-files.ts';
import { StaticUrlError } from '../core/errors.ts';
import { hexadecimal } from '../core/hash.ts';
import { quote } from '../core/options.ts';
import { describeReadError } from '../files/scan-folder.ts';
import type { Asset } from '../assets/index.ts';
import { contentKey, timeOfContent, type ContentKey } from './content.ts';

/** What the bytes of a file are known by. */
export interface Digest {
  readonly key: ContentKey;
  /** `sha384-…` (Subresource Integrity). */
  readonly integrity: string;
}

const PIECE_BYTES = 256 * 1024;

/** Reads a file, whatever its length, in pieces. */
export async function digestFile(file: string, hashes: XXHashAPI): Promise<Digest> {
  const handle = await open(file, 'r');
  try {
    return await digest(handle, hashes, async () => {});
  } finally {
    await handle.close();
  }
}

/**
 * Copies an asset, and makes sure that its bytes are still those that its fingerprint was made of. The copy is on the
 * disk when it returns, for everyone to read, with the time that belongs to its bytes.
 *
 * @throws {@link StaticUrlError} `FILE_CHANGED`, `FILE_UNREADABLE`
 */
export async function copyAsset(asset: Asset, target: string, hashes: XXHashAPI): Promise<Digest> {
  const source = await openSource(asset.file);
  try {
    const copy = await open(target, 'wx', FILE_MODE);
    try {
      const copied = await digest(source, hashes, (piece) => copy.writeFile(piece));
      if (copied.key !== contentKey(asset)) {
        throw new StaticUrlError(
          'FILE_CHANGED',
          `The file ${quote(asset.file)} changed while the release was being written. Let the build finish, then release again.`,
        );
      }
      await finish(copy, asset.hash);
      return copied;
    } finally {
      await copy.close();
    }
  } finally {
    await source.close();
  }
}

/** Gives a file the mode and the time that it has in every release, and waits until it is on the disk. */
export async function finish(handle: FileHandle, hash: string): Promise<void> {
  const time = timeOfContent(hash);
  await handle.chmod(FILE_MODE);
  await handle.utimes(time, time);
  await handle.sync();
}

async function openSource(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    throw describeReadError('file', file, error);
  }
}

async function digest(
  handle: FileHandle,
  hashes: XXHashAPI,
  take: (piece: Buffer) => Promise<void>,
): Promise<Digest> {
  const fast = hashes.create64();
  const strong = createHash('sha384');
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  let size = 0;
  for (;;) {
    const { bytesRead } = await handle.read(piece, 0, PIECE_BYTES, null);
    if (bytesRead === 0) break;
    const bytes = piece.subarray(0, bytesRead);
    fast.update(bytes);
    strong.update(bytes);
    size += bytesRead;
    await take(bytes);
  }
  const hash = hexadecimal(fast.digest());
  return { key: contentKey({ hash, size }), integrity: `sha384-${strong.digest('base64')}` };
}
