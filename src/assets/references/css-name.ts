/** A name with escapes (CSS Syntax Level 3 §4.3.11). */
export interface EscapedName {
  /** Unescaped. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const NAME_CHARACTER = /[-\w\0\u0080-\uffff]/;
const PART_OF_NAME = /[-\w\0\u0080-\uffff]+|\\(?:[0-9a-f]{1,6}(?:\r\n|[ \t\n\r\f])?|[^\n\r\f0-9a-f])/iy;

/** The name around a backslash; one that escapes nothing stands for itself. */
export function escapedName(text: string, backslash: number): EscapedName {
  let start = backslash;
  while (NAME_CHARACTER.test(text.charAt(start - 1))) start -= 1;
  let end = backslash;
  // Part by part: one expression over a long name would not have the stack for it.
  for (PART_OF_NAME.lastIndex = end; PART_OF_NAME.test(text);) end = PART_OF_NAME.lastIndex;
  if (end === backslash) return { name: '\\', start: backslash, end: backslash + 1 };
  return { name: unescapeName(text.slice(start, end)), start, end };
}

function unescapeName(name: string): string {
  return name.replaceAll(
    /\\(?:([0-9a-f]{1,6})(?:\r\n|[ \t\n\r\f])?|([^]))/gi,
    (_, hex?: string, simple = '') => (hex === undefined ? simple : codePoint(Number.parseInt(hex, 16))),
  );
}

function codePoint(code: number): string {
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\u{FFFD}';
}
