import { StringDecoder } from 'node:string_decoder';
import { attributeText } from './attribute-text.ts';
import { readTag, type RawAttribute } from './raw-tag.ts';

/** An attribute, with its entities decoded. */
export interface Attribute {
  readonly name: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** Who is told of tags. */
export interface TagListener {
  /** The attributes that are wanted of an element, both in lower case, beside `id` and `style`. */
  readonly wanted: ReadonlyMap<string, ReadonlySet<string>>;
  /** Told of elements in `wanted`, and of others that have an `id` or a `style`. */
  onTag(element: string, attributes: readonly Attribute[], line: number): void;
  /** The text of an element that has no tags in it, such as `<style>`, in pieces; only if it is in `wanted`. */
  onRawText(element: string, text: string): void;
  /** Told of `<template>`, and of elements of raw text in `wanted`. */
  onEnd(element: string): void;
}

/** Elements that hold text alone: to where their end tag begins (HTML Living Standard §13.2.5.2 to 5). */
const RAW: ReadonlyMap<string, RegExp> = new Map(
  ['script', 'style', 'title', 'textarea', 'xmp', 'iframe', 'noembed', 'noframes'].map((element) => [
    element,
    new RegExp(String.raw`</${element}(?=[\s/>])`, 'gi'),
  ]),
);
/** What may be the beginning of an end tag, where a piece of raw text ends. */
const LONGEST_END_TAG = '</noframes '.length;
const COMMENT_END = /--!?>/g;
const FOREIGN: ReadonlySet<string> = new Set(['svg', 'math']);

/**
 * Reads the tags of a page that comes in pieces (HTML Living Standard §13.2.5). htmlparser2 would look at each character
 * in turn; that is most of the time that a light page takes.
 */
export class TagReader {
  readonly #listener: TagListener;
  readonly #decoder: StringDecoder = new StringDecoder('utf8');
  /** What is not read yet. */
  #text = '';
  /** How long the text has to be to be worth another look: a tag that comes byte by byte is read a few times only. */
  #enough = 0;
  /** Lines are counted up to here. */
  #counted = 0;
  #line = 1;
  /** What is open and has no tags in it. */
  #inside: 'comment' | { readonly element: string; readonly end: RegExp } | undefined;
  /** How many `<svg>` and `<math>` are open: in them `<title/>` is closed. */
  #foreign = 0;

  constructor(listener: TagListener) {
    this.#listener = listener;
  }

  write(chunk: Uint8Array | string): void {
    this.#text += typeof chunk === 'string' ? chunk : this.#decoder.write(chunk);
    if (this.#text.length > this.#enough) this.#read();
  }

  end(): void {
    this.#text += this.#decoder.end();
    this.#read();
    const inside = this.#inside;
    if (typeof inside === 'object') this.#endRaw(inside.element, this.#text);
  }

  #read(): void {
    const text = this.#text;
    let at = 0;
    for (;;) {
      const next = this.#inside === undefined ? this.#readMarkup(text, at) : this.#readInside(text, at);
      if (next === at) break;
      at = next;
    }
    this.#lineAt(at);
    this.#counted = 0;
    this.#text = text.slice(at);
    this.#enough = 2 * this.#text.length;
  }

  /** Reads the next tag. Returns where it ends, or begins if it is not complete. */
  #readMarkup(text: string, at: number): number {
    const open = text.indexOf('<', at);
    if (open === -1) return text.length;
    const second = text.charCodeAt(open + 1);
    if (isLetter(second)) return this.#readStart(text, open);
    if (second === 33 /* ! */) return this.#readDeclaration(text, open);
    if (second === 47 /* / */) return this.#readEnd(text, open);
    if (second === 63 /* ? */) return behind(text, '>', open);
    return Number.isNaN(second) ? open : open + 1;
  }

  #readStart(text: string, open: number): number {
    const tag = readTag(text, open, this.#listener.wanted);
    if (tag === undefined) return open;
    const { element, attributes, isWanted, isClosed, end } = tag;
    if (isWanted || attributes.length > 0) {
      const line = this.#lineAt(open);
      this.#listener.onTag(element, this.#finished(attributes), line);
    }
    const isForeign = this.#foreign > 0;
    if (FOREIGN.has(element) && !isClosed) this.#foreign += 1;
    const rawEnd = RAW.get(element);
    // In HTML a slash at the end says nothing.
    if (rawEnd && !(isForeign && isClosed)) this.#inside = { element, end: rawEnd };
    else if (rawEnd && isWanted) this.#listener.onEnd(element);
    return end;
  }

  #finished(attributes: readonly RawAttribute[]): Attribute[] {
    return attributes.map(({ name, value, offset }) => ({
      name,
      value: attributeText(value),
      line: this.#lineAt(offset),
    }));
  }

  #readEnd(text: string, open: number): number {
    const third = text.charCodeAt(open + 2);
    if (Number.isNaN(third)) return open;
    if (third === 62 /* > */) return open + 3;
    const end = behind(text, '>', open);
    // Few end tags say anything: those of template, svg, math.
    if (end === open || !'tsmTSM'.includes(text.charAt(open + 2))) return end;
    const [element] = /^[^\s/>]*/.exec(text.slice(open + 2, Math.min(end, open + 12))) ?? [''];
    const name = element.toLowerCase();
    if (FOREIGN.has(name)) this.#foreign = Math.max(0, this.#foreign - 1);
    if (name === 'template') this.#listener.onEnd(name);
    return end;
  }

  #readDeclaration(text: string, open: number): number {
    if (text.length < open + '<![CDATA['.length && !text.includes('>', open)) return open;
    if (text.startsWith('<!-->', open)) return open + 5;
    if (text.startsWith('<!--->', open)) return open + 6;
    if (text.startsWith('<!--', open)) {
      this.#inside = 'comment';
      return open + 4;
    }
    if (this.#foreign > 0 && text.startsWith('<![CDATA[', open)) return behind(text, ']]>', open);
    return behind(text, '>', open);
  }

  /** Passes over what has no tags in it, and lets go of it. */
  #readInside(text: string, at: number): number {
    const inside = this.#inside;
    const end = typeof inside === 'object' ? inside.end : COMMENT_END;
    end.lastIndex = at;
    const found = end.exec(text);
    if (found) {
      this.#inside = undefined;
      if (typeof inside !== 'object') return end.lastIndex;
      this.#endRaw(inside.element, text.slice(at, found.index));
      return found.index;
    }
    const next = Math.max(at, text.length - LONGEST_END_TAG);
    if (typeof inside === 'object' && next > at) this.#tellRaw(inside.element, text.slice(at, next));
    return next;
  }

  #endRaw(element: string, text: string): void {
    this.#tellRaw(element, text);
    if (this.#listener.wanted.has(element)) this.#listener.onEnd(element);
  }

  #tellRaw(element: string, text: string): void {
    if (text !== '' && this.#listener.wanted.has(element)) this.#listener.onRawText(element, text);
  }

  #lineAt(index: number): number {
    if (index <= this.#counted) return this.#line;
    const text = this.#text;
    for (let at = text.indexOf('\n', this.#counted); at !== -1 && at < index; at = text.indexOf('\n', at + 1))
      this.#line += 1;
    this.#counted = index;
    return this.#line;
  }
}

function isLetter(code: number): boolean {
  const lower = code | 32;
  return lower >= 97 && lower <= 122;
}

/** Where something has ended; where it began, if its end has not come yet. */
function behind(text: string, end: string, start: number): number {
  const found = text.indexOf(end, start);
  return found === -1 ? start : found + end.length;
}
