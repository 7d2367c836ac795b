/** A comment may stand between any two tokens. */
const COMMENT = String.raw`(?:\/[/*]|<!--|-->)`;
const NEW_LINE = String.raw`[\n\r\u2028\u2029]`;

/** What may stand before the name of a module's namespace or of what it exports by default. */
const BEFORE_NAME = String.raw`(?:\b(?:import|as|source)|\/|${NEW_LINE})\s*`;
/** `as "a name in quotes"`; a backslash is one before a quote in it. */
const AS_STRING = String.raw`(?:${BEFORE_NAME}|\\)\1(?:(?!\1).)*(["'])`;
/** What ends with `from` in a statement. */
const CLAUSE = String.raw`(?:(?:[*}/]|${NEW_LINE}|${AS_STRING})\s*|${BEFORE_NAME}\S+\s+)from`;

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
