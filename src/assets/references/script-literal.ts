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
 * The value of a string or template literal (ECMA-262 §12.9.4), quotes included; a template's substitutions become `*`.
 *
 * @returns `undefined` when it has none, as with an escape that is no code point
 */
export function literalValue(literal: string): string | undefined {
  const isTemplate = literal.startsWith('`');
  const body = literal.slice(1, -1);
  const known = isTemplate ? withoutSubstitutions(body) : body;
  if (known === undefined) return undefined;
  let isValid = true;
  const value = known.replaceAll(
    ESCAPE,
    (_, braced?: string, unicode?: string, hex?: string, simple = '') => {
      const digits = braced ?? unicode ?? hex;
      if (digits === undefined) return SIMPLE_ESCAPES[simple] ?? simple;
      const code = Number.parseInt(digits, 16);
      isValid &&= code <= 0x10_ff_ff;
      return isValid ? String.fromCodePoint(code) : '';
    },
  );
  return isValid ? value : undefined;
}

/** Templates within substitutions are left alone: what cannot be read at a glance is not known. */
function withoutSubstitutions(body: string): string | undefined {
  const plain = body.replaceAll(/(?<!\\)((?:\\\\)*)\$\{[^{}`]*\}/g, '$1*');
  return /(?<!\\)(?:\\\\)*\$\{/.test(plain) ? undefined : plain;
}
