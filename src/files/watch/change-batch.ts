import { sep } from 'node:path';
import { pathBelow } from '../real-paths.ts';

/** What happened to a file, in chokidar's words. */
export type FileEvent = 'add' | 'change' | 'unlink';

/** What open pages must do about a batch of file events. */
export type Change =
  | { readonly kind: 'reload' }
  /** Swap these stylesheets, named relative to their root. */
  | { readonly kind: 'css'; readonly assets: readonly string[] };

/** File events between two moments, one per path. */
export type ChangeBatch = Map<string, FileEvent>;

const SOURCE_MAP = /\.(?:css|js|mjs)\.map$/;

/**
 * Adds an event to a batch, which keeps only the net effect on each path: editors and builds write through temporary
 * files, and a file that came and went in one batch has never been there.
 */
export function addFileEvent(batch: ChangeBatch, path: string, event: FileEvent): void {
  const before = batch.get(path);
  if (before === 'add' && event === 'unlink') batch.delete(path);
  else if (before === 'add') batch.set(path, 'add');
  else if (before === 'unlink' && event === 'add') batch.set(path, 'change');
  else batch.set(path, event);
}

/**
 * Decides what a batch means for open pages.
 *
 * @param roots - the absolute folders whose stylesheets can be swapped; a change anywhere else reloads
 * @returns `undefined` when the batch means nothing to them
 */
export function decideChange(
  batch: ReadonlyMap<string, FileEvent>,
  roots: readonly string[],
): Change | undefined {
  const assets: string[] = [];
  for (const [path, event] of batch) {
    // One root may lie in another, and then the file has two names.
    const names = roots.map((root) => pathBelow(root, path)).filter((name) => name !== undefined);
    // Only an open developer tool reads a source map, and it is always written beside the file it describes.
    if (names.length > 0 && SOURCE_MAP.test(path)) continue;
    if (names.length === 0 || event === 'unlink' || !path.endsWith('.css')) return { kind: 'reload' };
    assets.push(...names.map((name) => name.split(sep).join('/')));
  }
  return assets.length === 0 ? undefined : { kind: 'css', assets };
}

/** One change with the effect of all. */
export function mergeChanges(changes: readonly Change[]): Change {
  const assets = new Set<string>();
  for (const change of changes) {
    if (change.kind === 'reload') return change;
    for (const asset of change.assets) assets.add(asset);
  }
  return { kind: 'css', assets: [...assets] };
}
