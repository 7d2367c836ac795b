import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { isPlainObject } from '../../core/text.ts';
import { ifThere, writeNew } from './disk.ts';
import type { Generation } from './generations.ts';

/** How much a store holds. */
export interface Usage {
  readonly pages: number;
  readonly bytes: number;
}

const LOOK_MILLISECONDS = 1000;

/** What a process knows of how full the store is: what the last sweep of any process found, and what it landed itself since. */
export class UsageEstimate {
  #looked = -Infinity;
  #generation: Generation | undefined;
  #found = '';
  #last: Usage = { pages: 0, bytes: 0 };
  #pages = 0;
  #bytes = 0;

  /** Takes note of a page that this process has landed. */
  add(bytes: number): void {
    this.#pages += 1;
    this.#bytes += bytes;
  }

  /** Has the next question look again: a sweep of this process has ended. */
  lookAgain(): void {
    this.#looked = -Infinity;
  }

  isFull(generation: Generation, { pages, bytes }: Usage): boolean {
    this.#look(generation);
    return this.#last.pages + this.#pages >= pages || this.#last.bytes + this.#bytes >= bytes;
  }

  /** What a sweep found is heard of within a second. */
  #look(generation: Generation): void {
    const now = performance.now();
    if (now - this.#looked < LOOK_MILLISECONDS && this.#generation === generation) return;
    this.#looked = now;
    this.#generation = generation;
    const text = ifThere(() => readFileSync(usageFile(generation), 'utf8')) ?? '';
    const found = `${generation.folder}\n${text}`;
    if (found === this.#found) return;
    this.#found = found;
    this.#last = parseUsage(text);
    [this.#pages, this.#bytes] = [0, 0];
  }
}

/** Tells all processes what a sweep has found. */
export function writeUsage(generation: Generation, usage: Usage): void {
  const file = usageFile(generation);
  const temporary = `${file}-${process.pid}-${process.hrtime.bigint()}`;
  // The time makes each another text.
  writeNew(temporary, JSON.stringify({ ...usage, time: Date.now() }));
  renameSync(temporary, file);
}

function usageFile({ folder }: Generation): string {
  return join(folder, 'usage.json');
}

function parseUsage(text: string): Usage {
  try {
    const value: unknown = JSON.parse(text);
    if (isPlainObject(value) && typeof value['pages'] === 'number' && typeof value['bytes'] === 'number')
      return { pages: value['pages'], bytes: value['bytes'] };
  } catch {
    // No sweep yet.
  }
  return { pages: 0, bytes: 0 };
}
