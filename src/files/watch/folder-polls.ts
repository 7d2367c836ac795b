import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../core/errors.ts';
import { signatureOf } from '../file-signature.ts';
import type { FolderInterest } from './folder-interests.ts';

/**
 * Looks at folders again and again, for file systems that send no events, such as those shared with a virtual machine or
 * over a network. One look at a time, so that the app's own reading goes on meanwhile. Does not keep the process alive.
 */
export class FolderPolls {
  readonly #milliseconds: number;
  readonly #onEvent: () => void;
  #folders: ReadonlyMap<string, FolderInterest> = new Map();
  /** What was in each folder at the last look. */
  #states: ReadonlyMap<string, string> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /**
   * @param milliseconds - the wait between two looks
   * @param onEvent - called when something may have changed
   */
  constructor(milliseconds: number, onEvent: () => void) {
    this.#milliseconds = milliseconds;
    this.#onEvent = onEvent;
  }

  /**
   * Looks at these folders, and at no others any more.
   *
   * @returns `false`: for what changed before the first look at a folder, that look is an event
   */
  set(folders: ReadonlyMap<string, FolderInterest>): boolean {
    this.#folders = folders;
    if (this.#timer === undefined) this.#lookLater();
    return false;
  }

  /** Ends all looking. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #lookLater(): void {
    this.#timer = setTimeout(() => void this.#look(), this.#milliseconds).unref();
  }

  async #look(): Promise<void> {
    const states = new Map<string, string>();
    for (const [folder, { matters }] of this.#folders) {
      states.set(folder, await stateOfFolder(folder, matters));
      if (this.#isClosed) return;
    }
    const before = this.#states;
    this.#states = states;
    const isSame =
      states.size === before.size && [...states].every(([folder, state]) => before.get(folder) === state);
    if (!isSame) this.#onEvent();
    this.#lookLater();
  }
}

/** What is in a folder, among the names that matter: it differs when any of it does. */
async function stateOfFolder(folder: string, matters: (name: string) => boolean): Promise<string> {
  try {
    const states: string[] = [];
    for (const name of await readdir(folder))
      if (matters(name)) states.push(JSON.stringify([name, await stateOf(join(folder, name))]));
    return states.join('\n');
  } catch (error) {
    return errorCode(error);
  }
}

async function stateOf(path: string): Promise<unknown> {
  try {
    const stats = await stat(path);
    // The times of a folder move with what does not matter in it, too.
    return stats.isDirectory() ? [stats.dev, stats.ino] : [stats.dev, signatureOf(stats)];
  } catch (error) {
    return errorCode(error);
  }
}

/** Why something cannot be looked at: it is gone, for example. */
function errorCode(error: unknown): string {
  return systemErrorCode(error) ?? String(error);
}
