import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FSWatcher } from 'chokidar';
import { FolderWatches } from './folder-watches.ts';
import { wayInterests } from './way-interests.ts';
import { createBurst } from './burst.ts';
import { systemErrorCode } from '../../core/errors.ts';
import { isInside } from '../real-paths.ts';
import { watchFailure } from './watch-failure.ts';
import { addFileEvent, decideChange, type Change, type ChangeBatch, type FileEvent } from './change-batch.ts';
import { createFileStates } from './file-states.ts';
import { haveMoved, identifyFolders } from './folder-identities.ts';
import { isIgnoredPath } from './ignored-path.ts';
import { linksIn } from './symbolic-links.ts';

/** What to watch, and whom to tell. */
export interface WatcherOptions {
  /** The absolute folders whose stylesheets can be swapped. */
  readonly roots: readonly string[];
  /** Further absolute files and folders. */
  readonly watch: readonly string[];
  /** From now on no change is missed. */
  readonly onReady: () => void;
  readonly onChange: (change: Change) => void;
  /** Something is not watched; the message says what and why. */
  readonly onError: (error: Error) => void;
}

/** Files being watched. */
export interface Watcher {
  close(): Promise<void>;
}

/** A batch ends when nothing has happened for this long, so that a build is one change … */
const QUIET_MILLISECONDS = 100;
/** … unless something happens all the time. */
const LONGEST_BATCH_MILLISECONDS = 5_000;

/** Watches files in the background until closed. Does not keep the process alive. */
export function startWatcher({ roots, watch, onReady, onChange, onError }: WatcherOptions): Watcher {
  const watched = [...roots, ...watch];
  const reported = new Set<string>();
  const batch: ChangeBatch = new Map();
  /** What the system has named; the files among it have changed. */
  const named = new Set<string>();
  /** Files that were told because their folder named them: chokidar finds the new ones too, and may take longer for it. */
  const told = new Set<string>();
  const burst = createBurst(QUIET_MILLISECONDS, LONGEST_BATCH_MILLISECONDS, flush);
  const ways = new FolderWatches(() => burst.add());
  /** What the system may tell of by events on the way to it alone. */
  const states = createFileStates();
  let replaceable: readonly string[] = watched;
  let folders = identifyFolders([]);
  let hasBeenReady = false;
  let isRestarting = false;
  let closed = false;

  function collect(event: FileEvent, path: string): void {
    addFileEvent(batch, path, event);
    burst.add();
  }

  function take(path: string): void {
    if (isIgnoredPath(path, watched)) return;
    named.add(path);
    burst.add();
  }

  function flush(): void {
    if (closed) return;
    ways.set(wayInterests(replaceable));
    // A build that removes its folder and makes it anew would go on unseen.
    if (haveMoved(folders)) {
      restart();
      return;
    }
    for (const path of states.changed()) named.add(path);
    // Not chokidar's own "change": a file that was removed and written again in one go may have its old inode number, and
    // then chokidar goes on watching the one that is gone (chokidar 5.0.0, not persistent). Its folder still names it.
    for (const path of named) {
      if (!isFile(path)) continue;
      addFileEvent(batch, path, 'change');
      told.add(path);
    }
    named.clear();
    const change = decideChange(batch, roots);
    batch.clear();
    if (change !== undefined) onChange(change);
  }

  function restart(): void {
    folders = identifyFolders([]);
    isRestarting = true;
    current = current
      .then(end)
      .then(() => start())
      .catch(fail);
  }

  function becomeReady(watcher: FSWatcher, missing: readonly string[]): void {
    if (closed) return;
    const seen = Object.keys(watcher.getWatched()).filter((path) => isInside(path, watched));
    // A missing path that is there by now has moved, too.
    folders = new Map([...identifyFolders(seen), ...missing.map((path) => [path, ''] as const)]);
    replaceable = [...watched, ...linksIn(seen).filter((path) => !isIgnoredPath(path, watched))];
    states.follow(replaceable);
    ways.set(wayInterests(replaceable));
    // Whatever happened while nobody watched is made good by loading everything anew.
    if (isRestarting) {
      isRestarting = false;
      batch.clear();
      named.clear();
      told.clear();
      onChange({ kind: 'reload' });
    }
    if (!hasBeenReady) onReady();
    hasBeenReady = true;
    if (haveMoved(folders)) restart();
  }

  function fail(error: unknown): undefined {
    report(error);
    return undefined;
  }

  function report(cause: unknown): void {
    if (closed) return;
    // An exhausted limit fails again for each further file.
    const code = systemErrorCode(cause) ?? String(cause);
    if (reported.has(code)) return;
    reported.add(code);
    onError(watchFailure('Live reload', roots, cause));
  }

  async function start(): Promise<FSWatcher | undefined> {
    const { watch: watchPaths } = await import('chokidar');
    if (closed) return undefined;
    // A missing path is told by the folders above it; chokidar would say that it is ready before it is (chokidar 5.0.0).
    const present = watched.filter((path) => existsSync(path));
    const missing = watched.filter((path) => !present.includes(path));
    const watcher = watchPaths(present, {
      ignoreInitial: true,
      ignored: (path) => isIgnoredPath(path, watched),
      // The batch knows that unlink and add make a change; chokidar would hold back the unlink of a temporary file for
      // longer than the batch waits.
      atomic: false,
      // A persistent watcher keeps a process alive that has closed its server. On Windows only that kind survives the
      // removal of a watched folder, and a process there is not asked to end but ended.
      persistent: process.platform === 'win32',
    });
    watcher
      .on('add', (path) => {
        if (!told.has(path)) collect('add', path);
      })
      .on('unlink', (path) => {
        told.delete(path);
        collect('unlink', path);
      })
      .on('raw', (_event, name: string | null, details) => {
        const path = watchedPathOf(details);
        take(path);
        take(join(path, name ?? ''));
      })
      .on('error', report)
      .on('ready', () => becomeReady(watcher, missing));
    // Of nothing chokidar says nothing.
    if (present.length === 0) becomeReady(watcher, missing);
    return watcher;
  }

  ways.set(wayInterests(watched));
  let current: Promise<FSWatcher | undefined> = start().catch(fail);
  return {
    async close() {
      closed = true;
      ways.close();
      await end(await current);
    },
  };
}

/** Ends a watcher for good: one that finds a file gone after that would open again, and watch the folders above (chokidar 5.0.0). */
async function end(watcher: FSWatcher | undefined): Promise<void> {
  if (watcher === undefined) return;
  watcher.add = () => watcher;
  await watcher.close();
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false; // gone, or not for us to see
  }
}

/** Which of the watched paths a raw event comes from; a poll names the path whole. */
function watchedPathOf(details: unknown): string {
  if (typeof details !== 'object' || details === null || !('watchedPath' in details)) return '';
  return String(details.watchedPath);
}
