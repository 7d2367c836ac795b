import { statSync, type BigIntStats } from 'node:fs';
import { isAbsolute } from 'node:path';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { requirePath } from '../core/option-kinds.ts';
import { resolveOptions } from '../core/options.ts';
import { quote } from '../core/text.ts';
import { FILE_OPTIONS, type StaticUrlFileOptions } from './options.ts';
import { staticUrl } from '../core/prefix.ts';
import { checkSecret, versionOfTime } from './time.ts';

/**
 * A static URL whose version comes from a time of a sentinel file, in nanoseconds: for production, where a deploy
 * touches the file and all processes of the host agree.
 *
 * Does one `stat` and never opens the file. Never take a file that the app itself reads.
 *
 * @param prefix - what static URLs start with: `/static/` or `https://cdn.example.com/static/`
 * @param file - the sentinel: a path, relative to the working folder, or a `file:` URL
 * @param options - which time counts, and how it becomes a version
 * @returns prefix + version + `/`
 * @throws {@link StaticUrlError} `FILE_NOT_FOUND`, `FILE_UNREADABLE`
 * @throws TypeError for a prefix, a file or an option of the wrong shape
 * @throws RangeError with `hash: false`, for a time whose year four digits cannot hold
 *
 * @example
 * ```ts
 * import { getStaticUrlFile } from 'static-url';
 *
 * export const STATIC_URL = getStaticUrlFile('/static/', 'deployed', { time: 'mtime' });
 * ```
 */
export function getStaticUrlFile(
  prefix: string,
  file: string | URL,
  options: StaticUrlFileOptions = {},
): string {
  return staticUrl(prefix, versionOfFile(file, options));
}

/** The version that a time of a sentinel file gives; see {@link getStaticUrlFile}. */
export function versionOfFile(file: string | URL, options: StaticUrlFileOptions): string {
  const resolved = resolveOptions('getStaticUrlFile()', options, FILE_OPTIONS);
  checkSecret(options, resolved);
  return versionOfTime(readTime(requirePath('sentinel file', file), resolved.time), resolved);
}

function readTime(path: string, time: 'atime' | 'mtime'): bigint {
  const stats = statOf(path);
  if (stats.isDirectory()) {
    throw new StaticUrlError(
      'FILE_UNREADABLE',
      `The sentinel ${quote(path)} is a folder, whose times move with its entries. Name a file of its own, and touch it on deploy.`,
    );
  }
  return time === 'mtime' ? stats.mtimeNs : stats.atimeNs;
}

function statOf(path: string): BigIntStats {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    const code = systemErrorCode(error);
    // ENOTDIR: what should be one of its folders is a file.
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new StaticUrlError(
        'FILE_NOT_FOUND',
        `Cannot find the sentinel file ${quote(path)}${isAbsolute(path) ? '' : ` from ${quote(process.cwd())}`}. Create it on deploy, for example with "touch".`,
        { cause: error },
      );
    }
    throw new StaticUrlError(
      'FILE_UNREADABLE',
      `Cannot read the times of the sentinel file ${quote(path)}: ${code ?? String(error)}. Check its path and permissions.`,
      { cause: error },
    );
  }
}
