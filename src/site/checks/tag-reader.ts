import { StringDecoder } from 'node:string_decoder';
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';

/** An attribute, with its entities decoded. */
export interface Attribute {
  readonly name: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** Who is told of tags. */
export interface TagListener {
  /** The attributes that are wanted of an element, both in lower case; those that all have come on top. */
  readonly wanted: ReadonlyMap<string, ReadonlySet<string>>;
  /** Attributes that are wanted of any element. */
  readonly always: ReadonlySet<string>;
  /** Told of elements in `wanted`, and of others that have a wanted attribute. */
  onTag(element: string, attributes: readonly Attribute[], line: number): void;
  /** Told of elements in `wanted` that end, or close themselves. */
  onEnd(element: string): void;
  /** Whether the text that follows is wanted. */
  readonly isReading: boolean;
  onText(text: string): void;
}

/** A name that is longer is none, and what a comment has is not kept. */
const LONGEST_NAME = 65_536;
const NONE: ReadonlySet<string> = new Set();

/**
 * Reads the tags of a page that comes in pieces. Its tokenizer is that of htmlparser2, without the parser around it: what
 * is open inside of what is of no interest here, and most names and values are never cut out of the text.
 */
export class TagReader implements TokenizerCallbacks {
  readonly #listener: TagListener;
  readonly #tokenizer: Tokenizer = new Tokenizer({ decodeEntities: true }, this);
  readonly #decoder: StringDecoder = new StringDecoder('utf8');
  /** What was written, from `#start` on. */
  #text = '';
  #start = 0;
  /** Before it nothing is asked for again. */
  #done = 0;
  /** Lines are counted up to here, by what is looked at alone. */
  #counted = 0;
  #line = 1;
  #element = '';
  #elementLine = 1;
  #isWanted = false;
  #wanted: ReadonlySet<string> = NONE;
  #attributes: Attribute[] = [];
  #attribute = '';
  #attributeLine = 1;
  #value = '';
  /** How many `<svg>` and `<math>` are open: in them `<title/>` and `<style/>` are closed. */
  #foreign = 0;

  constructor(listener: TagListener) {
    this.#listener = listener;
  }

  write(chunk: Uint8Array | string): void {
    const piece = typeof chunk === 'string' ? chunk : this.#decoder.write(chunk);
    if (piece === '') return;
    const kept = this.#start + this.#text.length - this.#done;
    if (kept === 0) {
      this.#forget(this.#done);
      this.#text = piece;
    } else {
      // Cut only when less is kept than goes: a text that comes byte by byte would be copied as often.
      if (kept > 2 * LONGEST_NAME) this.#forget(this.#start + this.#text.length - LONGEST_NAME);
      else if (this.#done - this.#start > kept) this.#forget(this.#done);
      this.#text += piece;
    }
    this.#tokenizer.write(piece);
  }

  end(): void {
    const rest = this.#decoder.end();
    if (rest !== '') this.write(rest);
    this.#tokenizer.end();
  }

  #forget(end: number): void {
    this.#lineAt(end);
    this.#text = this.#text.slice(end - this.#start);
    this.#start = end;
    this.#done = Math.max(this.#done, end);
  }

  #slice(start: number, end: number): string {
    this.#done = end;
    return this.#text.slice(Math.max(0, start - this.#start), end - this.#start);
  }

  #lineAt(index: number): number {
    if (index <= this.#counted) return this.#line;
    const end = index - this.#start;
    let at = this.#text.indexOf('\n', this.#counted - this.#start);
    while (at !== -1 && at < end) {
      this.#line += 1;
      at = this.#text.indexOf('\n', at + 1);
    }
    this.#counted = index;
    return this.#line;
  }

  onopentagname(start: number, end: number): void {
    this.#element = this.#slice(start, end).toLowerCase();
    const wanted = this.#listener.wanted.get(this.#element);
    this.#isWanted = wanted !== undefined;
    this.#wanted = wanted ?? NONE;
    if (this.#isWanted) this.#elementLine = this.#lineAt(start);
    if (this.#attributes.length > 0) this.#attributes = [];
  }

  onattribname(start: number, end: number): void {
    this.#value = '';
    this.#attribute = '';
    this.#done = end;
    // No wanted name is longer.
    if (end - start > 16) return;
    const name = this.#slice(start, end).toLowerCase();
    if (!this.#wanted.has(name) && !this.#listener.always.has(name)) return;
    if (this.#attributes.some((each) => each.name === name)) return;
    this.#attribute = name;
    this.#attributeLine = this.#lineAt(start);
  }

  onattribdata(start: number, end: number): void {
    if (this.#attribute === '') this.#done = end;
    else this.#value += this.#slice(start, end);
  }

  onattribentity(codePoint: number): void {
    if (this.#attribute !== '') this.#value += String.fromCodePoint(codePoint);
  }

  onattribend(): void {
    if (this.#attribute === '') return;
    this.#attributes.push({ name: this.#attribute, value: this.#value, line: this.#attributeLine });
    this.#attribute = '';
  }

  onopentagend(end: number): void {
    this.#done = end + 1;
    if (this.#element === 'svg' || this.#element === 'math') this.#foreign += 1;
    this.#tell();
  }

  onselfclosingtag(end: number): void {
    this.#done = end + 1;
    const isForeign = this.#foreign > 0 || this.#element === 'svg' || this.#element === 'math';
    this.#tell();
    // In HTML the slash says nothing: `<div/>` is open.
    if (isForeign && this.#isWanted) this.#listener.onEnd(this.#element);
  }

  #tell(): void {
    if (this.#isWanted || this.#attributes.length > 0)
      this.#listener.onTag(this.#element, this.#attributes, this.#elementLine);
  }

  onclosetag(start: number, end: number): void {
    const element = this.#slice(start, end).toLowerCase();
    if (element === 'svg' || element === 'math') this.#foreign = Math.max(0, this.#foreign - 1);
    if (this.#listener.wanted.has(element)) this.#listener.onEnd(element);
  }

  isInForeignContext(): boolean {
    return this.#foreign > 0;
  }

  ontext(start: number, end: number): void {
    if (this.#listener.isReading) this.#listener.onText(this.#slice(start, end));
    else this.#done = end;
  }

  ontextentity(codePoint: number, end: number): void {
    this.#done = end;
    if (this.#listener.isReading) this.#listener.onText(String.fromCodePoint(codePoint));
  }

  oncdata(start: number, end: number): void {
    this.ontext(start, end);
  }

  oncomment(_start: number, end: number): void {
    this.#done = end;
  }

  ondeclaration(_start: number, end: number): void {
    this.#done = end;
  }

  onprocessinginstruction(_start: number, end: number): void {
    this.#done = end;
  }

  onend(): void {}
}
