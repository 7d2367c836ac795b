import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { quote } from '../core/options.ts';
import { isVersion } from '../core/version-format.ts';
import type { Asset } from '../assets/index.ts';
import { ifThere } from './if-there.ts';
import { inParallel } from './in-parallel.ts';
import { PARALLEL_FILES, type ReleaseLayout } from './release-layout.ts';

/** The fingerprints that have a folder, sorted. Whatever else lies there is not ours. */
export async function listFolders({ releases }: ReleaseLayout): Promise<string[]> {
  try {
    const entries = await readdir(releases, { withFileTypes: true });
    return entries
      .filter((entry) => isVersion(entry.name) && entry.isDirectory())
      .map(({ name }) => name)
      .toSorted();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Makes sure that the folders there are of releases: whatever else is named like one, a prune would remove.
 *
 * @throws {@link StaticUrlError} `RELEASE_NOT_FOUND`
 */
export async function requireOwnFolders(
  { releases, state }: ReleaseLayout,
  folders: readonly string[],
): Promise<void> {
  if (folders.length === 0 || (await ifThere(stat(state))) !== undefined) return;
  throw new StaticUrlError(
    'RELEASE_NOT_FOUND',
    `The folder ${quote(releases)} holds no release, but a folder ${quote(folders[0])} that a prune would take for one. Choose another folder; if it is from releases, copy their ".static-url" too.`,
  );
}

/**
 * Makes sure that a folder holds its assets in full length. It appeared in one piece, but disks fail, copies are broken
 * off, and people tidy up.
 *
 * @throws {@link StaticUrlError} `RELEASE_DAMAGED`
 */
export async function checkFolder(folder: string, assets: readonly Asset[]): Promise<void> {
  await inParallel(assets, PARALLEL_FILES, async ({ name, size }) => {
    const file = join(folder, name);
    const found = await sizeOf(file);
    if (found === size) return;
    throw new StaticUrlError(
      'RELEASE_DAMAGED',
      `The folder ${quote(folder)} of an earlier release is damaged: ${quote(name)} ${
        found === undefined ? 'is missing' : `has ${found} bytes in place of ${size}`
      }. Remove the folder, then release again.`,
    );
  });
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
