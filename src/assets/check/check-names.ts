import { basename, dirname } from 'node:path/posix';
import { quote } from '../../core/text.ts';
import { isVersion } from '../../core/version-format.ts';
import { fold } from '../name-suggester.ts';

/** What is wrong with a name. */
export interface NameProblem {
  readonly kind: 'version-like' | 'same-but-case' | 'unservable-name';
  /** A file or a folder, relative to its root. */
  readonly name: string;
  /** Sentences without the name that they are about. */
  readonly message: string;
}

/**
 * Finds names that do not work as a part of a static URL, or not on every host.
 *
 * @param names - of all assets, sorted
 */
export function checkNames(names: Iterable<string>): NameProblem[] {
  const problems: NameProblem[] = [];
  const spellings = new Map<string, string>();
  const checked = new Set<string>();
  for (const asset of names) {
    for (const name of [...foldersOf(asset), asset]) {
      if (checked.has(name)) continue;
      checked.add(name);
      // A folder's spelling is told once, not again for all that is in it.
      const key = `${dirname(name)}/${fold(basename(name))}`;
      const other = spellings.get(key);
      if (other === undefined) spellings.set(key, name);
      else problems.push({ kind: 'same-but-case', name, message: explainSpelling(name, other) });
      if (name !== asset && isVersion(name)) {
        const message = 'This folder looks like a version, so no URL leads to what is in it. Rename it.';
        problems.push({ kind: 'version-like', name, message });
      }
      if (basename(name).includes('\\')) {
        const message = 'The name has a backslash, which no server accepts in a path. Rename it.';
        problems.push({ kind: 'unservable-name', name, message });
      }
    }
  }
  return problems;
}

function foldersOf(asset: string): string[] {
  const segments = asset.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}

function explainSpelling(name: string, other: string): string {
  return name.normalize() === other.normalize()
    ? `The name is written with other Unicode code points for the same letters as ${quote(other)}, which some file systems take for one. Rename one of them.`
    : `The name differs from ${quote(other)} in upper and lower case alone, so some file systems hold only one of them. Rename one of them.`;
}
