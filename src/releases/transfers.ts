import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AssetIndex } from '../assets/index.ts';
import { ENCODED_FORMS } from '../compression/content-encodings.ts';
import { inParallel } from '../core/in-parallel.ts';
import { renewedAssets, type RenewedAsset, type TransferredBytes } from './refetched-files.ts';
import { DELTA_SUFFIX, deltaName, folderOf, type ReleaseLayout } from './release-layout.ts';

/**
 * Measures on disk what a visitor of one release fetches again under the next, with deltas and without.
 *
 * @returns by name
 */
export async function measureTransfers(
  layout: ReleaseLayout,
  before: AssetIndex,
  after: AssetIndex,
): Promise<Map<string, TransferredBytes>> {
  const transfers = new Map<string, TransferredBytes>();
  await inParallel(renewedAssets(before, after), async ([name, renewed]) => {
    transfers.set(name, await measure(join(folderOf(layout, renewed.fingerprint), name), renewed));
  });
  return transfers;
}

/** @param file - where the asset is, with its compressed copies and deltas beside it */
async function measure(file: string, { old, asset }: RenewedAsset): Promise<TransferredBytes> {
  const copies = await Promise.all(ENCODED_FORMS.map(({ suffix }) => lengthOf(file + suffix)));
  const withoutDeltas = Math.min(asset.size, ...copies);
  const delta = await deltaLength(file, old.file);
  return { withDeltas: Math.min(withoutDeltas, delta), withoutDeltas };
}

/** The length of the delta that makes a file from an older one. */
async function deltaLength(file: string, old: string): Promise<number> {
  const deltas = await stat(file + DELTA_SUFFIX).catch(() => undefined);
  if (!deltas?.isDirectory()) return Infinity;
  const digest = createHash('sha256');
  try {
    await pipeline(createReadStream(old), digest);
  } catch {
    // The release is there already: what cannot be measured is no reason to fail.
    return Infinity;
  }
  return lengthOf(deltaName(file, digest.digest('base64')));
}

/** The length of a file in bytes; of what is none, more than of any. */
async function lengthOf(path: string): Promise<number> {
  // It may not even be a name that a file can have.
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() ? stats.size : Infinity;
}
