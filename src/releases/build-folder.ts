import { chmod, constants, copyFile, link, mkdir, rename, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FILE_MODE } from '../files/durable-files.ts';
import { systemErrorCode } from '../core/errors.ts';
import { contentKey, timeOfContent, type ContentKey } from './content.ts';
import type { PooledContent } from './content-pool.ts';
import { isCompressible } from '../compression/encoders.ts';
import type { PlannedFolder } from './release-plan.ts';

/** In bytes, of a file on Linux (NAME_MAX): a file of nearly that length has no compressed copies. */
const LONGEST_NAME = 255;

/**
 * Builds a folder where nobody sees it, and gives it its place by one rename. If another release was first, that one's
 * stays: it has the same files.
 *
 * @param building - where it is built: a path that is not there, on the same file system
 * @param target - where it shall be
 * @param folderMode - the mode of all its folders
 */
export async function addFolder(
  folder: PlannedFolder,
  contents: ReadonlyMap<ContentKey, PooledContent>,
  building: string,
  target: string,
  folderMode: number,
): Promise<void> {
  await buildFolder(folder, contents, building, folderMode);
  try {
    await rename(building, target);
  } catch (error) {
    if (!(await isFolder(target))) throw error;
  }
}

async function buildFolder(
  { assets }: PlannedFolder,
  contents: ReadonlyMap<ContentKey, PooledContent>,
  building: string,
  folderMode: number,
): Promise<void> {
  const folders = new Set(['', ...assets.flatMap(({ name }) => parentsOf(name))]);
  for (const folder of [...folders].toSorted()) {
    await mkdir(join(building, folder));
    await chmod(join(building, folder), folderMode);
  }
  const names = new Set(assets.map(({ name }) => name));
  for (const asset of assets) {
    const content = contents.get(contentKey(asset));
    // Planned and pooled by the same key.
    if (content === undefined) throw new Error(`The bytes of ${asset.name} are missing.`);
    await place(content.file, join(building, asset.name), asset.hash);
    if (!isCompressible(asset.name)) continue;
    for (const { suffix, file } of content.sidecars) {
      const name = `${asset.name}${suffix}`;
      if (Buffer.byteLength(basename(name)) > LONGEST_NAME) continue;
      // An asset may have the name itself, whose bytes are right; see wrong-copies.ts.
      if (!names.has(name) && !folders.has(name)) await place(file, join(building, name), asset.hash);
    }
  }
}

/** Gives bytes another name; where the file system cannot, or has given them too many, another copy. */
async function place(file: string, target: string, hash: string): Promise<void> {
  try {
    await link(file, target);
  } catch {
    await copyFile(file, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await chmod(target, FILE_MODE);
    await utimes(target, timeOfContent(hash), timeOfContent(hash));
  }
}

function parentsOf(name: string): string[] {
  const parents: string[] = [];
  for (let parent = dirname(name); parent !== '.'; parent = dirname(parent)) parents.push(parent);
  return parents;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
