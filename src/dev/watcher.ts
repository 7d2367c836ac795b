import type { FSWatcher } from 'chokidar';
import { systemErrorCode } from '../core/errors.ts';
import { addFileEvent, decideChange, type Change, type ChangeBatch, type FileEvent } from './change-batch.ts';
import { isIgnoredPath } from './ignored-path.ts';
import { watchFailure } from './watch-failure.ts';

/** What to watch, and whom to tell. */
export interface WatcherOptions {
  /** The absolute folder whose stylesheets can be swapped. */
  readonly root: string;
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
export function startWatcher({ root, watch, onReady, onChange, onError }: WatcherOptions): Watcher {
  const watched = [root, ...watch];
  const reported = new Set<string>();
  const batch: ChangeBatch = new Map();
  let batchStart: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let closed = false;

  function collect(event: FileEvent, path: string): void {
    addFileEvent(batch, path, event);
    const now = performance.now();
    batchStart ??= now;
    disarm();
    timer = setTimeout(
      () => {
        // A busy process fires late, with further events already waiting to be read.
        immediate = setImmediate(flush);
      },
      Math.min(QUIET_MILLISECONDS, batchStart + LONGEST_BATCH_MILLISECONDS - now),
    ).unref();
  }

  function disarm(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
  }

  function flush(): void {
    const change = decideChange(batch, root);
    batch.clear();
    batchStart = undefined;
    if (change !== undefined) onChange(change);
  }

  function report(cause: unknown): void {
    if (closed) return;
    // An exhausted limit fails again for each further file.
    const code = systemErrorCode(cause) ?? String(cause);
    if (reported.has(code)) return;
    reported.add(code);
    onError(watchFailure(cause, root));
  }

  async function start(): Promise<FSWatcher | undefined> {
    const { watch: watchPaths } = await import('chokidar');
    if (closed) return undefined;
    const watcher = watchPaths(watched, {
      ignoreInitial: true,
      ignored: (path) => isIgnoredPath(path, watched),
      // The batch knows that unlink and add make a change; chokidar would hold back the unlink of a temporary file for
      // longer than the batch waits.
      atomic: false,
      // A persistent watcher keeps a process alive that has closed its server. On Windows only that kind survives the
      // removal of a watched folder, and a process there is not asked to end but ended.
      persistent: process.platform === 'win32',
    });
    return watcher
      .on('add', (path) => collect('add', path))
      .on('change', (path) => collect('change', path))
      .on('unlink', (path) => collect('unlink', path))
      .on('error', report)
      .on('ready', onReady);
  }

  const starting = start().catch((error: unknown) => {
    report(error);
    return undefined;
  });
  return {
    async close() {
      closed = true;
      const watcher = await starting;
      await watcher?.close();
      disarm();
    },
  };
}
