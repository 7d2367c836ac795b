import { realpathSync, statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { systemErrorCode } from '../../core/errors.ts';
import type { FolderInterest } from './folder-interests.ts';

interface Identity {
  readonly inode: string;
  /** With symbolic links resolved. */
  readonly realPath: string;
}

interface OpenWatch {
  readonly watcher: FSWatcher;
  /** Another folder may have its path now. */
  readonly identity: Identity;
  interest: FolderInterest;
}

/**
 * Watches folders, each by itself. An event only says that it is time to look again: which file it was about cannot be
 * relied on when folders are renamed, removed and made again within a moment.
 */
export class FolderWatches {
  readonly #open = new Map<string, OpenWatch>();
  /** Paths that were created, renamed or removed: a folder there may be another one now, with the same inode. */
  readonly #suspects = new Set<string>();
  readonly #onEvent: () => void;
  readonly #onError: (error: unknown) => void;

  /**
   * @param onEvent - called when something may have changed
   * @param onError - called when a required folder cannot be watched
   */
  constructor(onEvent: () => void, onError: (error: unknown) => void) {
    this.#onEvent = onEvent;
    this.#onError = onError;
  }

  /**
   * Watches these folders, and no others any more.
   *
   * @returns whether one of them was not watched before, so that a change may have been missed
   */
  set(folders: ReadonlyMap<string, FolderInterest>): boolean {
    for (const folder of this.#open.keys()) if (!folders.has(folder)) this.#end(folder);
    let isNew = false;
    for (const [folder, interest] of folders) {
      const identity = identityOf(folder);
      const open = this.#open.get(folder);
      if (open !== undefined && identity !== undefined && this.#isStill(open, folder, identity)) {
        open.interest = interest;
        continue;
      }
      this.#end(folder);
      if (identity !== undefined && this.#start(folder, identity, interest)) isNew = true;
    }
    this.#suspects.clear();
    return isNew;
  }

  /** Ends all watching. */
  close(): void {
    for (const folder of this.#open.keys()) this.#end(folder);
  }

  #start(folder: string, identity: Identity, interest: FolderInterest): boolean {
    try {
      const watcher = watch(folder, { persistent: false }, (event, name) =>
        this.#notice(folder, event, name),
      );
      // Windows reports the removal of a watched folder as an error.
      watcher.on('error', () => {
        this.#end(folder);
        this.#onEvent();
      });
      this.#open.set(folder, { watcher, identity, interest });
      return true;
    } catch (error) {
      // When a folder is gone again, an event of the one above it follows.
      if (interest.required && systemErrorCode(error) !== 'ENOENT') this.#onError(error);
      return false;
    }
  }

  #notice(folder: string, event: string, name: string | null): void {
    if (name !== null) {
      // Under its own name a folder reports its own removal (inotify(7), IN_DELETE_SELF).
      if (!this.#open.get(folder)?.interest.matters(name) && name !== basename(folder)) return;
      if (event === 'rename') this.#suspects.add(join(folder, name));
    }
    this.#onEvent();
  }

  #isStill({ identity: before }: OpenWatch, folder: string, identity: Identity): boolean {
    if (before.inode !== identity.inode || before.realPath !== identity.realPath) return false;
    return !this.#isSuspect(folder) && !this.#isSuspect(identity.realPath);
  }

  #isSuspect(folder: string): boolean {
    if (this.#suspects.size === 0) return false;
    for (let path = folder; ; path = dirname(path)) {
      if (this.#suspects.has(path)) return true;
      if (path === dirname(path)) return false;
    }
  }

  #end(folder: string): void {
    this.#open.get(folder)?.watcher.close();
    this.#open.delete(folder);
  }
}

function identityOf(folder: string): Identity | undefined {
  try {
    const stats = statSync(folder, { bigint: true });
    if (!stats.isDirectory()) return undefined;
    return { inode: `${stats.dev}:${stats.ino}`, realPath: realpathSync.native(folder) };
  } catch {
    return undefined;
  }
}
