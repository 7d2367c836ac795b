/** Tells the lines of places in a text, asked for in their order. */
export class LineCounter {
  readonly #text: string;
  #line: number;
  /** Where the line ends that is counted now. Each line is looked for once: a page may be one line of megabytes. */
  #end: number;

  /** @param line - that of the start of the text */
  constructor(text: string, line: number) {
    this.#text = text;
    this.#line = line;
    this.#end = endOfLine(text, 0);
  }

  at(index: number): number {
    while (this.#end < index) {
      this.#line += 1;
      this.#end = endOfLine(this.#text, this.#end + 1);
    }
    return this.#line;
  }
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end;
}
