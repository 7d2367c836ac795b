import { expected, isStringList, PATH, STRING, wholeNumber, type Kind } from '../../core/option-kinds.ts';
import { resolveOptions, type Resolved, type Table } from '../../core/options.ts';
import { absolutePath } from '../../core/option-kinds.ts';

/** A coding that pages are kept in beside the plain file. */
export type CopyEncoding = 'gzip' | 'br';

/** Options of {@link fileStore}. */
export interface FileStoreOptions {
  /** The folder of the store, which belongs to it alone. Made if it is not there. */
  readonly folder: string | URL;
  /**
   * The compressed copies that are kept beside each page.
   *
   * @defaultValue `['gzip']`
   */
  readonly compress?: readonly CopyEncoding[];
  /**
   * How many pages are kept; the oldest go first, those with a query before the others.
   *
   * @defaultValue 100000
   */
  readonly maxPages?: number;
  /**
   * How many bytes the pages and their copies may take; the oldest go first, those with a query before the others.
   *
   * @defaultValue 1073741824 (1 GiB)
   */
  readonly maxBytes?: number;
  /**
   * The name of the app that the folder belongs to: an app of another name refuses it.
   *
   * @defaultValue the first site
   */
  readonly owner?: string;
}

const ENCODINGS: Kind<readonly CopyEncoding[]> = expected(
  { kind: 'strings' },
  'a list of "gzip" and "br"',
  (value): value is readonly CopyEncoding[] =>
    isStringList(value) && value.every((each) => each === 'gzip' || each === 'br'),
);

/** The options of {@link fileStore}. */
export const FILE_STORE_OPTIONS: Table<FileStoreOptions, 'owner'> = {
  folder: {
    ...PATH,
    flag: '--folder <folder>',
    required: true,
    help: 'The folder of the store, which belongs to it alone.',
  },
  compress: {
    ...ENCODINGS,
    default: ['gzip'],
    defaultText: "['gzip']",
    help: 'The compressed copies that are kept beside each page.',
  },
  maxPages: {
    ...wholeNumber('pages', 1),
    default: 100_000,
    help: 'How many pages are kept; the oldest go first, those with a query before the others.',
  },
  maxBytes: {
    ...wholeNumber('bytes', 1),
    default: 1024 ** 3,
    defaultText: '1073741824 (1 GiB)',
    help: 'How many bytes the pages and their copies may take; the oldest go first, those with a query before the others.',
  },
  owner: {
    ...STRING,
    defaultText: 'the first site',
    help: 'The name of the app that the folder belongs to: an app of another name refuses it.',
  },
};

/** {@link FileStoreOptions} with everything decided; the folder is absolute. */
export type ResolvedFileStoreOptions = Omit<Resolved<FileStoreOptions, 'owner'>, 'folder'> & {
  readonly folder: string;
};

/**
 * Checks and defaults what {@link fileStore} is given.
 *
 * @throws TypeError, RangeError
 */
export function resolveFileStoreOptions(options: FileStoreOptions): ResolvedFileStoreOptions {
  const resolved = resolveOptions('fileStore()', options, FILE_STORE_OPTIONS);
  return { ...resolved, folder: absolutePath('option "folder"', resolved.folder) };
}
