import { createPace } from './pace.ts';
import type { SiteTree } from './site-tree.ts';

/** Names, of which it can be told whether one is among them. */
interface Names {
  has(name: string): boolean;
}

/**
 * The files in a site's folder that are neither of the last export nor of this one, sorted. Symbolic links count as files,
 * also where a planned file needs a folder of that name.
 *
 * @param keep - names at the top that are left out
 */
export async function findForeignFiles(
  tree: SiteTree,
  known: readonly Names[],
  keep: ReadonlySet<string>,
): Promise<string[]> {
  const pace = createPace();
  const foreign: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of tree.read(folder)) {
      if (folder === '' && keep.has(entry.name)) continue;
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(name);
      else if (known.every((names) => !names.has(name))) foreign.push(name);
    }
    await pace();
  }
  return foreign.toSorted();
}
