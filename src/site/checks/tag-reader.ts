import { StringDecoder } from 'node:string_decoder';
import { attributeText } from './attribute-text.ts';
import { ElementTable, LONGEST_RAW_END, type ElementRule } from './element-table.ts';
import { LineCounter } from './line-counter.ts';
import { nameEnd, readTag, type RawAttribute } from './raw-tag.ts';

/** An attribute, with its entities decoded. */
export interface Attribute {
  readonly name: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** Who is told of tags. */
export interface TagListener {
  /** What is wanted of which element, beside `id` and `style` of any. */
  readonly elements: ElementTable;
  /** Told of elements that are wanted, and of others that have an `id` or a `style`. */
  onTag(element: string, attributes: readonly Attribute[], line: number): void;
  /** The text of an element that has no tags in it, such as `<style>`, in pieces; only if it is wanted. */
  onRawText(element: string, text: string): void;
  /** Told of `<template>`, and of wanted elements of raw text. */
  onEnd(element: string): void;
}

const COMMENT_END = /--!?>/g;
const NOTHING = new ElementTable(new Map());

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
  /** That of the start of the text. */
  #line = 1;
  #lines: LineCounter = new LineCounter('', 1);
  /** What is open and has no tags in it. */
  #inside: 'comment' | ElementRule | undefined;
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
    if (typeof inside === 'object') this.#endRaw(inside, this.#text);
  }

  #read(): void {
    const text = this.#text;
    this.#lines = new LineCounter(text, this.#line);
    let at = 0;
    for (;;) {
      const inside = this.#inside;
      const next = inside === undefined ? this.#readMarkup(text, at) : this.#readInside(text, at);
      if (next === at && inside === this.#inside) break;
      at = next;
    }
    this.#line = this.#lines.at(at);
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
    const tag = readTag(text, open, this.#listener.elements);
    if (tag === undefined) return open;
    const { rule, attributes, isClosed, end } = tag;
    const { element, names, rawEnd } = rule;
    if (names !== undefined || attributes.length > 0) {
      const line = this.#lines.at(open);
      this.#listener.onTag(element, this.#finished(attributes), line);
    }
    const isWithin = this.#foreign > 0;
    if (rule.isForeign && !isClosed) this.#foreign += 1;
    // In HTML a slash at the end says nothing.
    if (rawEnd && !(isWithin && isClosed)) this.#inside = rule;
    else if (rawEnd && names !== undefined) this.#listener.onEnd(element);
    return end;
  }

  #finished(attributes: readonly RawAttribute[]): Attribute[] {
    return attributes.map(({ name, value, offset }) => ({
      name,
      value: attributeText(value),
      line: this.#lines.at(offset),
    }));
  }

  #readEnd(text: string, open: number): number {
    const third = text.charCodeAt(open + 2);
    if (Number.isNaN(third)) return open;
    if (third === 62 /* > */) return open + 3;
    if (!isLetter(third)) return behind(text, '>', open);
    const nameStop = nameEnd(text, open + 2);
    // An end tag may have attributes, and in their values anything.
    const isPlain = text.charCodeAt(nameStop) === 62;
    const end = isPlain ? nameStop + 1 : (readTag(text, open + 1, NOTHING)?.end ?? open);
    // Few end tags say anything: those of template, svg, math.
    if (end === open || !'tsmTSM'.includes(text.charAt(open + 2))) return end;
    const { element, isForeign } = this.#listener.elements.of(text.slice(open + 2, nameStop));
    if (isForeign) this.#foreign = Math.max(0, this.#foreign - 1);
    if (element === 'template') this.#listener.onEnd(element);
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
    const rule = typeof inside === 'object' ? inside : undefined;
    const end = rule?.rawEnd ?? COMMENT_END;
    end.lastIndex = at;
    const found = end.exec(text);
    if (found) {
      this.#inside = undefined;
      if (rule === undefined) return end.lastIndex;
      this.#endRaw(rule, text.slice(at, found.index));
      return found.index;
    }
    const next = Math.max(at, text.length - LONGEST_RAW_END);
    if (next > at) this.#tellRaw(rule, text.slice(at, next));
    return next;
  }

  #endRaw(rule: ElementRule, text: string): void {
    this.#tellRaw(rule, text);
    if (rule.names !== undefined) this.#listener.onEnd(rule.element);
  }

  #tellRaw(rule: ElementRule | undefined, text: string): void {
    if (text !== '' && rule?.names !== undefined) this.#listener.onRawText(rule.element, text);
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
