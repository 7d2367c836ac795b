import { KEYWORDS, ScriptGrammar } from './grammar.ts';
import {
  endOfGap,
  endOfMark,
  endOfName,
  endOfNumber,
  endOfPattern,
  endOfString,
  endOfTemplate,
  isDigit,
  isNameStart,
  mayBeGap,
  type LexemeEnd,
} from './lexemes.ts';

/** What a script's token is: a `template` is one up to its next substitution, `import` only where it is the keyword. */
export type ScriptTokenType = 'name' | 'import' | 'string' | 'template' | 'value' | 'punctuator';

/**
 * Reads the tokens of a script, classic or a module (ECMA-262 §12, with the comments of Annex B). Each character is looked
 * at a bounded number of times.
 */
export class ScriptScanner {
  readonly text: string;
  /** Of the token that was read last. */
  type: ScriptTokenType = 'punctuator';
  start = 0;
  end = 0;
  /** Where the script stops being one, if it does. */
  brokenAt: number | undefined;

  readonly #grammar = new ScriptGrammar();
  #isBehindDot = false;
  #isModule = false;
  /** The last word, if that was the last token. */
  #word = '';

  constructor(text: string) {
    this.text = text;
  }

  /** How many brackets are open behind the token, substitutions of templates among them. */
  get depth(): number {
    return this.#grammar.depth;
  }

  /** Goes to the next token; `false` at the end. */
  next(): boolean {
    const { text } = this;
    const isFirst = this.end === 0;
    this.start = this.end;
    let hasLineBreak = isFirst;
    if (mayBeGap(text.charCodeAt(this.end))) {
      const gap = endOfGap(text, this.end, isFirst, this.#isModule);
      if (gap.isOpen) this.#break(text.length);
      this.start = gap.end;
      hasLineBreak ||= gap.hasLineBreak;
    }
    if (this.start >= text.length) {
      if (this.depth > 0) this.#break(text.length);
      return false;
    }
    const previous = this.#word;
    this.#word = '';
    const isBehindDot = this.#isBehindDot;
    this.#isBehindDot = false;
    this.#read(text.charCodeAt(this.start), previous, isBehindDot, hasLineBreak);
    return true;
  }

  #read(code: number, previous: string, isBehindDot: boolean, hasLineBreak: boolean): void {
    const { text, start } = this;
    if (isNameStart(code)) this.#readName(previous, isBehindDot, hasLineBreak);
    else if (code === QUOTE || code === APOSTROPHE) this.#readString(previous);
    else if (code === BACKTICK) this.#readTemplate();
    else if (code === CLOSE_BRACE && this.#grammar.isInTemplate) {
      this.#grammar.mark(code, 1, hasLineBreak);
      this.#readTemplate();
    } else if (isDigit(code) || (code === DOT && isDigit(text.charCodeAt(start + 1))))
      this.#readValue('value', { end: endOfNumber(text, start), isOpen: false });
    else if (code === SLASH && this.#grammar.isPatternDue)
      this.#readValue('value', endOfPattern(text, start));
    else {
      this.type = 'punctuator';
      this.end = endOfMark(text, start);
      const length = this.end - start;
      this.#isBehindDot = length < 3 && text.charCodeAt(this.end - 1) === DOT;
      if (!this.#isBehindDot && !this.#grammar.mark(code, length, hasLineBreak)) this.#break(start);
    }
  }

  #break(offset: number): void {
    this.brokenAt ??= offset;
  }

  #readName(previous: string, isProperty: boolean, hasLineBreak: boolean): void {
    const { text, start } = this;
    this.type = 'name';
    this.end = endOfName(text, start);
    if (isProperty) return this.#grammar.value();
    this.#word = KEYWORDS.at(text, start, this.end);
    if (!this.#grammar.word(this.#word, previous, hasLineBreak)) return;
    if (this.#word === 'import') this.type = 'import';
    if (this.#word === 'export') this.#isModule = true;
  }

  #readString(previous: string): void {
    this.#readValue('string', endOfString(this.text, this.start));
    if (previous !== 'from' && previous !== 'import') return;
    this.#isModule = true;
    this.#grammar.endStatement();
  }

  #readTemplate(): void {
    const found = endOfTemplate(this.text, this.start);
    this.#readValue('template', found);
    if (found.isSubstitution) this.#grammar.openSubstitution();
  }

  #readValue(type: ScriptTokenType, { end, isOpen }: LexemeEnd): void {
    this.type = type;
    this.end = end;
    this.#grammar.value();
    if (isOpen) this.#break(end);
  }
}

const [QUOTE, APOSTROPHE, BACKTICK, SLASH, DOT, CLOSE_BRACE] = [0x22, 0x27, 0x60, 0x2f, 0x2e, 0x7d];
