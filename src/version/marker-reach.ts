import { realpathSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { quote } from '../core/text.ts';

/** The right to enter a folder. */
const OTHERS_ENTER = 0o001;
const GROUP_ENTERS = 0o010;

/**
 * Tells when the permissions of a marker folder, or of one above it, keep nginx out, which then finds no marker and
 * caches no version. A group other than this process's own counts as let in on purpose.
 *
 * @returns a warning, or `undefined`
 */
export function warnOfClosedFolder(folder: string): string | undefined {
  // Windows has other permissions.
  if (process.getegid === undefined) return undefined;
  const ownGroup = process.getegid();
  for (const each of upwards(realpathSync(folder))) {
    const stats = statSync(each);
    if (!isClosed(stats, ownGroup)) continue;
    const octal = (stats.mode & 0o777).toString(8).padStart(4, '0');
    return `The folder ${quote(each)} has the mode ${octal}, so nginx finds no marker in ${quote(folder)} and caches no version unless its user may enter. Run "chmod o+x" with it.`;
  }
  return undefined;
}

function isClosed({ mode, gid }: Stats, ownGroup: number): boolean {
  return (mode & OTHERS_ENTER) === 0 && ((mode & GROUP_ENTERS) === 0 || gid === ownGroup);
}

/** A folder and all above it. */
function upwards(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}
