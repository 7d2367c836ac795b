import { extname } from 'node:path/posix';
import { isScript } from '../tags/preload.ts';

/** What a page needs of an entry of a bundler. */
export interface BundleEntry {
  /** The asset that is its module; a stylesheet has none. */
  readonly module?: string;
  /** The assets that are its stylesheets and those of all that it imports statically, in the order in which they apply. */
  readonly stylesheets: readonly string[];
}

/** What a bundler says that it has written: entries by name, whose files are told by paths. */
export interface Bundle {
  /** Where the bundler says it: an absolute path. */
  readonly file: string;
  /** What paths may be relative to, absolute: the first that fits counts. */
  readonly bases: readonly string[];
  readonly entries: ReadonlyMap<string, BundleEntry>;
}

/**
 * What a page needs of the file of an entry.
 *
 * @param stylesheets - those that its module needs
 * @returns `undefined` for what is neither a script nor a stylesheet
 */
export function entryOf(file: string, stylesheets: readonly string[]): BundleEntry | undefined {
  if (isScript(file)) return { module: file, stylesheets };
  return extname(file) === '.css' ? { stylesheets: [file] } : undefined;
}

/** All files of an entry. */
export function filesOf({ module, stylesheets }: BundleEntry): string[] {
  return module === undefined ? [...stylesheets] : [module, ...stylesheets];
}
