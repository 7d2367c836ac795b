import { absolutePath } from '../core/option-kinds.ts';
import { quote } from '../core/text.ts';

/**
 * Validates the folder whose files a prefix serves, or several: of files with one name the first folder's wins.
 *
 * @returns them as absolute paths: at least one
 * @throws TypeError
 */
export function rootList(roots: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(roots) ? roots : [roots];
  if (list.length === 0)
    throw new TypeError('The list of roots is empty. Name the folder that holds the files.');
  return list.map((root) => absolutePath('root', root));
}

/** The roots as messages name them. */
export function rootsText(roots: readonly string[]): string {
  return roots.map(quote).join(' and ');
}
