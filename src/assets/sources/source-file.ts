import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { XXHashAPI } from 'xxhash-wasm';
import { type FileSignature, signatureOf } from '../../files/file-signature.ts';
import { describeReadError } from '../../files/scan-folder.ts';
import { findReferences, mayRefer } from '../references/find-references.ts';
import type { Reference } from '../references/reference.ts';
import { decodeText } from '../references/source-text.ts';

/** A file under a root, read once. */
export interface SourceFile {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly signature: FileSignature;
  /** XXH64 of its bytes. */
  readonly hash: bigint;
  readonly references: readonly Reference[];
  /** Whether it was read as a web app manifest because a document links to it as one. */
  readonly isWebManifest: boolean;
}

const PIECE_BYTES = 256 * 1024;
const piece = Buffer.allocUnsafe(PIECE_BYTES);

/**
 * Reads a file: its digest and, when its language has any, its references. Big files that refer to nothing are read in
 * pieces.
 *
 * @param isWebManifest - whether it is one whatever its name
 * @throws {@link StaticUrlError} `FILE_UNREADABLE`, `FILE_CHANGED`
 */
export function readSourceFile(
  name: string,
  file: string,
  hashes: XXHashAPI,
  isWebManifest = false,
): SourceFile {
  const hasText = isWebManifest || mayRefer(name);
  const { signature, hash, bytes } = readBytes(file, hasText, hashes);
  const references =
    hasText && bytes ? findReferences(name, readText(file, bytes), isWebManifest) : NO_REFERENCES;
  const found = references.length === 0 ? NO_REFERENCES : references;
  return { name, file, signature, hash, references: found, isWebManifest };
}

interface ReadBytes {
  readonly signature: FileSignature;
  readonly hash: bigint;
  /** Valid until the next file is read. */
  readonly bytes: Uint8Array | undefined;
}

function readBytes(file: string, whole: boolean, hashes: XXHashAPI): ReadBytes {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const signature = signatureOf(fstatSync(descriptor));
    const { size } = signature;
    if (whole && size > PIECE_BYTES) {
      const bytes = readFileSync(descriptor);
      return { signature, hash: digestBytes(bytes, hashes), bytes };
    }
    const length = readSync(descriptor, piece, 0, PIECE_BYTES, null);
    const bytes = piece.subarray(0, length);
    // Nearly every file is read by one call; who has its size in bytes need not ask for more.
    if (length === size) return { signature, hash: hashes.h64Raw(bytes), bytes };
    if (whole) {
      const all = Buffer.concat([bytes, readFileSync(descriptor)]);
      return { signature, hash: digestBytes(all, hashes), bytes: all };
    }
    return { signature, hash: digestRest(descriptor, length, hashes), bytes: undefined };
  } catch (error) {
    throw describeReadError('file', file, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** In pieces, for the digest's own memory grows to the longest that it was given, and never shrinks. */
function digestBytes(bytes: Uint8Array, hashes: XXHashAPI): bigint {
  const hash = hashes.create64();
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) hash.update(bytes.subarray(at, at + PIECE_BYTES));
  return hash.digest();
}

function digestRest(descriptor: number, first: number, hashes: XXHashAPI): bigint {
  const hash = hashes.create64();
  for (let length = first; length > 0; length = readSync(descriptor, piece, 0, PIECE_BYTES, null))
    hash.update(piece.subarray(0, length));
  return hash.digest();
}

/** Most files have none. */
const NO_REFERENCES: readonly Reference[] = [];

function readText(file: string, bytes: Uint8Array): string {
  try {
    return decodeText(bytes);
  } catch (error) {
    throw describeReadError('file', file, error);
  }
}
