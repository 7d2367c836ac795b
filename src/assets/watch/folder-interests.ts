import { join } from 'node:path';
import { hasDotfile, type DotfileRule } from '../../core/dotfiles.ts';
import type { FolderInterest } from '../../files/watch/folder-watches.ts';
import type { RootTree } from './source-tree.ts';
import { wayInterests } from '../../files/watch/way-interests.ts';

/**
 * Which folders have to be watched so that no change of the trees goes unnoticed: each of their own, and those on the
 * way to whatever can be replaced as a whole: a root, the target of a symbolic link.
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
  const replaceable = trees.flatMap(({ root, tree }) => ['', ...tree.links].map((name) => join(root, name)));
  for (const [folder, way] of wayInterests(replaceable)) {
    const known = interests.get(folder);
    const matters = (name: string): boolean => way.matters(name) || known?.matters(name) === true;
    interests.set(folder, { matters, required: known !== undefined });
  }
  return interests;
}
