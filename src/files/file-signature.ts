import type { Stats } from 'node:fs';

/**
 * How long ago a file must have changed for its times to tell the next change: Linux counts them in steps of its clock,
 * 10 ms long at most, and on kernels before 6.13 two writes within a step leave the same time.
 */
export const TIME_STEP_MILLISECONDS = 20;

/** By what a file is known to be the same still. */
export interface FileSignature {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
  /** Whether the file had changed a moment before: it may have changed once more and look the same. */
  readonly isFresh: boolean;
}

/**
 * What tells one state of a file from another.
 *
 * @param now - when the file was looked at, in milliseconds since 1970
 */
export function signatureOf({ size, mtimeMs, ctimeMs, ino }: Stats, now: number = Date.now()): FileSignature {
  // On either side: a file server has a clock of its own.
  const isFresh = Math.abs(now - ctimeMs) < TIME_STEP_MILLISECONDS;
  return { size, mtimeMs, ctimeMs, ino, isFresh };
}

/**
 * Whether nothing but the time of the status change tells two signatures apart: permissions or links may have changed,
 * or the bytes with their time set back.
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

/** Whether a file that was read when it had the one signature, and now has the other, must have the same bytes still. */
export function isUnchangedSince(then: FileSignature, now: FileSignature): boolean {
  return !then.isFresh && isSameSignature(then, now);
}
