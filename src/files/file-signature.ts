import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * How long ago a file must have changed for its times to show the next change: Linux counts them in steps of its clock,
 * at most 10 ms long, and on kernels before 6.13 two writes within a step leave the same time.
 */
const TIME_STEP_MILLISECONDS = 20;

/** The same where the file system keeps whole seconds, as ext3 and HFS+ do, or every second one, as FAT does. */
export const COARSE_STEP_MILLISECONDS: number = 2000 + TIME_STEP_MILLISECONDS;

/** What differs between one state of a file and another. */
export interface FileSignature {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
  /** Whether the file had changed a moment before: it may change once more and look the same. */
  readonly isFresh: boolean;
}

/**
 * The signature of a file that was looked at.
 *
 * @param now - when the file was looked at, in milliseconds since 1970
 */
export function signatureOf({ size, mtimeMs, ctimeMs, ino }: Stats, now: number = Date.now()): FileSignature {
  // In either direction: a file server has a clock of its own.
  const isFresh = Math.abs(now - ctimeMs) < stepOf(ctimeMs);
  return { size, mtimeMs, ctimeMs, ino, isFresh };
}

/** A time of whole seconds is told by a coarse file system: elsewhere one is as rare as any other nanosecond. */
function stepOf(ctimeMs: number): number {
  return ctimeMs % 1000 === 0 ? COARSE_STEP_MILLISECONDS : TIME_STEP_MILLISECONDS;
}

/**
 * Whether two signatures differ at most in the time of the status change: permissions or links may have changed, or the
 * bytes with their time set back.
 */
export function isSameButForStatus(one: FileSignature, other: FileSignature): boolean {
  return isSameSignature({ ...one, ctimeMs: other.ctimeMs }, other);
}

/** Whether two signatures look alike. */
export function isSameSignature(one: FileSignature, other: FileSignature): boolean {
  return (
    one.size === other.size &&
    one.mtimeMs === other.mtimeMs &&
    one.ctimeMs === other.ctimeMs &&
    one.ino === other.ino
  );
}

/** Whether a file that was read with the one signature, and has the other now, must still have the same bytes. */
export function isUnchangedSince(then: FileSignature, now: FileSignature): boolean {
  return !then.isFresh && isSameSignature(then, now);
}

/**
 * The signature of an open file before it is read; of one that is fresh, when it no longer is, so that the next change
 * shows: that takes a moment, and up to two seconds where the file system keeps whole ones.
 */
export async function settledSignature(file: FileHandle): Promise<FileSignature> {
  const signature = signatureOf(await file.stat());
  if (!signature.isFresh) return signature;
  const { ctimeMs } = signature;
  await settle(ctimeMs + stepOf(ctimeMs) - Date.now());
  return signatureOf(await file.stat());
}

/**
 * Waits until files that changed a moment ago are no longer fresh.
 *
 * @param milliseconds - how long that takes
 */
export async function settle(milliseconds: number = TIME_STEP_MILLISECONDS): Promise<void> {
  // Longer, since a timer may fire before the clock has moved as far.
  await pause(milliseconds + TIME_STEP_MILLISECONDS);
}
