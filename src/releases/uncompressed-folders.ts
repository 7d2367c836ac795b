import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ifThere } from './if-there.ts';
import { ENCODERS, isCompressible } from '../compression/encoders.ts';
import { inParallel } from './in-parallel.ts';
import { PARALLEL_FILES, type ReleaseLayout } from './release-layout.ts';
import type { PlannedFolder } from './release-plan.ts';

/**
 * Finds the folders of earlier releases that were written without compressed copies: nothing in a folder ever changes,
 * so they stay without.
 *
 * @returns their fingerprints, in the order of the folders
 */
export async function uncompressedFolders(
  { releases }: ReleaseLayout,
  folders: readonly PlannedFolder[],
): Promise<string[]> {
  const found = new Set<string>();
  await inParallel(folders, PARALLEL_FILES, async ({ fingerprint, assets, present }) => {
    if (!present) return;
    for (const { name } of assets) {
      if (!isCompressible(name) || !(await lacksCopies(join(releases, fingerprint, name)))) continue;
      found.add(fingerprint);
      return;
    }
  });
  return folders.map(({ fingerprint }) => fingerprint).filter((fingerprint) => found.has(fingerprint));
}

async function lacksCopies(file: string): Promise<boolean> {
  for (const { suffix } of ENCODERS) if (await ifThere(access(file + suffix).then(() => true))) return false;
  // What does not shrink has none either.
  const bytes = await ifThere(readFile(file));
  return bytes !== undefined && (await promisify(gzip)(bytes)).length < bytes.length;
}
