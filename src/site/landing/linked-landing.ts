import { linkSync, lstatSync, renameSync, rmdirSync } from 'node:fs';
import { copyFile, cp, rm, symlink, utimes } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { StaticUrlError, systemErrorCode } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import { readFolder } from '../../files/disk-access.ts';
import { deleteFiles, putFiles, type LandingProgress } from './file-landing.ts';
import { findForeignFiles } from './foreign-files.ts';
import { createPace } from './pace.ts';
import type { SiteLayout } from './site-layout.ts';
import type { SitePlan } from './site-plan.ts';
import { SiteTree } from './site-tree.ts';

/** What of a system's answers to a link says that it cannot be made, though the file is there. */
const NO_LINKS = ['EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV'];

/** Builds a whole site: new files are moved there, and the others have a second name there. */
export async function buildTree(
  tree: SiteTree,
  current: SiteTree,
  plan: SitePlan,
  keep: ReadonlySet<string>,
  onProgress?: LandingProgress,
): Promise<number> {
  const pace = createPace();
  // An empty site is a folder too.
  tree.makeFolderOf('index.html');
  for (const { name, staged, record } of plan.values()) {
    if (staged !== undefined) continue;
    if (!current.holds(name, record))
      throw new StaticUrlError(
        'FILE_CHANGED',
        `${quote(name)} in the site's folder was changed while the site was exported. Export again.`,
      );
    tree.makeFolderOf(name);
    await linkOrCopy(join(current.folder, name), join(tree.folder, name));
    await pace();
  }
  for (const { name } of current.read(''))
    if (keep.has(name))
      await cp(join(current.folder, name), join(tree.folder, name), {
        recursive: true,
        preserveTimestamps: true,
        verbatimSymlinks: true,
      });
  return putFiles(tree, plan, onProgress);
}

/** Makes the site's folder a link to a tree, by one rename where it was a link before. */
export async function swapLink({ out }: SiteLayout, tree: string, temporary: string): Promise<void> {
  await symlink(relative(dirname(out), tree), temporary);
  // It is empty, or the link would have been refused.
  if (lstatSync(out, { throwIfNoEntry: false })?.isDirectory() === true) rmdirSync(out);
  renameSync(temporary, out);
}

/** Removes all trees but one: the site before that one, and what a landing that was killed had begun. */
export async function removeTrees(
  { sites }: SiteLayout,
  current: string | undefined,
  aside: string,
): Promise<void> {
  for (const name of await readFolder(sites)) {
    if (name === current) continue;
    const folder = join(sites, name);
    const tree = new SiteTree(folder, aside);
    // Several times quicker than the removal of a folder with all that is in it.
    await deleteFiles(tree, await findForeignFiles(tree, new Map(), new Set()));
    await rm(folder, { recursive: true, force: true });
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!NO_LINKS.includes(systemErrorCode(error) ?? '')) throw error;
    await copyFile(from, to);
    const { atime, mtimeMs } = lstatSync(from);
    await utimes(to, atime, mtimeMs / 1000);
  }
}
