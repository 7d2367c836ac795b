import type { ContentEncoding } from '../../compression/content-encodings.ts';
import { BOOLEAN, choice, expected, PATH, STRING } from '../../core/option-kinds.ts';
import type { Table } from '../../core/options.ts';
import { isCopy, listOf } from '../option-shapes.ts';

/** Files that are copied into the site. */
export interface SiteCopy {
  /** A folder, or a file. */
  readonly from: string | URL;
  /** The path of the site that it stands for, with a slash at the end for a folder: `/media/`. */
  readonly to: string;
  /**
   * Whether files and folders whose names start with a dot are copied too.
   *
   * @defaultValue `false`
   */
  readonly dotfiles?: boolean;
}

/** How the finished site takes the place of the one before. */
export type SwapRule = 'files' | 'link';

/** The files of a site beside its pages, and how all of them take the place of those before. */
export interface SiteFilesOptions {
  /**
   * Folders and files that are copied into the site: `{ from: 'uploads', to: '/media/' }`.
   *
   * @defaultValue none
   */
  readonly copies?: readonly SiteCopy[];
  /**
   * A folder whose files go to the top of the site as they are, dotfiles too: `CNAME`, `.nojekyll`, `favicon.ico`.
   *
   * @defaultValue none
   */
  readonly passThrough?: string | URL;
  /**
   * Names at the top of the folder that are not the site's and stay.
   *
   * @defaultValue `['.git']`
   */
  readonly keep?: readonly string[];
  /**
   * Writes compressed copies, `.br` and `.gz`, beside files that gain from it.
   *
   * @defaultValue `false`
   */
  readonly compress?: boolean;
  /**
   * Writes `_headers` and `_redirects`, which Netlify and Cloudflare Pages read.
   *
   * @defaultValue `false`
   */
  readonly hostFiles?: boolean;
  /**
   * How the site takes the place of the one before: `'files'`, file by file into a real folder, as hosts and CI expect; or `'link'`:
   * the folder is a symbolic link that one rename moves, for a server that reads it.
   *
   * @defaultValue `'files'`
   */
  readonly swap?: SwapRule;
}

/** The codings of compressed copies that hosts serve: `.zst` is for none of them. */
export const COPY_ENCODINGS: readonly ContentEncoding[] = ['br', 'gzip'];

/** The options of the files. */
export const SITE_FILES_OPTIONS: Table<SiteFilesOptions, 'passThrough'> = {
  copies: {
    ...listOf<SiteCopy>('a list such as [{ from: "uploads", to: "/media/" }]', isCopy),
    default: [],
    defaultText: 'none',
    help: "Folders and files that are copied into the site: { from: 'uploads', to: '/media/' }.",
  },
  passThrough: {
    ...PATH,
    help: 'A folder whose files go to the top of the site as they are, dotfiles too: CNAME, .nojekyll, favicon.ico.',
  },
  keep: {
    ...expected(
      { kind: 'strings' },
      'a list of names without "/"',
      (value): value is readonly string[] =>
        Array.isArray(value) && value.every((each) => STRING.check(each) && !each.includes('/')),
    ),
    flag: '--keep <name>',
    default: ['.git'],
    defaultText: '.git',
    help: "Names at the top of the folder that are not the site's and stay.",
  },
  compress: {
    ...BOOLEAN,
    flag: '--compress',
    default: false,
    help: 'Writes compressed copies, .br and .gz, beside files that gain from it.',
  },
  hostFiles: {
    ...BOOLEAN,
    flag: '--host-files',
    default: false,
    help: 'Writes _headers and _redirects, which Netlify and Cloudflare Pages read.',
  },
  swap: {
    ...choice('files', 'link'),
    flag: '--swap <rule>',
    default: 'files',
    help: "How the site takes the place of the one before: 'files', file by file into a real folder, as hosts and CI expect; or 'link': the folder is a symbolic link that one rename moves, for a server that reads it.",
  },
};
