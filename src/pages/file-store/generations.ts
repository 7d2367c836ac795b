import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readlinkSync, renameSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../core/errors.ts';
import { makeFolder } from '../../files/durable-files.ts';
import { FOLDER_MODE, ifThere, isThere, namesIn, statIfThere, writeNew } from './disk.ts';
import { FIRST_LOG } from './invalidation-log.ts';

/**
 * A folder with all that belongs to the pages which were stored since the store was last cleared. Its paths are real ones:
 * through the link a rename could take its source from one generation and its target in another.
 */
export interface Generation {
  readonly folder: string;
  /** What is served. */
  readonly pages: string;
  /** Places kept for pages that are being rendered. */
  readonly pending: string;
  /** A folder for each tag, with a link to the record of each page that has it. */
  readonly tags: string;
  /** What is known of each page. */
  readonly records: string;
  /** The tags that were invalidated. */
  readonly log: string;
}

function generationOf(folder: string): Generation {
  const place = (name: string): string => join(folder, name);
  return {
    folder,
    pages: place('pages'),
    pending: place('pending'),
    tags: place('tags'),
    records: place('records'),
    log: place('log'),
  };
}

/** The generations of one store. */
export class Generations {
  readonly #claim: () => void;
  readonly #folder: string;
  readonly #link: string;
  #last: { readonly target: string; readonly generation: Generation } | undefined;

  /**
   * @param store - the folder of the store
   * @param claim - marks the folder as ours, which may have been removed since it was
   */
  constructor(store: string, claim: () => void) {
    this.#claim = claim;
    this.#folder = join(store, 'generations');
    this.#link = join(store, 'current');
  }

  /** The generation that the link leads to now. */
  current(): Generation | undefined {
    const target = ifThere(() => readlinkSync(this.#link));
    if (target === undefined) return undefined;
    if (this.#last?.target !== target)
      this.#last = { target, generation: generationOf(join(this.#link, '..', target)) };
    return this.#last.generation;
  }

  isCurrent(generation: Generation): boolean {
    return this.current() === generation;
  }

  /** The generation that the link leads to; a new one if it leads nowhere. */
  ensure(): Generation {
    for (;;) {
      const current = this.current();
      if (current && isThere(current.log)) return current;
      if (current) {
        this.#swap(this.#create());
        continue;
      }
      this.#claim();
      const id = this.#create();
      try {
        symlinkSync(targetOf(id), this.#link);
      } catch (error) {
        // Another process was faster; the next sweep takes ours.
        if (systemErrorCode(error) !== 'EEXIST') throw error;
      }
    }
  }

  /** Puts a new generation in place of the current one. @returns the old one, which nobody sees any more */
  replace(): Generation | undefined {
    const id = this.#create();
    const old = this.current();
    this.#swap(id);
    return old;
  }

  /** Those that nobody sees and that are older than a time. */
  abandoned(milliseconds: number): Generation[] {
    return namesIn(this.#folder)
      .map((id) => generationOf(join(this.#folder, id)))
      .filter(({ folder }) => {
        const stats = statIfThere(folder);
        return stats && Date.now() - stats.ctimeMs > milliseconds && this.current()?.folder !== folder;
      });
  }

  #create(): string {
    makeFolder(this.#folder, FOLDER_MODE);
    const id = `${Date.now().toString(36)}-${randomBytes(6).toString('hex')}`;
    const generation = generationOf(join(this.#folder, id));
    for (const folder of Object.values(generation)) {
      mkdirSync(folder);
      chmodSync(folder, FOLDER_MODE);
    }
    writeNew(join(generation.log, FIRST_LOG), '');
    return id;
  }

  #swap(id: string): void {
    const link = `${this.#link}-${id}`;
    symlinkSync(targetOf(id), link);
    renameSync(link, this.#link);
  }
}

function targetOf(id: string): string {
  return join('generations', id);
}

const REMOVALS = 20;

/** Removes what nobody sees any more, again until it stays gone: others may still be writing into it. */
export async function removeGeneration({ folder }: Generation): Promise<void> {
  for (let times = 0; times < REMOVALS && isThere(folder); times += 1) {
    // A later sweep removes what cannot be removed now.
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}
