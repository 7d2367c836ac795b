import { systemErrorCode } from '../../core/errors.ts';
import { rootsText } from '../roots.ts';

/**
 * An error that says what is not watched and what to do about it.
 *
 * @param watcher - who watches, as it begins the sentence
 * @param cause - what the system reports, for example an exhausted limit of inotify (inotify_add_watch(2), `ENOSPC`)
 */
export function watchFailure(watcher: string, roots: readonly string[], cause: unknown): Error {
  const message = `${watcher} cannot watch all of ${rootsText(roots)}: ${reason(cause)}`;
  return new Error(message, { cause });
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
