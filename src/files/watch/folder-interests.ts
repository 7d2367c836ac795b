import { lstatSync, readlinkSync } from 'node:fs';
import { basename, dirname, join, parse, resolve, sep } from 'node:path';
import type { FolderTree, SkipRule } from '../scan-folder.ts';

/** What matters about a folder. */
export interface FolderInterest {
  /** Whether an event about an entry of this name matters. */
  readonly matters: (name: string) => boolean;
  /** Whether it is a failure when the folder cannot be watched. */
  readonly required: boolean;
}

/** As many links as Linux follows on the way to one file (path_resolution(7)). */
const MOST_LINKS = 40;

/**
 * Which folders have to be watched so that no change of some trees goes unnoticed: the trees' own, and those on the way
 * to whatever can be replaced as a whole: a root, the target of a symbolic link.
 */
export function folderInterests(
  trees: readonly FolderTree[],
  isSkipped: SkipRule,
): Map<string, FolderInterest> {
  const interests = new Map<string, FolderInterest>();
  /** The names of the entries on the way, by their folders. */
  const steps = new Map<string, Set<string>>();
  const add = (folder: string, matters: (name: string) => boolean, required: boolean): void => {
    const known = interests.get(folder);
    interests.set(folder, {
      matters: known === undefined ? matters : (name) => matters(name) || known.matters(name),
      required: required || known?.required === true,
    });
  };
  for (const { root, folders, links } of trees) {
    for (const folder of folders) {
      const above = folder === '' ? [] : folder.split('/');
      add(join(root, folder), (name) => !isSkipped([...above, name]), true);
    }
    for (const replaceable of ['', ...links]) {
      for (const step of stepsTo(join(root, replaceable)))
        steps.set(dirname(step), (steps.get(dirname(step)) ?? new Set()).add(basename(step)));
    }
  }
  for (const [folder, names] of steps) add(folder, (name) => names.has(name), false);
  return interests;
}

/** The entries that a path passes, missing ones too, each named by the real path of its folder. */
function stepsTo(path: string, links = MOST_LINKS): string[] {
  const { root } = parse(path);
  const names = path.slice(root.length).split(sep);
  const steps: string[] = [];
  let folder = root;
  for (const [index, name] of names.entries()) {
    const step = join(folder, name);
    steps.push(step);
    const target = links === 0 ? undefined : targetOf(step);
    if (target !== undefined) {
      const rest = names.slice(index + 1);
      return [...steps, ...stepsTo(join(resolve(folder, target), ...rest), links - 1)];
    }
    folder = step;
  }
  return steps;
}

function targetOf(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined; // gone, or not readable
  }
}
