import { escapedName } from './css-name.ts';

/** Where the parts of a stylesheet end (CSS Syntax Level 3 §4), as offsets behind their last character. */

const [TAB, LINE_FEED, FORM_FEED, RETURN, SPACE] = [0x09, 0x0a, 0x0c, 0x0d, 0x20];
const [QUOTE, APOSTROPHE, OPEN, CLOSE, STAR, SLASH] = [0x22, 0x27, 0x28, 0x29, 0x2a, 0x2f];
const [SEMICOLON, BACKSLASH, OPEN_CURLY, CLOSE_CURLY] = [0x3b, 0x5c, 0x7b, 0x7d];

const URL_BEFORE = /(?<![-\w\0\u0080-\uffff@#])url$/i;
const ESCAPE = /\\(?:[0-9a-f]{1,6}(?:\r\n|[ \t\n\r\f])?|\r\n|[^])/iy;
const QUOTED = /[ \t\n\r\f]*["']/y;

/** The end of a comment that starts at an offset; an open one lasts to the end of the file. */
export function commentEnd(text: string, start: number): number {
  const end = text.indexOf('*/', start + 2);
  return end === -1 ? text.length : end + 2;
}

/** The end of the white space and comments that start at an offset. */
export function gapEnd(text: string, start: number): number {
  for (let at = start; ;) {
    switch (text.charCodeAt(at)) {
      case TAB:
      case LINE_FEED:
      case FORM_FEED:
      case RETURN:
      case SPACE:
        at += 1;
        break;
      case SLASH:
        if (text.charCodeAt(at + 1) !== STAR) return at;
        at = commentEnd(text, at);
        break;
      default:
        return at;
    }
  }
}

/** The end of a quoted text; an open one ends with its line. */
export function stringEnd(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === quote) return at + 1;
    if (character === BACKSLASH) at = escapeEnd(text, at) - 1;
    else if (character === LINE_FEED || character === RETURN || character === FORM_FEED) return at;
  }
  return text.length;
}

/** A line break may belong to an escape: alone, or behind its digits. */
function escapeEnd(text: string, backslash: number): number {
  ESCAPE.lastIndex = backslash;
  ESCAPE.test(text);
  return Math.max(ESCAPE.lastIndex, backslash + 1);
}

/** The end of a function, by its opening parenthesis; one that is not closed ends with its declaration. */
export function functionEnd(text: string, name: string, open: number): number {
  return isUnquotedUrl(text, name.toLowerCase() === 'url', open)
    ? unquotedEnd(text, open + 1)
    : nestedEnd(text, open, 0);
}

/** The end of an at-rule's prelude: behind its semicolon, or before its block. */
export function preludeEnd(text: string, start: number): number {
  return nestedEnd(text, start, Infinity);
}

/** Walks to where as many parentheses are closed as were opened, or to the end of the statement. */
function nestedEnd(text: string, start: number, openBefore: number): number {
  let depth = openBefore;
  for (let at = start; at < text.length;) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
      case APOSTROPHE:
        at = stringEnd(text, at);
        continue;
      case BACKSLASH: {
        const { name, start: nameStart, end } = escapedName(text, at);
        at = end;
        if (text.charCodeAt(end) !== OPEN) continue;
        const isUrl = name.toLowerCase() === 'url' && !/[@#]/.test(text.charAt(nameStart - 1));
        if (isUnquotedUrl(text, isUrl, end)) {
          at = unquotedEnd(text, end + 1);
          continue;
        }
        depth += 1;
        break;
      }
      case SLASH:
        at = text.charCodeAt(at + 1) === STAR ? commentEnd(text, at) : at + 1;
        continue;
      case OPEN:
        if (at > start && isUnquotedUrl(text, URL_BEFORE.test(text.slice(Math.max(0, at - 4), at)), at)) {
          at = unquotedEnd(text, at + 1);
          continue;
        }
        depth += 1;
        break;
      case CLOSE:
        depth -= 1;
        if (depth === 0) return at + 1;
        break;
      case SEMICOLON:
        return at + 1;
      case OPEN_CURLY:
      case CLOSE_CURLY:
        return at;
      default:
    }
    at += 1;
  }
  return text.length;
}

/** Whether a parenthesis opens a URL without quotes, in which nothing nests. */
function isUnquotedUrl(text: string, isUrl: boolean, open: number): boolean {
  QUOTED.lastIndex = open + 1;
  return isUrl && !QUOTED.test(text);
}

function unquotedEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === CLOSE) return at + 1;
    if (character === BACKSLASH) at += 1;
  }
  return text.length;
}
