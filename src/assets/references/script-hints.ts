/** A comment may stand between any two tokens. */
const COMMENT = String.raw`(?:\/[/*]|<!--|-->)`;
const NEW_LINE = String.raw`[\n\r\u2028\u2029]`;

/**
 * What ends with `from` in a statement: `}`, `*`, a string, a comment, and a name, which is behind `import` or `as`, a comment
 * or a line break.
 */
const CLAUSE = String.raw`(?:(?:[*}"'/]|${NEW_LINE})\s*|(?:\b(?:import|as|source)\s|\/|${NEW_LINE})\s*\S+\s+)from`;

/**
 * What every reference of a script has in it, or at its start; in other texts it is seldom. Each choice begins with letters,
 * which is what makes the search fast.
 */
const HINT = new RegExp(
  [
    String.raw`import(?:Scripts)?\s*(?:\(|${COMMENT})`,
    String.raw`import\s*(?:\.\s*(?:meta|source|defer|${COMMENT})|(?<![-.@\w$]import\s*)["'])`,
    String.raw`from(?<=${CLAUSE})\s*(?:["']|${COMMENT})`,
    String.raw`Worker(?<=\b(?:Shared)?Worker)\s*(?:\(|${COMMENT})`,
  ].join('|'),
  'g',
);

/**
 * Where the last reference of a script can begin at most: most of a script stands behind that, and has not to be read.
 * It is `undefined` if there is none.
 */
export function lastHintIn(text: string): number | undefined {
  let last: number | undefined;
  for (const { index } of text.matchAll(HINT)) last = index;
  return last;
}
