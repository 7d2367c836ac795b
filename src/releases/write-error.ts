import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { quote } from '../core/options.ts';

/**
 * What went wrong while a releases folder was written, told apart. What is no error of the system comes back as it is.
 *
 * @param releases - the releases folder, named when the system does not say which path it means
 */
export function describeWriteError(error: unknown, releases: string): unknown {
  const code = systemErrorCode(error);
  if (code === undefined || error instanceof StaticUrlError || !(error instanceof Error)) return error;
  if (!('syscall' in error)) return error;
  const source = quote(pathOf(error, 'path') ?? releases);
  const path = quote(pathOf(error, 'dest') ?? pathOf(error, 'path') ?? releases);
  const cause = { cause: error };
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new StaticUrlError(
        'DISK_FULL',
        `Cannot write ${path}: no room is left (${code}). Free a little by hand, then more with "static-url prune", and try again.`,
        cause,
      );
    case 'EXDEV':
      return new StaticUrlError(
        'CROSS_DEVICE',
        `Cannot rename ${source} into ${quote(releases)}: they are on different file systems (EXDEV). Keep the whole releases folder on one.`,
        cause,
      );
    case 'EFBIG':
      return new StaticUrlError(
        'FILE_UNWRITABLE',
        `Cannot write ${path}: a file is longer than the system allows (EFBIG). Raise its limit ("ulimit -f"), or that of the file system.`,
        cause,
      );
    default:
      return new StaticUrlError(
        'FILE_UNWRITABLE',
        `Cannot write ${path}${path === source ? '' : ` (from ${source})`}: ${code}. Check its path and permissions.`,
        cause,
      );
  }
}

/** What renames and copies write is their `dest`. */
function pathOf(error: Error, name: 'path' | 'dest'): string | undefined {
  const path: unknown = Reflect.get(error, name);
  return typeof path === 'string' ? path : undefined;
}
