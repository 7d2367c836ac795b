/** What a `Range` header asks for of a body. */
export type ByteRange =
  | { readonly kind: 'whole' }
  /** From `start` up to but without `end`, in bytes. */
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' };

const WHOLE: ByteRange = { kind: 'whole' };
const UNSATISFIABLE: ByteRange = { kind: 'unsatisfiable' };
const SINGLE_RANGE = /^bytes=[ \t]*(?:(\d+)-(\d*)|-(\d+))[ \t]*$/i;

/**
 * Reads a `Range` header with one range of bytes (RFC 9110 §14.1.2). Several ranges, other units and what is not valid
 * are ignored, as §14.2 allows.
 *
 * Own code, since the package "range-parser" refuses a suffix that is longer than the body, which asks for the whole
 * body (§14.1.2), and reads `bytes=1e3-` as a range.
 *
 * @param size - the length of the body in bytes
 */
export function parseByteRange(header: string, size: number): ByteRange {
  const match = SINGLE_RANGE.exec(header);
  if (match === null) return WHOLE;
  const [, first, last, suffix] = match;
  if (suffix !== undefined) {
    if (Number(suffix) === 0) return UNSATISFIABLE;
    // An empty body has no first byte that `Content-Range` could name.
    return size === 0 ? WHOLE : { kind: 'part', start: Math.max(0, size - Number(suffix)), end: size };
  }
  const start = Number(first);
  const end = last === '' ? Infinity : Number(last) + 1;
  if (end <= start) return WHOLE;
  return start >= size ? UNSATISFIABLE : { kind: 'part', start, end: Math.min(end, size) };
}
