import type { Stats } from 'node:fs';

/** By what a file is known to be the same still. */
export interface FileSignature {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
}

/** What tells one state of a file from another. */
export function signatureOf({ size, mtimeMs, ctimeMs, ino }: Stats): FileSignature {
  return { size, mtimeMs, ctimeMs, ino };
}

/**
 * Whether nothing but the time of the status change tells two signatures apart: permissions or links may have changed,
 * or the bytes with their time set back.
 */
export function isSameButForStatus(one: FileSignature, other: FileSignature): boolean {
  return isSameSignature({ ...one, ctimeMs: other.ctimeMs }, other);
}

/** Whether two signatures are of one state of one file. */
export function isSameSignature(one: FileSignature | undefined, other: FileSignature): boolean {
  return (
    one !== undefined &&
    one.size === other.size &&
    one.mtimeMs === other.mtimeMs &&
    one.ctimeMs === other.ctimeMs &&
    one.ino === other.ino
  );
}
