import { DOTFILE_OPTIONS, type DotfileOptions, type DotfileRule } from '../core/dotfiles.ts';
import { BOOLEAN, choice } from '../core/option-kinds.ts';
import type { Resolved, Table } from '../core/options.ts';
import type { Header } from '../http/headers.ts';
import { ANSWER_OPTIONS, type AnswerOptions } from '../http/options.ts';
import {
  CACHE_CONTROL,
  FOLDER,
  folderPath,
  LOCATION_HEADERS,
  LOCATION_PREFIX,
  locationHeaders,
  locationPrefix,
  MEDIA_TYPES,
  mediaTypesByExtension,
} from './location-values.ts';

/** What all locations for files can be told. */
export interface LocationOptions extends DotfileOptions, AnswerOptions {
  /** What static URLs start with; of an absolute URL its path. */
  readonly prefix: string;
  /** The folder whose files the prefix serves: an absolute path on the host of nginx. */
  readonly root: string;
  /**
   * Headers to send with every answer. An `add_header` here drops those of the server, so name the site's security
   * headers again.
   *
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Sends `app.css.gz` in place of `app.css` to clients that accept gzip (`gzip_static`). Nginx itself knows this encoding
   * alone; files `.br` and `.zst` need modules that it does not come with. Make the `.gz` anew with its file, and remove it
   * with its file: where nginx finds a `.gz`, it may not look at the file at all.
   *
   * @defaultValue `false`
   */
  readonly gzipStatic?: boolean;
  /**
   * Whether files behind symbolic links below the folder are served, or answered with a 404 (`disable_symlinks`). With
   * `'refuse'` nginx looks at every folder of the path on every request.
   *
   * @defaultValue `'follow'`
   */
  readonly symlinks?: 'follow' | 'refuse';
  /**
   * Media types by extension, beside or in place of the built-in table.
   *
   * @defaultValue none
   */
  readonly mediaTypes?: Readonly<Record<string, string>>;
}

/** The options of all locations. */
export const LOCATION_OPTIONS: Table<LocationOptions> = {
  prefix: {
    ...LOCATION_PREFIX,
    flag: '--prefix <prefix>',
    required: true,
    help: 'What static URLs start with; of an absolute URL its path.',
  },
  root: {
    ...FOLDER,
    flag: '--root <folder>',
    required: true,
    help: 'The folder whose files the prefix serves: an absolute path on the host of nginx.',
  },
  unversionedCacheControl: { ...ANSWER_OPTIONS.unversionedCacheControl, ...CACHE_CONTROL },
  headers: {
    ...LOCATION_HEADERS,
    flag: '--header <line>',
    default: {},
    defaultText: 'none',
    help: 'Headers to send with every answer.',
  },
  cors: ANSWER_OPTIONS.cors,
  gzipStatic: {
    ...BOOLEAN,
    flag: '--gzip-static',
    default: false,
    help: 'Sends app.css.gz in place of app.css to clients that accept gzip (gzip_static).',
  },
  symlinks: {
    ...choice('follow', 'refuse'),
    flag: '--symlinks <rule>',
    default: 'follow',
    help: 'Whether files behind symbolic links below the folder are served, or answered with a 404 (disable_symlinks).',
  },
  ...DOTFILE_OPTIONS,
  mediaTypes: {
    ...MEDIA_TYPES,
    flag: '--media-type <extension=type>',
    default: {},
    defaultText: 'none',
    help: 'Media types by extension, beside or in place of the built-in table.',
  },
};

/** {@link LocationOptions} with everything decided. */
export interface ResolvedLocation {
  /** As nginx sees it: decoded, with a slash at both ends. */
  readonly prefix: string;
  /** Without a slash at the end. */
  readonly root: string;
  readonly unversionedCacheControl: string;
  readonly headers: readonly Header[];
  readonly gzipStatic: boolean;
  readonly refuseSymlinks: boolean;
  readonly dotfileRule: DotfileRule;
  readonly mediaTypes: ReadonlyMap<string, string>;
}

/** Decides what all locations have in common. */
export function resolveLocation(options: Resolved<LocationOptions>): ResolvedLocation {
  return {
    prefix: locationPrefix(options.prefix),
    root: folderPath(options.root, 'root'),
    unversionedCacheControl: options.unversionedCacheControl,
    headers: locationHeaders(options.headers, options.cors),
    gzipStatic: options.gzipStatic,
    refuseSymlinks: options.symlinks === 'refuse',
    dotfileRule: options,
    mediaTypes: mediaTypesByExtension(options.mediaTypes),
  };
}
