import { statSync } from 'node:fs';
import { quote } from '../core/options.ts';

/** The right to enter a folder. */
const OTHERS_ENTER = 0o001;
const GROUP_ENTERS = 0o010;

/**
 * Tells when the permissions of a marker folder keep nginx out, which then finds no marker and caches no version. A
 * group other than this process's own counts as let in on purpose.
 *
 * @returns a warning, or `undefined`
 */
export function warnOfClosedFolder(folder: string): string | undefined {
  const { mode, gid } = statSync(folder);
  // Windows has other permissions.
  if (process.getegid === undefined || (mode & OTHERS_ENTER) !== 0) return undefined;
  if ((mode & GROUP_ENTERS) !== 0 && gid !== process.getegid()) return undefined;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  return `The marker folder ${quote(folder)} has the mode ${octal}, so nginx finds no marker and caches no version unless its user may enter. Run "chmod o+x" with it.`;
}
