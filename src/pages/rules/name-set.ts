/** Names, some of which stand for all that begin like them: `_ga`, `utm_*`. */
export interface NameSet {
  has(name: string): boolean;
  /**
   * A regular expression (PCRE) of just these names.
   *
   * @param character - what the rest of a name is made of: `[^=;]`
   */
  pattern(character: string): string;
}

/** The names of a list, each perhaps with a `*` at its end. */
export function nameSet(list: readonly string[]): NameSet {
  const exact = new Set(list.filter((name) => !name.endsWith('*')));
  const prefixes = list.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  return {
    has: (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix)),
    pattern(character) {
      const begun =
        prefixes.length === 0 ? [] : [`(?:${prefixes.map(literalPattern).join('|')})${character}*`];
      return `(?:${[...[...exact].map(literalPattern), ...begun].join('|')})`;
    },
  };
}

/** A regular expression that matches just a text. */
export function literalPattern(text: string): string {
  return text.replaceAll(/[^\w-]/g, String.raw`\$&`);
}
