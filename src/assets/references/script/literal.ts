const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  0: '\0',
  '\n': '',
  '\r': '',
  '\r\n': '',
  '\u2028': '',
  '\u2029': '',
};

const ESCAPE = /\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2})|(\r\n|[^]))/gi;

/**
 * The value of a string (ECMA-262 §12.9.4) or of a template without substitutions, quotes included.
 *
 * @returns `undefined` when it has none, as with an escape that is no code point
 */
export function literalValue(literal: string): string | undefined {
  const body = literal.slice(1, -1);
  if (!body.includes('\\')) return body;
  let isValid = true;
  const value = body.replaceAll(ESCAPE, (_, braced?: string, unicode?: string, hex?: string, simple = '') => {
    const digits = braced ?? unicode ?? hex;
    if (digits === undefined) return SIMPLE_ESCAPES[simple] ?? simple;
    const code = Number.parseInt(digits, 16);
    isValid &&= code <= 0x10_ff_ff;
    return isValid ? String.fromCodePoint(code) : '';
  });
  return isValid ? value : undefined;
}
