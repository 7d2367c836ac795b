import { cp, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeFiles } from './folder.ts';
import { layoutOf } from '../../src/releases/release-layout.ts';
import { CURRENT, RETAINED, RETAINED_FILES, SITE_FILES, type Site } from './site.ts';

/**
 * Gives a site a releases folder with its files as {@link CURRENT} and those of an earlier release as {@link RETAINED}.
 *
 * @param dotfiles - whether files whose names start with a dot are released as well
 * @returns the folder
 */
export async function releaseSite({ folder, root }: Site, dotfiles = false): Promise<string> {
  const releases = join(folder, 'releases');
  await cp(root, join(releases, CURRENT), {
    recursive: true,
    filter: (source) => dotfiles || source === root || !basename(source).startsWith('.'),
  });
  await writeFiles(join(releases, RETAINED), RETAINED_FILES);
  const { names, nameTrees } = layoutOf(releases);
  await writeFiles(join(nameTrees, 'tree'), { ...RETAINED_FILES, ...SITE_FILES });
  await symlink(join(basename(nameTrees), 'tree'), names);
  return releases;
}
