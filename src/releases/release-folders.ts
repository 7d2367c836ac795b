import { createReadStream } from 'node:fs';
import { chmod, mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { isCompressible } from '../compression/compressed-content.ts';
import { inParallel } from '../core/in-parallel.ts';
import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { isVersion } from '../core/version-format.ts';
import type { PooledContent } from './content-pool.ts';
import { ifThere } from '../files/disk-access.ts';
import { parentsOf } from './name-plan.ts';
import { folderOf, hasRoomFor, type ReleaseLayout } from './release-layout.ts';
import { contentKey, type ContentKey, type PlannedFolder } from './release-plan.ts';
import { placeFile, type ReleasedFile } from './released-file.ts';

/** The fingerprints that have a folder, sorted. Whatever else lies there is not ours. */
export async function listFolders({ releases }: ReleaseLayout): Promise<string[]> {
  const entries = (await ifThere(readdir(releases, { withFileTypes: true }))) ?? [];
  return entries
    .filter((entry) => isVersion(entry.name) && entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
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
export async function checkFolder(
  layout: ReleaseLayout,
  { fingerprint, assets }: PlannedFolder,
): Promise<void> {
  const folder = folderOf(layout, fingerprint);
  await inParallel(assets, async ({ name, size }) => {
    const found = (await ifThere(stat(join(folder, name))))?.size;
    if (found === size) return;
    throw new StaticUrlError(
      'RELEASE_DAMAGED',
      `The folder ${quote(folder)} of an earlier release is damaged: ${quote(name)} ${
        found === undefined ? 'is missing' : `has ${found} bytes in place of ${size}`
      }. Remove the folder, then release again.`,
    );
  });
}

/**
 * Finds the folders of earlier releases that were written without compressed copies: nothing in a folder ever changes,
 * so they stay without.
 *
 * @returns their fingerprints, in the order of the folders
 */
export async function uncompressedFolders(
  layout: ReleaseLayout,
  folders: readonly PlannedFolder[],
): Promise<string[]> {
  const found = new Set<string>();
  await inParallel(folders, async (folder) => {
    if (folder.present && (await lacksCopies(layout, folder))) found.add(folder.fingerprint);
  });
  return folders.map(({ fingerprint }) => fingerprint).filter((fingerprint) => found.has(fingerprint));
}

async function lacksCopies(layout: ReleaseLayout, { fingerprint, assets }: PlannedFolder): Promise<boolean> {
  for (const { name } of assets) {
    // Every Node writes `.gz`.
    if (!isCompressible(name) || !hasRoomFor('.gz', name)) continue;
    const file = join(folderOf(layout, fingerprint), name);
    if (await ifThere(stat(`${file}.gz`))) continue;
    // What does not shrink has no copy either.
    if (await ifThere(shrinks(file))) return true;
  }
  return false;
}

/** Whether compression makes a file shorter. */
async function shrinks(file: string): Promise<boolean> {
  const { size } = await stat(file);
  let length = 0;
  await pipeline(createReadStream(file), createGzip(), async (pieces: AsyncIterable<Buffer>) => {
    for await (const piece of pieces) length += piece.length;
  });
  return length < size;
}

/** What a folder is built from, and where. */
export interface FolderParts {
  readonly contents: ReadonlyMap<ContentKey, PooledContent>;
  /** With their places in the folder. */
  readonly deltas: readonly ReleasedFile[];
  /** Where it is built: a path that is not there, on the same file system. */
  readonly building: string;
  /** The mode of all its folders. */
  readonly folderMode: number;
}

/**
 * Builds a folder where nobody sees it, and gives it its place by one rename. If another release was first, that one's
 * stays: it has the same assets.
 */
export async function addFolder(
  layout: ReleaseLayout,
  folder: PlannedFolder,
  parts: FolderParts,
): Promise<void> {
  await buildFolder(folder, parts);
  const target = folderOf(layout, folder.fingerprint);
  try {
    await rename(parts.building, target);
  } catch (error) {
    if (!(await ifThere(stat(target)))?.isDirectory()) throw error;
  }
}

async function buildFolder(
  { assets }: PlannedFolder,
  { contents, deltas, building, folderMode }: FolderParts,
): Promise<void> {
  const folders = new Set(['', ...[...assets, ...deltas].flatMap(({ name }) => parentsOf(name))]);
  for (const folder of [...folders].toSorted()) {
    await mkdir(join(building, folder));
    await chmod(join(building, folder), folderMode);
  }
  const names = new Set(assets.map(({ name }) => name));
  for (const asset of assets) {
    const content = contents.get(contentKey(asset));
    // Planned and pooled by the same key.
    if (content === undefined) throw new Error(`The bytes of ${asset.name} are missing.`);
    await placeFile(content.file, join(building, asset.name), asset.hash);
    if (!isCompressible(asset.name)) continue;
    for (const suffix of content.compressedCopies.keys()) {
      const name = `${asset.name}${suffix}`;
      // An asset may have the name itself: release-sources.ts makes sure that its bytes are right.
      const isFree = !names.has(name) && !folders.has(name);
      if (isFree && hasRoomFor(suffix, asset.name))
        await placeFile(content.file + suffix, join(building, name), asset.hash);
    }
  }
  for (const { name, file, hash } of deltas) await placeFile(file, join(building, name), hash);
}
