import { dirname } from 'node:path/posix';
import type { Asset, AssetIndex } from '../assets/index.ts';

/** What kept releases have by name. */
export interface NamePlan {
  /** The newest file of each name. */
  readonly files: ReadonlyMap<string, Asset>;
  /**
   * The names that have no place, sorted: a newer release has a folder there, or a file where they would need a folder.
   */
  readonly hidden: readonly string[];
}

/**
 * Decides which file each name stands for.
 *
 * @param releases - the newest first
 */
export function planNames(releases: readonly Pick<AssetIndex, 'assets'>[]): NamePlan {
  const files = new Map<string, Asset>();
  const folders = new Set<string>();
  const hidden = new Set<string>();
  for (const { assets } of releases) {
    for (const [name, asset] of assets) {
      if (files.has(name)) continue;
      const parents = parentsOf(name);
      if (folders.has(name) || parents.some((parent) => files.has(parent))) {
        hidden.add(name);
        continue;
      }
      files.set(name, asset);
      for (const parent of parents) folders.add(parent);
    }
  }
  return { files, hidden: [...hidden].toSorted() };
}

/** The folders that a file lies in, the nearest first. */
export function parentsOf(name: string): string[] {
  const parents: string[] = [];
  for (let parent = dirname(name); parent !== '.'; parent = dirname(parent)) parents.push(parent);
  return parents;
}
