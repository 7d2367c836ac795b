import { fileURLToPath } from 'node:url';
import { optionError } from '../core/errors.ts';
import { validated, type Kind } from '../core/option-kinds.ts';
import { isPlainObject, quote } from '../core/text.ts';
import { folderPath, locationPrefix } from './location-values.ts';

/** What nginx has to know of the option `preload` of createPages(); give the same object. */
export interface PreloadedFilesOptions {
  /** The folder of the files: an absolute path on the host of nginx. */
  readonly folder: string | URL;
  /**
   * What the URLs of the files start with; of an absolute URL its path.
   *
   * @defaultValue `'/preloaded/'`
   */
  readonly prefix?: string;
}

/** {@link PreloadedFilesOptions} with everything decided. */
export interface PreloadedFiles {
  /** Without a slash at the end. */
  readonly folder: string;
  /** As nginx sees it: decoded, with a slash at both ends. */
  readonly prefix: string;
}

/** The folder of preloaded views and their prefix. */
export const PRELOAD: Kind<PreloadedFilesOptions> = validated({ kind: 'none' }, resolvePreloadedFiles);

/** Checks and defaults the option `preload`; what else createPages() is told there is none of nginx's business. */
export function resolvePreloadedFiles(options: unknown, option = 'preload'): PreloadedFiles {
  if (!isPlainObject(options))
    throw optionError(
      option,
      (name) =>
        `${name(option)} is what createPages() is given, such as { folder: "/srv/app/preloaded" }, not ${quote(options)}.`,
    );
  const { folder, prefix = '/preloaded/' }: Readonly<Record<string, unknown>> = options;
  return {
    folder: folderPath(folder instanceof URL ? fileURLToPath(folder) : folder, `${option}.folder`),
    prefix: locationPrefix(prefix),
  };
}
