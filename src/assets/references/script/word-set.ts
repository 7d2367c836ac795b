/** A word of the set by its first character and its length, both of which are small. */
const FIRSTS = 0x80;
const LENGTHS = 16;

/** A few words of ASCII, found in a text without taking it apart. */
export class WordSet {
  readonly #words: readonly (readonly string[] | undefined)[];

  constructor(words: Iterable<string>) {
    const table: (string[] | undefined)[] = Array.from({ length: FIRSTS * LENGTHS });
    for (const word of words) (table[word.length * FIRSTS + word.charCodeAt(0)] ??= []).push(word);
    this.#words = table;
  }

  /** The word that is this part of a text, or an empty string. */
  at(text: string, start: number, end: number): string {
    const first = text.charCodeAt(start);
    const length = end - start;
    const words = length < LENGTHS && first < FIRSTS ? this.#words[length * FIRSTS + first] : undefined;
    if (words !== undefined) for (const word of words) if (text.startsWith(word, start)) return word;
    return '';
  }
}
