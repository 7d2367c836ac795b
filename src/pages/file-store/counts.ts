import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isPlainObject } from '../../core/text.ts';
import { makeFolder } from '../../files/durable-files.ts';
import { FOLDER_MODE, ifThere, namesIn, statIfThere, writeNew } from './disk.ts';

/** The counts that the processes of a store keep: a file each. */
export class ProcessCounts {
  readonly #folder: string;
  readonly #name = `${process.pid}-${randomBytes(6).toString('hex')}`;

  constructor(store: string) {
    this.#folder = join(store, 'counts');
  }

  save(counts: Readonly<Record<string, number>>): void {
    makeFolder(this.#folder, FOLDER_MODE);
    const file = join(this.#folder, `${this.#name}.json`);
    const temporary = join(this.#folder, `${this.#name}.new`);
    ifThere(() => unlinkSync(temporary));
    writeNew(temporary, JSON.stringify(counts));
    renameSync(temporary, file);
  }

  sums(): Record<string, number> {
    const sums = new Map<string, number>();
    for (const name of namesIn(this.#folder)) {
      if (!name.endsWith('.json')) continue;
      const text = ifThere(() => readFileSync(join(this.#folder, name), 'utf8')) ?? '{}';
      for (const [key, count] of Object.entries(parse(text)))
        if (typeof count === 'number') sums.set(key, (sums.get(key) ?? 0) + count);
    }
    return Object.fromEntries(sums);
  }

  /** Removes what has not been saved for a time. */
  forgetOlderThan(milliseconds: number): void {
    for (const name of namesIn(this.#folder)) {
      const file = join(this.#folder, name);
      const stats = statIfThere(file);
      if (stats && Date.now() - stats.mtimeMs > milliseconds) ifThere(() => unlinkSync(file));
    }
  }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isPlainObject(value) ? value : {};
  } catch {
    // Cut off by a power failure.
    return {};
  }
}
