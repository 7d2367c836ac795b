import { REVALIDATE } from '../http/headers.ts';
import { booleanOption, choiceOption } from '../core/options.ts';
import type { DotfileRule } from '../core/dotfiles.ts';
import {
  cacheControlOption,
  folderPath,
  headerList,
  locationPrefix,
  mediaTypesOption,
} from './location-values.ts';

/** What all locations for files can be told. */
export interface LocationOptions {
  /** What static URLs start with; of an absolute URL its path. */
  readonly prefix: string;
  /** The folder whose files the prefix serves: an absolute path on the host of nginx. */
  readonly root: string;
  /**
   * `Cache-Control` of files that are asked for without a version.
   *
   * @defaultValue `'no-cache'`
   */
  readonly unversionedCacheControl?: string;
  /**
   * Headers to send with every answer. An `add_header` here drops those of the server, so name the site's security
   * headers again.
   *
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Adds `Access-Control-Allow-Origin: *`, which fonts and modules need on another origin.
   *
   * @defaultValue `false`
   */
  readonly cors?: boolean;
  /**
   * Sends `app.css.gz` in place of `app.css` to who accepts gzip (`gzip_static`). Nginx itself knows this encoding alone;
   * files `.br` and `.zst` need modules that it does not come with. Make the `.gz` anew with its file, and remove it with
   * its file: where nginx finds a `.gz`, it may not look at the file at all.
   *
   * @defaultValue `false`
   */
  readonly gzipStatic?: boolean;
  /**
   * `'refuse'`: a file reached over any symbolic link below its folder is a 404 (`disable_symlinks`). Nginx then looks at
   * every folder of the path on every request.
   *
   * @defaultValue `'follow'`
   */
  readonly symlinks?: 'follow' | 'refuse';
  /**
   * Serves files and folders whose names start with a dot: say so where the assets have them.
   *
   * @defaultValue `false`
   */
  readonly dotfiles?: boolean;
  /**
   * Serves the folder `.well-known` at the root (RFC 8615) although its name starts with a dot.
   *
   * @defaultValue `false`
   */
  readonly wellKnown?: boolean;
  /**
   * Media types by extension, beside or in place of the built-in table.
   *
   * @defaultValue none
   */
  readonly mediaTypes?: Readonly<Record<string, string>>;
}

/** {@link LocationOptions} with everything decided. */
export interface ResolvedLocation {
  /** As nginx sees it: decoded, with a slash at both ends. */
  readonly prefix: string;
  /** Without a slash at the end. */
  readonly root: string;
  readonly unversionedCacheControl: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly gzipStatic: boolean;
  readonly refuseSymlinks: boolean;
  readonly dotfileRule: DotfileRule;
  readonly mediaTypes: ReadonlyMap<string, string>;
}

/** The names of the {@link LocationOptions} that may be left out. */
export const LOCATION_OPTIONS = [
  'unversionedCacheControl',
  'headers',
  'cors',
  'gzipStatic',
  'symlinks',
  'dotfiles',
  'wellKnown',
  'mediaTypes',
] as const;

/**
 * Validates and defaults what all locations have in common.
 *
 * @throws TypeError, RangeError, {@link StaticUrlError} `NGINX_INEXPRESSIBLE`
 */
export function resolveLocation(options: LocationOptions): ResolvedLocation {
  const cors = booleanOption('cors', options.cors, false);
  return {
    prefix: locationPrefix(options.prefix),
    root: folderPath('root', options.root),
    unversionedCacheControl: cacheControlOption(
      'unversionedCacheControl',
      options.unversionedCacheControl,
      REVALIDATE,
    ),
    headers: headerList(options.headers, cors),
    gzipStatic: booleanOption('gzipStatic', options.gzipStatic, false),
    refuseSymlinks: choiceOption('symlinks', options.symlinks, ['follow', 'refuse'], 'follow') === 'refuse',
    dotfileRule: {
      dotfiles: booleanOption('dotfiles', options.dotfiles, false),
      wellKnown: booleanOption('wellKnown', options.wellKnown, false),
    },
    mediaTypes: mediaTypesOption(options.mediaTypes),
  };
}
