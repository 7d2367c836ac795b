import { quote } from '../core/options.ts';
import { isInside, realPath } from '../files/roots.ts';
import type { LinkGuard } from '../files/scan-folder.ts';

/**
 * Makes sure that what a deploy writes is not itself part of the next one.
 *
 * @throws TypeError
 */
export function requireOutside(option: string, path: string, roots: readonly string[]): void {
  const real = realPath(path);
  for (const root of roots) {
    if (!isInside(real, [realPath(root)])) continue;
    throw new TypeError(
      `The ${option} ${quote(path)} lies in the root ${quote(root)}, so that it would count among the files of the next deploy. Choose a place beside the root.`,
    );
  }
}

/** Refuses links, with a `TypeError`, that would make the releases folder part of the next release. */
export function guardReleases(releases: string): LinkGuard {
  const real = realPath(releases);
  return (link, target) => {
    if (!isInside(target, [real]) && !isInside(real, [target])) return;
    throw new TypeError(
      `The symbolic link ${quote(link)} leads to ${quote(target)} and so to the releases folder ${quote(releases)}, which would be part of the next release. Remove it.`,
    );
  };
}
