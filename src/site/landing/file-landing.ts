import { createPace } from './pace.ts';
import { filesToPut, type SitePlan } from './site-plan.ts';
import { parentOf, type SiteTree } from './site-tree.ts';

/** Called as files are put in their places: how many of how many. */
export type LandingProgress = (done: number, total: number) => void;

/** Puts the new files of a plan in their places, phase by phase; returns how many they were. */
export async function putFiles(
  tree: SiteTree,
  plan: SitePlan,
  onProgress: LandingProgress = () => {},
): Promise<number> {
  const files = filesToPut(plan);
  let done = 0;
  const pace = createPace(() => onProgress(done, files.length));
  for (const { name, staged } of files) {
    tree.put(name, staged);
    done += 1;
    await pace();
  }
  onProgress(done, files.length);
  return done;
}

/**
 * Deletes files in the order that is given, then the folders that are empty without them. Those of a landing that was
 * killed may be gone already, but for their folders.
 *
 * @returns how many were there
 */
export async function deleteFiles(tree: SiteTree, names: readonly string[]): Promise<number> {
  const pace = createPace();
  const folders = new Set<string>();
  let deleted = 0;
  for (const name of names) {
    if (tree.remove(name)) deleted += 1;
    for (let folder = parentOf(name); folder !== '' && !folders.has(folder); folder = parentOf(folder))
      folders.add(folder);
    await pace();
  }
  // The inner ones first: they are longer than those they lie in.
  for (const folder of [...folders].toSorted((one, other) => other.length - one.length)) {
    tree.removeEmpty(folder);
    await pace();
  }
  return deleted;
}
