import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { isSameSignature, signatureOf } from '../files/file-signature.ts';
import type { ContentDigest } from './content-digest.ts';
import type { Representation } from './representation.ts';

/**
 * Reads files into memory, the smallest first, until the budget is spent. A file that is no longer what it was is left
 * to whoever answers the request.
 *
 * @param known - the representations of an earlier index, whose bytes are taken over where their file is the same
 */
export function keepInMemory(
  representations: readonly Representation[],
  budgetBytes: number,
  digest: ContentDigest,
  known: ReadonlyMap<string, Representation>,
): void {
  let left = budgetBytes;
  for (const representation of representations.toSorted((a, b) => a.size - b.size)) {
    if (representation.size > left) return;
    const before = known.get(representation.path);
    const bytes = before?.isOfSameFile(representation) ? before.bytes : undefined;
    representation.bytes = bytes ?? readWhole(representation, digest);
    left -= representation.bytes?.length ?? 0;
  }
}

/** The bytes of a file, if they are those that were indexed. */
function readWhole(representation: Representation, digest: ContentDigest): Buffer | undefined {
  const { path, signature, hash } = representation;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const bytes = readFileSync(descriptor);
    if (!isSameSignature(signature, signatureOf(fstatSync(descriptor)))) return undefined;
    if (hash === undefined || hash === digest.ofBytes(bytes)) return bytes;
    // A release whose files were written over: what they look like proves nothing.
    representation.signature = { ...signature, isFresh: true };
    return undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
