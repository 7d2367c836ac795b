import { systemErrorCode } from '../core/errors.ts';
import { quote } from '../core/options.ts';

/**
 * An error that says what is not watched and what to do about it.
 *
 * @param cause - what chokidar reports, for example an exhausted limit of inotify (inotify_add_watch(2), `ENOSPC`)
 */
export function watchFailure(cause: unknown, root: string): Error {
  return new Error(`Live reload cannot watch all of ${quote(root)}: ${reason(cause)}`, { cause });
}

function reason(cause: unknown): string {
  const code = systemErrorCode(cause);
  if (code === 'ENOSPC') {
    return 'the system\'s limit of watched files is reached. Raise it with "sysctl fs.inotify.max_user_watches=524288", or serve a smaller folder.';
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    return 'the limit of open files or of watchers is reached. Raise it with "ulimit -n 65536" or "sysctl fs.inotify.max_user_instances=1024".';
  }
  return cause instanceof Error ? cause.message : String(cause);
}
