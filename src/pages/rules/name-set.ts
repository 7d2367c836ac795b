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

/** The names of a list that is not empty, each perhaps with a `*` at its end. */
export function nameSet(list: readonly string[]): NameSet {
  const exact = new Set(list.filter((name) => !name.endsWith('*')));
  const prefixes = list.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  const begun = new RegExp(prefixes.length === 0 ? '(?!)' : `^${branches(endings(prefixes, ''))}`);
  return {
    has: (name) => exact.has(name) || begun.test(name),
    pattern: (character) => branches([...endings([...exact], ''), ...endings(prefixes, `${character}*`)]),
  };
}

function endings(texts: readonly string[], end: string): Ending[] {
  return texts.map((rest) => ({ rest, end }));
}

interface Ending {
  /** What is still to be written of a name. */
  readonly rest: string;
  /** What is written behind it. */
  readonly end: string;
}

/** Names as a tree of their characters: nginx would try a hundred one after the other for each cookie. */
function branches(names: readonly Ending[]): string {
  const byFirst = new Map<string, Ending[]>();
  const ends = new Set<string>();
  for (const { rest, end } of names) {
    const first = rest.charAt(0);
    if (first === '') ends.add(end);
    else byFirst.set(first, [...(byFirst.get(first) ?? []), { rest: rest.slice(1), end }]);
  }
  const all = [...[...byFirst].map(([first, below]) => literalPattern(first) + branches(below)), ...ends];
  return all.length === 1 ? all.join('') : `(?:${all.join('|')})`;
}

/** A regular expression that matches just a text. */
export function literalPattern(text: string): string {
  return text.replaceAll(/[^\w-]/g, String.raw`\$&`);
}
