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

/** What a process knows of how full the store is: what the last sweep of any process found, and what it landed itself since. */
export class UsageEstimate {
  #found = '';
  #pages = 0;
  #bytes = 0;

  /** Takes note of a page that this process has landed. */
  add(bytes: number): void {
    this.#pages += 1;
    this.#bytes += bytes;
  }

  isFull(generation: Generation, { pages, bytes }: Usage): boolean {
    const text = ifThere(() => readFileSync(usageFile(generation), 'utf8')) ?? '';
    const found = `${generation.folder}\n${text}`;
    if (found !== this.#found) [this.#found, this.#pages, this.#bytes] = [found, 0, 0];
    const last = parseUsage(text);
    return last.pages + this.#pages >= pages || last.bytes + this.#bytes >= bytes;
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
