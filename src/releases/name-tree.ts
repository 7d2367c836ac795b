import { chmod, lstat, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { inParallel } from '../core/in-parallel.ts';
import { versionOf } from '../core/hash.ts';
import { systemErrorCode } from '../core/errors.ts';
import { ifThere, readFolder } from '../files/disk-access.ts';
import { isListedStill, readUsableManifests, type StoredManifest } from './manifests.ts';
import { parentsOf, planNames, type NamePlan } from './name-plan.ts';
import { folderOf, type ReleaseLayout } from './release-layout.ts';
import { placeFile } from './released-file.ts';
import type { Run } from './runs.ts';

/*
 * What kept releases have by name, for URLs that nobody could version: a tree of hard links, built afresh beside the one
 * before, and swapped by the rename of a symbolic link. So whoever looks sees a whole tree, whenever a run is killed.
 *
 * A run puts nothing but trees of its own into place, and looks after that whether the releases are still those that it was
 * built from: of several runs at once the last one to swap has seen what all others wrote.
 */

/**
 * Makes the tree of names what the kept releases have.
 *
 * @returns what stands in it
 */
export async function writeNames(layout: ReleaseLayout, run: Run): Promise<NamePlan> {
  for (let attempt = 0; ; attempt += 1) {
    const manifests = await readUsableManifests(layout);
    const plan = planNames(manifests.map(({ index }) => index));
    const key = keyOf(manifests);
    if (await isInPlace(layout, key)) return plan;
    const building = join(run.staging, `names-${attempt}`);
    await buildTree(layout, plan, building, run.folderMode);
    if (!(await isListedStill(layout, manifests))) continue;
    const tree = `${run.id}.${attempt}.${key}`;
    await rename(building, join(layout.nameTrees, tree));
    await swap(layout, run, tree);
    if (!(await isListedStill(layout, manifests))) continue;
    await removeOldTrees(layout, run);
    return plan;
  }
}

/** Tells one set of releases from another, in their order. */
function keyOf(manifests: readonly StoredManifest[]): string {
  return versionOf(manifests.map(({ version, releasedAt }) => `${version} ${releasedAt}\n`).join(''));
}

/** Whether the tree of names is that of the releases that are kept now. */
export async function areNamesCurrent(layout: ReleaseLayout): Promise<boolean> {
  return isInPlace(layout, keyOf(await readUsableManifests(layout)));
}

async function isInPlace(layout: ReleaseLayout, key: string): Promise<boolean> {
  const tree = await currentTree(layout);
  if (tree === undefined || !tree.endsWith(`.${key}`)) return false;
  return (await ifThere(lstat(join(layout.nameTrees, tree)))) !== undefined;
}

async function buildTree(
  layout: ReleaseLayout,
  { files }: NamePlan,
  building: string,
  folderMode: number,
): Promise<void> {
  const folders = new Set(['', ...[...files.keys()].flatMap(parentsOf)]);
  for (const folder of [...folders].toSorted()) {
    await ifFree(mkdir(join(building, folder)));
    await chmod(join(building, folder), folderMode);
  }
  // A folder that a prune has just removed goes from the list of releases first, so the tree is built again.
  await inParallel([...files.values()], async ({ name, fingerprint, hash }) => {
    await ifThere(ifFree(placeFile(join(folderOf(layout, fingerprint), name), join(building, name), hash)));
  });
}

/** Lets what is there stay: some file systems take names for one that differ in case, or in how an accent is written. */
async function ifFree(made: Promise<unknown>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
}

/** What the system says where no symbolic link can be made: by FAT, by a network mount, by Windows to most accounts. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

async function swap(layout: ReleaseLayout, run: Run, tree: string): Promise<void> {
  const link = join(run.staging, 'names');
  await rm(link, { force: true });
  try {
    await symlink(linkTo(layout.nameTrees, tree), link);
  } catch (error) {
    if (!NO_LINKS.has(systemErrorCode(error) ?? '')) throw error;
    await rename(join(layout.nameTrees, tree), link);
  }
  try {
    await rename(link, layout.names);
  } catch (error) {
    if (!(await ifThere(lstat(layout.names)))?.isDirectory()) throw error;
    // There are no links, or the folder was copied with its links followed.
    await rename(layout.names, join(run.staging, `copied-${tree}`));
    await rename(link, layout.names);
  }
}

async function removeOldTrees(layout: ReleaseLayout, run: Run): Promise<void> {
  for (const tree of await readFolder(layout.nameTrees)) {
    const [id = ''] = tree.split('.');
    // In this order: when its run has ended, a tree that is not in its place never will be.
    if (id !== run.id && (await isUnderWay(layout, id))) continue;
    if (tree === (await currentTree(layout))) continue;
    // A request that has opened it goes on in it.
    const removed = join(run.staging, `old-${tree}`);
    try {
      await ifThere(rename(join(layout.nameTrees, tree), removed));
    } catch (error) {
      // Another account's may be for that account's next run.
      if (systemErrorCode(error) !== 'EACCES') throw error;
    }
    await rm(removed, { recursive: true, force: true }).catch(() => {});
  }
}

/** Whether a run may still put its trees into place: what dead ones left behind, later runs have removed. */
async function isUnderWay({ staging }: ReleaseLayout, id: string): Promise<boolean> {
  return (await ifThere(lstat(join(staging, id)))) !== undefined;
}

/** The name of the tree that stands in its place. */
async function currentTree({ names, nameTrees }: ReleaseLayout): Promise<string | undefined> {
  try {
    const target = (await ifThere(readlink(names))) ?? '';
    const tree = basename(target);
    // A copy of the releases folder may lead back to where it was copied from.
    return target === linkTo(nameTrees, tree) ? tree : undefined;
  } catch (error) {
    // A folder in its place.
    if (systemErrorCode(error) === 'EINVAL') return undefined;
    throw error;
  }
}

/** Relative, so that it holds wherever the releases folder is moved. */
function linkTo(nameTrees: string, tree: string): string {
  return join(basename(nameTrees), tree);
}
