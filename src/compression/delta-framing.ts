/** A skippable frame of Zstandard with the 32 bytes of a SHA-256 (RFC 9842 §5). */
const SKIPPABLE = Buffer.from('5e2a4d1820000000', 'hex');

/** How many bytes come before the Zstandard frame of a delta. */
export const FRAMING_BYTES: number = SKIPPABLE.length + 32;

/** How a delta begins, by the SHA-256 of its dictionary. */
export function framingOf(digest: Buffer): Buffer {
  return Buffer.concat([SKIPPABLE, digest]);
}
