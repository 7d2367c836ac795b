import { systemErrorCode, type StaticUrlError } from '../../core/errors.ts';
import { rootsText } from '../roots.ts';
import { scanTree, type FolderTree, type SkipRule } from '../scan-folder.ts';
import { Burst } from './burst.ts';
import { folderInterests } from './folder-interests.ts';
import { FolderPolls } from './folder-polls.ts';
import { FolderWatches } from './folder-watches.ts';

/** What to watch, and what to call. */
export interface TreeWatchOptions {
  /** Absolute paths of folders, and of single files; they need not exist yet. */
  readonly paths: readonly string[];
  readonly isSkipped: SkipRule;
  /** A burst of events ends when nothing has happened for this long. */
  readonly quietMilliseconds: number;
  /** The wait between two looks, where the file system sends no events; `undefined` to wait for events. */
  readonly pollMilliseconds: number | undefined;
  /** Something may have changed; {@link TreeWatch.look} finds out what. */
  readonly onEvent: () => void;
  /** Something cannot be watched, for example because a limit of the system is reached. */
  readonly onError: (cause: unknown) => void;
}

/** How long a burst may go on before it is taken as one all the same. */
const LONGEST_BURST_MILLISECONDS = 5_000;
/** While folders are being made all the time, the last look need not be the last: their events come. */
const MOST_LOOKS = 10;

/**
 * Watches whole trees, and whatever their symbolic links point to. An event only says that it is time to look again:
 * comparing what two looks have found misses nothing. Does not keep the process alive.
 */
export class TreeWatch {
  readonly #paths: readonly string[];
  readonly #isSkipped: SkipRule;
  readonly #burst: Burst;
  readonly #watches: FolderWatches | FolderPolls;

  constructor(options: TreeWatchOptions) {
    const { paths, isSkipped, quietMilliseconds, pollMilliseconds, onEvent, onError } = options;
    this.#paths = paths;
    this.#isSkipped = isSkipped;
    this.#burst = new Burst(quietMilliseconds, LONGEST_BURST_MILLISECONDS, onEvent);
    const notice = (): void => this.#burst.add();
    this.#watches =
      pollMilliseconds === undefined
        ? new FolderWatches(notice, onError)
        : new FolderPolls(pollMilliseconds, notice);
  }

  /**
   * Lists the trees, with all their folders watched: an event follows what changes after this.
   *
   * @param report - called with what cannot be listed
   */
  look(report: (error: StaticUrlError) => void): FolderTree[] {
    let errors: StaticUrlError[] = [];
    const trees = lookUntilWatched(
      () => {
        errors = [];
        return this.#paths.map((path) => scanTree(path, this.#isSkipped, (error) => void errors.push(error)));
      },
      (listed) => this.#watches.set(folderInterests(listed, this.#isSkipped)),
    );
    for (const error of errors) report(error);
    return trees;
  }

  /** Calls `onEvent` again as if something had just happened. */
  lookLater(): void {
    this.#burst.add();
  }

  /** Ends all watching. */
  close(): void {
    this.#watches.close();
    this.#burst.cancel();
  }
}

/**
 * Lists something until all of it is watched: what came into a folder before the watch on it began is found by the next
 * look, and an event follows what comes later.
 *
 * @param watch - watches what was listed; returns whether any of it was not watched before
 */
export function lookUntilWatched<Listed>(list: () => Listed, watch: (listed: Listed) => boolean): Listed {
  for (let look = 1; ; look += 1) {
    const listed = list();
    if (!watch(listed) || look === MOST_LOOKS) return listed;
  }
}

/**
 * An error that says what is not watched and what to do about it.
 *
 * @param watcher - who watches, as it begins the sentence
 * @param cause - what the system reports, for example an exhausted limit of inotify (inotify_add_watch(2), `ENOSPC`)
 */
export function watchFailure(watcher: string, roots: readonly string[], cause: unknown): Error {
  return new Error(`${watcher} cannot watch all of ${rootsText(roots)}: ${reason(cause)}`, { cause });
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
