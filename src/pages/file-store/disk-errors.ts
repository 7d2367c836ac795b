import { StaticUrlError, systemErrorCode } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';

/** The error to throw for one that came up while the store was written; what is no error of the system comes back as it is. */
export function describeStoreError(error: unknown, folder: string): unknown {
  const code = systemErrorCode(error);
  if (code === undefined || error instanceof StaticUrlError || !(error instanceof Error)) return error;
  if (!('syscall' in error)) return error;
  const path = quote('path' in error && typeof error.path === 'string' ? error.path : folder);
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new StaticUrlError(
        'DISK_FULL',
        `Cannot write ${path} in the store of pages: no room is left (${code}). Free some, or give the store less with "maxBytes".`,
        { cause: error },
      )
    : new StaticUrlError(
        'FILE_UNWRITABLE',
        `Cannot write ${path} in the store of pages: ${code}. Check the permissions of ${quote(folder)}.`,
        { cause: error },
      );
}
