import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_MODE } from '../../files/durable-files.ts';
import { isPlainObject } from '../../core/text.ts';
import { ifThere, namesIn, unlinkIfThere, writeNew, writeWhole } from './disk.ts';
import type { Generation } from './generations.ts';
import { COPY_SUFFIXES, pageHash } from './names.ts';
import type { PageKey } from '../store.ts';

/*
 * The pending files of a render, named by the page and something unique:
 *
 *   <name>.json    of which page it is, when it began, and in the end its record, each on a line
 *   <name>         the body in the end: the page lands when this is renamed, and who outdates the page removes it
 *   <name>.gz .br  the copies
 */

/** What ends the name of the file that tells of a pending page; in the end it has the record of the landing too. */
export const INFO_SUFFIX = '.json';

/** What is told of a pending page. */
interface PendingInfo extends PageKey {
  /** By a clock that all processes of the host share and nobody sets; `undefined` while the page is just beginning. */
  readonly began: bigint | undefined;
}

/** Makes the pending files of a page. @returns their name */
export function createPending({ pending }: Generation, key: PageKey): { name: string; began: bigint } {
  const name = `${pageHash(key)}-${randomBytes(8).toString('hex')}`;
  const info = openSync(join(pending, `${name}${INFO_SUFFIX}`), 'wx', FILE_MODE);
  try {
    const { site, target } = key;
    writeWhole(info, `${JSON.stringify({ site, target })}\n`, pending);
    writeNew(join(pending, name), '');
    // Not before the file is there: who began earlier by this clock is then seen by whoever began later.
    const began = process.hrtime.bigint();
    writeWhole(info, `${began}\n`, pending);
    return { name, began };
  } finally {
    closeSync(info);
  }
}

/** The names of the pages that are pending, or whose files were left behind. */
export function pendingNames({ pending }: Generation): Set<string> {
  return new Set(namesIn(pending).map((file) => file.replace(/\..*$/, '')));
}

/** The names of the pending pages that belong to a page. */
export function pendingOf(generation: Generation, key: PageKey): string[] {
  const start = `${pageHash(key)}-`;
  return [...pendingNames(generation)].filter((name) => name.startsWith(start));
}

/** What is told of a pending page; `undefined` when it is gone. */
export function pendingInfo({ pending }: Generation, name: string): PendingInfo | undefined {
  const text = ifThere(() => readFileSync(join(pending, `${name}${INFO_SUFFIX}`), 'utf8'));
  const [json = '', began] = text?.split('\n') ?? [];
  try {
    const value: unknown = JSON.parse(json);
    if (!isPlainObject(value)) return undefined;
    const { site, target } = value;
    if (typeof site !== 'string' || typeof target !== 'string') return undefined;
    return { site, target, began: began ? BigInt(began) : undefined };
  } catch {
    return undefined;
  }
}

/** Takes pending pages away, so that they cannot land; the copies of one that is landing now cannot follow it. */
export function removePending({ pending }: Generation, names: Iterable<string>): void {
  for (const name of names)
    for (const suffix of ['', ...Object.values(COPY_SUFFIXES), INFO_SUFFIX])
      unlinkIfThere(join(pending, `${name}${suffix}`));
}
