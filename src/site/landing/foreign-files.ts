import { createPace } from './pace.ts';
import type { SiteTree } from './site-tree.ts';

/**
 * The files in a site's folder that no export wrote, sorted. Symbolic links count as files.
 *
 * @param known - the files that exports wrote
 * @param keep - names at the top that are left out
 */
export async function findForeignFiles(
  tree: SiteTree,
  known: ReadonlyMap<string, unknown>,
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
      else if (!known.has(name)) foreign.push(name);
    }
    await pace();
  }
  return foreign.toSorted();
}
