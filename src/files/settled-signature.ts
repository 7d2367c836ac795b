import type { FileHandle } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { signatureOf, TIME_STEP_MILLISECONDS, type FileSignature } from './file-signature.ts';

/** Waits until what has changed a moment ago is fresh no longer. */
export async function settle(): Promise<void> {
  // Twice, since a timer may fire before the clock has moved as far.
  await pause(2 * TIME_STEP_MILLISECONDS);
}

/** The signature of an open file before it is read: of one that is fresh, after a moment, so that the next change shows. */
export async function settledSignature(file: FileHandle): Promise<FileSignature> {
  const signature = signatureOf(await file.stat());
  if (!signature.isFresh) return signature;
  await settle();
  return signatureOf(await file.stat());
}
