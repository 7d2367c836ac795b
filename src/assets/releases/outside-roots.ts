import { realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { systemErrorCode } from '../../core/errors.ts';
import { quote } from '../../core/options.ts';

/**
 * Makes sure that what a release writes is not itself part of the next one.
 *
 * @throws TypeError
 */
export function requireOutside(option: string, path: string, roots: readonly string[]): void {
  const real = realPath(path);
  for (const root of roots) {
    const realRoot = realPath(root);
    if (real !== realRoot && !real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) continue;
    throw new TypeError(
      `The ${option} ${quote(path)} lies in the root ${quote(root)}, so that it would be part of the next release. Choose a place beside the root.`,
    );
  }
}

/** The real path of what may not be there yet. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT' || dirname(path) === path) return path;
    return join(realPath(dirname(path)), basename(path));
  }
}
