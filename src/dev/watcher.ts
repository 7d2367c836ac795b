import { statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { systemErrorCode } from '../core/errors.ts';
import { signatureOf } from '../files/file-signature.ts';
import { pathBelow } from '../files/roots.ts';
import { TreeWatch, watchFailure } from '../files/watch/tree-watch.ts';
import type { Change } from './change-log.ts';

/** What to watch, and what to call. */
export interface WatcherOptions {
  /** The absolute folders whose stylesheets can be swapped. */
  readonly roots: readonly string[];
  /** Further absolute files and folders, for example the views: a change there reloads. */
  readonly watch: readonly string[];
  /** The wait between two looks, where the file system sends no events; `undefined` to wait for events. */
  readonly pollMilliseconds?: number | undefined;
  readonly onChange: (change: Change) => void;
  /** Something cannot be watched; the message says what to do about it. */
  readonly onError: (error: Error) => void;
}

/** Files being watched. */
export type Watcher = Pick<TreeWatch, 'close'>;

/** What was at each path when it was last looked at; a path that is missing has no entry. */
export type Snapshot = ReadonlyMap<string, string>;

/** A build is one change. */
const QUIET_MILLISECONDS = 100;

/** Watches files until closed: no change after this is missed. Does not keep the process alive. */
export function startWatcher({ roots, watch, pollMilliseconds, onChange, onError }: WatcherOptions): Watcher {
  const reported = new Set<string>();

  function report(cause: unknown): void {
    // An exhausted limit fails again for each further file.
    const code = systemErrorCode(cause) ?? String(cause);
    if (reported.has(code)) return;
    reported.add(code);
    onError(watchFailure('Live reload', roots, cause));
  }

  const trees = new TreeWatch({
    paths: [...roots, ...watch],
    isSkipped: (segments) => isIgnoredName(segments.at(-1) ?? ''),
    // Watched assets may find a change one look later, and the page that is loaded again needs their new URLs.
    quietMilliseconds: QUIET_MILLISECONDS + (pollMilliseconds ?? 0),
    pollMilliseconds,
    onEvent() {
      const before = files;
      files = look(before);
      const change = decideChange(before, files, roots);
      if (change !== undefined) onChange(change);
    },
    onError: report,
  });

  function look(before?: Snapshot): Snapshot {
    const snapshot = new Map<string, string>();
    const listed = trees.look(({ cause }) => {
      const code = systemErrorCode(cause);
      // A missing path is noticed when it comes, and a path that is no folder is a watched file.
      if (code !== undefined && code !== 'ENOENT' && code !== 'ENOTDIR') report(cause);
    });
    for (const { root, files: names } of listed) {
      for (const path of [root, ...names.map((name) => join(root, name))]) {
        const { state, isFresh } = stateOf(path);
        // A file that changed a moment ago may change once more and look the same. It counts when that moment is over.
        const counted = before !== undefined && isFresh ? before.get(path) : state;
        if (counted !== undefined) snapshot.set(path, counted);
        if (counted !== state) trees.lookLater();
      }
    }
    return snapshot;
  }

  let files = look();
  return trees;
}

/** Endings of what is not finished yet, or was replaced. */
const TRANSIENT = /\.(?:bak|crdownload|filepart|new|old|orig|part|te?mp)$/i;

/**
 * Whether a name below a watched path is of no interest to live reload: a dotfile, a dot-folder (`.git`), or what
 * editors, uploads and scripts put beside the file they are about to replace (`app.css~`, `#app.css#`, `app.css.new`).
 */
export function isIgnoredName(name: string): boolean {
  return (
    name.startsWith('.') ||
    name.endsWith('~') ||
    TRANSIENT.test(name) ||
    (name.startsWith('#') && name.endsWith('#'))
  );
}

const SOURCE_MAP = /\.(?:css|js|mjs)\.map$/;

/**
 * Decides what the difference between two snapshots means for open pages. A file that came and went between them does
 * not count: editors and builds write through temporary files.
 *
 * @param roots - the absolute folders whose stylesheets can be swapped; a change anywhere else reloads
 * @returns `undefined` when it means nothing to them
 */
export function decideChange(
  before: Snapshot,
  after: Snapshot,
  roots: readonly string[],
): Change | undefined {
  const assets: string[] = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(path) === after.get(path)) continue;
    // One root may lie in another, and then the file has two names.
    const names = roots.map((root) => pathBelow(root, path)).filter((name) => name !== undefined);
    // Only an open developer tool reads a source map, and it is always written beside the file it describes.
    if (names.length > 0 && SOURCE_MAP.test(path)) continue;
    if (names.length === 0 || !after.has(path) || !path.endsWith('.css')) return { kind: 'reload' };
    assets.push(...names.map((name) => name.split(sep).join('/')));
  }
  return assets.length === 0 ? undefined : { kind: 'css', assets };
}

function stateOf(path: string): { readonly state?: string; readonly isFresh?: boolean } {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return { state: 'folder' };
    const { ino, size, mtimeMs, ctimeMs, isFresh } = signatureOf(stats);
    // The time of the status too: builds that can be reproduced give every file one time of modification.
    return { state: `${stats.dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`, isFresh };
  } catch {
    return {}; // gone, or not readable
  }
}
