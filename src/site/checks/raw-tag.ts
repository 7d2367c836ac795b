import type { ElementRule, ElementTable } from './element-table.ts';

/** An attribute as it stands in the text. */
export interface RawAttribute {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  readonly offset: number;
}

/** A start tag. */
export interface RawTag {
  readonly rule: ElementRule;
  /** Those that are wanted; of several with one name the first. */
  readonly attributes: readonly RawAttribute[];
  /** Whether it ends in `/>`. */
  readonly isClosed: boolean;
  readonly end: number;
}

const NO_ATTRIBUTES: readonly RawAttribute[] = [];
const EQUALS = 61;
const SLASH = 47;
const GREATER = 62;

/**
 * Reads a start tag (HTML Living Standard §13.2.5.8 and 32 to 40).
 *
 * @param open - where its `<` is
 * @returns `undefined` where the text ends before the tag does
 */
export function readTag(text: string, open: number, elements: ElementTable): RawTag | undefined {
  let at = nameEnd(text, open + 1);
  const rule = elements.of(text.slice(open + 1, at));
  const { names } = rule;
  // Most tags have none that is wanted.
  let attributes: RawAttribute[] | undefined;
  for (;;) {
    while (isSpace(text.charCodeAt(at)) || text.charCodeAt(at) === SLASH) at += 1;
    if (at >= text.length) return undefined;
    if (text.charCodeAt(at) === GREATER) {
      const isClosed = text.charCodeAt(at - 1) === SLASH;
      return { rule, attributes: attributes ?? NO_ATTRIBUTES, isClosed, end: at + 1 };
    }
    const offset = at;
    // An equals sign at the start is part of the name.
    const afterName = nameEnd(text, at + 1, EQUALS);
    at = spacesEnd(text, afterName);
    let [from, to] = [at, at];
    if (text.charCodeAt(at) === EQUALS) {
      from = spacesEnd(text, at + 1);
      const quote = text.charAt(from);
      if (quote === '"' || quote === "'") {
        from += 1;
        to = text.indexOf(quote, from);
        if (to === -1) return undefined;
        at = to + 1;
      } else {
        to = from;
        while (to < text.length && text.charCodeAt(to) !== GREATER && !isSpace(text.charCodeAt(to))) to += 1;
        at = to;
      }
    }
    if (!isName(text, offset, afterName, names)) continue;
    const name = text.slice(offset, afterName).toLowerCase();
    if (!names?.has(name) && name !== 'id' && name !== 'style') continue;
    if (attributes?.some((each) => each.name === name)) continue;
    attributes ??= [];
    attributes.push({ name, value: text.slice(from, to), offset });
  }
}

/** Whether an attribute is worth a closer look: of most elements only two names are wanted. */
function isName(text: string, start: number, end: number, names: ReadonlySet<string> | undefined): boolean {
  if (names !== undefined) return true;
  const first = text.charCodeAt(start) | 32;
  return (end - start === 2 && first === 105) /* i */ || (end - start === 5 && first === 115); /* s */
}

/** Where the name of a tag ends, or of an attribute. */
export function nameEnd(text: string, start: number, stop: number = GREATER): number {
  let at = start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // Most characters of names are letters.
    if (code > GREATER) continue;
    if (code === GREATER || code === SLASH || code === stop || isSpace(code)) return at;
  }
  return at;
}

function spacesEnd(text: string, start: number): number {
  let at = start;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13 && code !== 11);
}
