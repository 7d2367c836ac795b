import { createHash } from 'node:crypto';
import type { XXHashAPI } from 'xxhash-wasm';
import { FRAMING_BYTES, framingOf } from './delta-framing.ts';
import type { DictionaryCodec } from './dictionary-codec.ts';

/** A file as the difference from an older version of it, its dictionary: the body of an answer with the coding `dcz`. */
export interface Delta {
  /** The SHA-256 of the dictionary, in base64. */
  readonly dictionary: string;
  readonly bytes: Uint8Array;
}

/**
 * In bytes, of either version. Whoever takes `dcz` decodes at least so much at a time (RFC 9842 §5), and of a longer
 * content the end could not use the dictionary.
 */
export const LONGEST_VERSION: number = 8 * 1024 * 1024;

/** How a dictionary begins that is more than content: with tables of its own (RFC 8878 §5). */
const TABLES = Buffer.from('37a430ec', 'hex');

/** Less is no dictionary to Zstandard. */
const SHORTEST_DICTIONARY = 8;

/** Whether bytes can be a dictionary. */
export function isDictionary(bytes: Buffer): boolean {
  return bytes.length >= SHORTEST_DICTIONARY && !bytes.subarray(0, TABLES.length).equals(TABLES);
}

/**
 * Makes a delta, decodes it, and compares.
 *
 * @returns `undefined` where what was decoded is not the content
 */
export function makeDelta(
  dictionary: Buffer,
  content: Buffer,
  codec: DictionaryCodec,
  hashes: XXHashAPI,
): Delta | undefined {
  const frame = withChecksum(codec.compress(content, dictionary), content, hashes);
  const digest = digestOf(dictionary);
  const bytes = Buffer.concat([framingOf(digest), frame]);
  if (!holdsDelta(bytes, dictionary, content, codec)) return undefined;
  return { dictionary: digest.toString('base64'), bytes };
}

/** Whether a delta makes the content from the dictionary. */
export function holdsDelta(
  delta: Buffer,
  dictionary: Buffer,
  content: Buffer,
  { decompress }: DictionaryCodec,
): boolean {
  if (!delta.subarray(0, FRAMING_BYTES).equals(framingOf(digestOf(dictionary)))) return false;
  try {
    return content.equals(decompress(delta.subarray(FRAMING_BYTES), dictionary));
  } catch {
    return false;
  }
}

function digestOf(dictionary: Buffer): Buffer {
  return createHash('sha256').update(dictionary).digest();
}

/** The byte of a frame that describes its header, and the bit of it that says that a checksum ends the frame. */
const [DESCRIPTOR_OFFSET, CHECKSUM_FLAG] = [4, 0b100];

/** Gives a frame the checksum of its content, which not every encoder writes (RFC 8878 §3.1.1). */
function withChecksum(frame: Uint8Array, content: Buffer, hashes: XXHashAPI): Buffer {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(Number(BigInt.asUintN(32, hashes.h64Raw(content))));
  const checked = Buffer.concat([frame, checksum]);
  checked.writeUInt8(checked.readUInt8(DESCRIPTOR_OFFSET) | CHECKSUM_FLAG, DESCRIPTOR_OFFSET);
  return checked;
}
