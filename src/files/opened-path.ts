import { fstatSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';

/**
 * The real path of an open file, wherever the path leads by now that it was opened by: who checks it has checked what is
 * read. `undefined` when that path leads to another file by now, and the system tells no more.
 *
 * @throws the system's error when that path leads nowhere
 */
export function openedPath(descriptor: number, path: string): string | undefined {
  try {
    // Linux tells, and goes to no disk for it (proc_pid_fd(5)).
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return comparedPath(descriptor, path);
  }
}

/** As {@link openedPath}, where the system has no `/proc`. */
export function comparedPath(descriptor: number, path: string): string | undefined {
  const real = realpathSync.native(path);
  const [opened, named] = [fstatSync(descriptor), lstatSync(real)];
  return opened.dev === named.dev && opened.ino === named.ino ? real : undefined;
}
