import { access, constants, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/options.ts';
import { isInside } from '../files/roots.ts';
import { ifThere } from './if-there.ts';
import type { ResolvedReleaseOptions } from './options.ts';

/**
 * Makes sure, before anything is written, that a copy of the manifest can be.
 *
 * @throws {@link StaticUrlError} `FILE_UNWRITABLE`
 */
export async function requireManifestPlace(
  file: string,
  { releases, dryRun }: Pick<ResolvedReleaseOptions, 'releases' | 'dryRun'>,
): Promise<void> {
  const folder = dirname(file);
  if ((await ifThere(stat(folder))) === undefined) {
    // What holds the releases folder, the first release makes.
    if (isInside(releases, [folder])) return;
    throw new StaticUrlError(
      'FILE_UNWRITABLE',
      `Cannot write the manifest ${quote(file)}: its folder is not there. Make the folder, or correct the path.`,
    );
  }
  if ((await ifThere(stat(file)))?.isDirectory())
    throw new StaticUrlError(
      'FILE_UNWRITABLE',
      `Cannot write the manifest ${quote(file)}: it is a folder. Name a file in it, such as ${quote(join(file, 'assets.json'))}.`,
    );
  // Who may only look may see what a release would do.
  if (!dryRun) await access(folder, constants.W_OK);
}
