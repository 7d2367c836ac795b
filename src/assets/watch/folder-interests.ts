import { existsSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { hasDotfile, type DotfileRule } from '../../core/request-path.ts';
import type { FolderInterest } from './folder-watches.ts';
import type { RootTree } from './source-tree.ts';

/**
 * Which folders have to be watched so that no change of the trees goes unnoticed: each of their own, and for whatever
 * can be replaced as a whole (a root, the target of a symbolic link) the folder that holds it.
 */
export function folderInterests(trees: readonly RootTree[], rule: DotfileRule): Map<string, FolderInterest> {
  const interests = new Map<string, FolderInterest>();
  for (const { root, tree } of trees) {
    for (const folder of tree.folders) {
      const above = folder === '' ? [] : folder.split('/');
      const matters = (name: string): boolean => !hasDotfile([...above, name], rule);
      interests.set(join(root, folder), { matters, required: true });
    }
  }
  const names = new Map<string, Set<string>>();
  const addPlace = (path: string): void => {
    const folder = dirname(path);
    names.set(folder, (names.get(folder) ?? new Set()).add(basename(path)));
  };
  for (const { root, tree } of trees) {
    addPlace(nearestPlace(root));
    for (const link of ['', ...tree.links]) {
      const target = targetOf(join(root, link));
      if (target !== undefined) addPlace(nearestPlace(target));
    }
  }
  for (const [folder, wanted] of names) {
    const known = interests.get(folder);
    interests.set(folder, {
      matters: (name) => wanted.has(name) || known?.matters(name) === true,
      required: known !== undefined,
    });
  }
  return interests;
}

/** The path, or the first folder on the way to it that is missing: when that one comes, the path may. */
function nearestPlace(path: string): string {
  let place = path;
  while (dirname(place) !== place && !existsSync(dirname(place))) place = dirname(place);
  return place;
}

function targetOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // Gone, or a link to nothing: what it should lead to may come.
  }
  try {
    return resolve(realpathSync(dirname(path)), readlinkSync(path));
  } catch {
    return undefined;
  }
}
