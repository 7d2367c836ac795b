import { lstatSync, readlinkSync } from 'node:fs';
import { basename, dirname, join, parse, resolve, sep } from 'node:path';
import type { FolderInterest } from './folder-watches.ts';

/** As many links as Linux follows on one way (path_resolution(7)). */
const MOST_LINKS = 40;

/** Which folders tell when some paths begin to lead elsewhere: when a folder on the way is replaced, or a link turned. */
export function wayInterests(paths: readonly string[]): Map<string, FolderInterest> {
  const names = new Map<string, Set<string>>();
  for (const step of paths.flatMap((path) => stepsTo(path))) {
    const folder = dirname(step);
    names.set(folder, (names.get(folder) ?? new Set()).add(basename(step)));
  }
  return new Map(
    [...names].map(([folder, wanted]) => [folder, { matters: (name) => wanted.has(name), required: false }]),
  );
}

/** The entries that a path passes, those that are missing too, each named by the real path of its folder. */
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
    return undefined; // gone, or not for us to see
  }
}
