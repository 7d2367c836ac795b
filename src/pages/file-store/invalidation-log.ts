import { closeSync, constants, openSync, readSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../core/errors.ts';
import { ifThere, namesIn, statIfThere, writeNew, writeWhole } from './disk.ts';
import { tagHash } from './names.ts';

/*
 * The log of invalidations: a folder of files named by ascending numbers, of which the last is appended to. A new one is
 * begun when the last has grown long, and old ones are removed when no render can be as old as they are.
 */

/** The name of the first file of a log. */
export const FIRST_LOG = '1';

/** A place in the log: all that is behind it came later. */
export interface LogPlace {
  readonly number: number;
  readonly length: number;
}

/** A line: a tag's hash and a line feed. */
const LINE_BYTES = tagHash('').length + 1;

/** The end of the log. */
export function endOfLog(folder: string): LogPlace {
  for (;;) {
    const number = lastNumber(folder);
    const stats = statIfThere(join(folder, `${number}`));
    if (stats) return { number, length: stats.size };
    // The log's folder is gone with its generation.
    if (number === 0) return { number, length: 0 };
  }
}

/** Writes down that tags are invalidated, before anything is removed for it. */
export function appendToLog(folder: string, tags: readonly string[]): void {
  // The line feed in front parts it from what a full disk has cut off.
  const lines = `\n${tags.map((tag) => `${tagHash(tag)}\n`).join('')}`;
  let written = -1;
  // Again if a new file was begun meanwhile: a render that began after that does not look into the old one.
  for (let number = lastNumber(folder); number !== written; number = lastNumber(folder)) {
    if (appendLines(join(folder, `${number}`), lines)) written = number;
    else if (number === 0) return;
  }
}

const APPEND = constants.O_WRONLY | constants.O_APPEND;

function appendLines(file: string, lines: string): boolean {
  let descriptor: number;
  try {
    // Not made if it is gone.
    descriptor = openSync(file, APPEND);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw error;
  }
  try {
    writeWhole(descriptor, lines, file);
  } finally {
    closeSync(descriptor);
  }
  return true;
}

/** The hashes of the tags invalidated since a place; `undefined` when so much came since that it is not there any more. */
export function invalidatedSince(folder: string, place: LogPlace): ReadonlySet<string> | undefined {
  const numbers = logNumbers(folder).filter((each) => each >= place.number);
  if (numbers[0] !== place.number) return undefined;
  const hashes = new Set<string>();
  for (const number of numbers) {
    const start = number === place.number ? place.length : 0;
    const from = Math.max(0, start - LINE_BYTES);
    const text = ifThere(() => readFrom(join(folder, `${number}`), from));
    if (text === undefined) return undefined;
    // The line in which the place lies counts: it may have been half written as the place was noted.
    const before = text.slice(0, start - from);
    for (const line of text.slice(before.lastIndexOf('\n') + 1).split('\n')) hashes.add(line);
  }
  return hashes;
}

/** Whether any tag was invalidated since a place. */
export function hasGrownSince(folder: string, { number, length }: LogPlace): boolean {
  const end = endOfLog(folder);
  return end.number !== number || end.length !== length;
}

const LONG_BYTES = 1024 * 1024;

/**
 * Begins a new file when the last one is long, and removes those that no render can need.
 *
 * @param milliseconds - how old a render may be
 */
export function rotateLog(folder: string, milliseconds: number): void {
  const numbers = logNumbers(folder);
  const last = numbers.at(-1) ?? 0;
  const age = (number: number): number => {
    const stats = statIfThere(join(folder, `${number}`));
    return stats ? Date.now() - stats.birthtimeMs : 0;
  };
  for (const [index, number] of numbers.entries()) {
    const next = numbers[index + 1];
    if (next !== undefined && age(next) > milliseconds) ifThere(() => unlinkSync(join(folder, `${number}`)));
  }
  if (last > 0 && statSync(join(folder, `${last}`)).size > LONG_BYTES) {
    try {
      writeNew(join(folder, `${last + 1}`), '');
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
    }
  }
}

function readFrom(file: string, from: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const pieces: Buffer[] = [];
    let position = from;
    for (;;) {
      const piece = Buffer.alloc(64 * 1024);
      const read = readSync(descriptor, piece, 0, piece.length, position);
      if (read === 0) return Buffer.concat(pieces).toString('latin1');
      pieces.push(piece.subarray(0, read));
      position += read;
    }
  } finally {
    closeSync(descriptor);
  }
}

function lastNumber(folder: string): number {
  return logNumbers(folder).at(-1) ?? 0;
}

function logNumbers(folder: string): number[] {
  return namesIn(folder)
    .map(Number)
    .toSorted((a, b) => a - b);
}
