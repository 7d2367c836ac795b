/** Where a piece of a script ends, and whether it does so only because the line or the script does. */
export interface LexemeEnd {
  readonly end: number;
  readonly isOpen: boolean;
}

const NAME_PART = new Uint8Array(0x80);
for (const part of '$_\\0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')
  NAME_PART[part.charCodeAt(0)] = 1;

/** What white space and comments begin with in ASCII, and a hashbang. */
const GAP_START = new Uint8Array(0x80);
for (const start of '\t\n\v\f\r #-/<') GAP_START[start.charCodeAt(0)] = 1;

/** White space beyond ASCII (ECMA-262 §12.2), without line terminators. */
const SPACE = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff]/;

/** Whether a name, a keyword or a private name may begin so. */
export function isNameStart(code: number): boolean {
  return code === 0x23 || (isNamePart(code) && !isDigit(code));
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isNamePart(code: number): boolean {
  // What is neither ASCII nor white space can only stand in names.
  return code < 0x80 ? NAME_PART[code] === 1 : !isLineEnd(code) && !isSpace(code);
}

function isSpace(code: number): boolean {
  return code < 0x80
    ? code === 0x20 || (code >= 0x09 && code <= 0x0c)
    : SPACE.test(String.fromCharCode(code));
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x20_28 || code === 0x20_29;
}

function endOfLine(text: string, from: number, limit = text.length): number {
  let at = from;
  while (at < limit && !isLineEnd(text.charCodeAt(at))) at++;
  return at;
}

/** Whether white space or a comment may begin so. */
export function mayBeGap(code: number): boolean {
  return code < 0x80 ? GAP_START[code] === 1 : code >= 0x80;
}

/** The end of white space and comments, `<!--`, `-->` and a hashbang among them (ECMA-262 §12.4, §12.5, §B.1.1). */
export function endOfGap(
  text: string,
  from: number,
  isStart: boolean,
  isModule: boolean,
): LexemeEnd & { readonly hasLineBreak: boolean } {
  let at = isStart && text.startsWith('#!') ? endOfLine(text, 2) : from;
  let hasLineBreak = false;
  let isOpen = false;
  for (; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === 0x20) at += 1;
    else if (isLineEnd(code)) {
      hasLineBreak = true;
      at += 1;
    } else if (isSpace(code)) at += 1;
    else if (!mayBeGap(code)) break;
    else if (text.startsWith('//', at)) at = endOfLine(text, at);
    else if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2);
      isOpen = close === -1;
      const end = isOpen ? text.length : close + 2;
      hasLineBreak ||= endOfLine(text, at, end) < end;
      at = end;
    } else if (!isModule && text.startsWith('<!--', at)) at = endOfLine(text, at);
    else if ((hasLineBreak || isStart) && text.startsWith('-->', at)) at = endOfLine(text, at);
    else break;
  }
  return { end: at, isOpen, hasLineBreak };
}

export function endOfName(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    if (isNamePart(text.charCodeAt(at))) continue;
    // \u{61}
    if (text.charCodeAt(at) !== 0x7b || text.charCodeAt(at - 1) !== 0x75 || !text.endsWith('\\u', at)) break;
    while (at + 1 < text.length && isNamePart(text.charCodeAt(at + 1))) at++;
    if (text.charCodeAt(at + 1) === 0x7d) at++;
  }
  return at;
}

/** The end of a number; what follows it as a name does is taken for a part of it. */
export function endOfNumber(text: string, start: number): number {
  let mayHaveDot = !/[\dxob]/i.test(text.charAt(start + 1)) || text.charCodeAt(start) !== 0x30;
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isDot = code === 0x2e;
    const isSign = code === 0x2b || code === 0x2d;
    if (isDot ? !mayHaveDot : isSign ? !isExponent(text, start, at) : !isNamePart(code)) break;
    if (isDot) mayHaveDot = false;
  }
  return at;
}

/** Whether what ends before a sign is `1e` rather than `0xe`. */
function isExponent(text: string, start: number, sign: number): boolean {
  return (text.charCodeAt(sign - 1) | 0x20) === 0x65 && (text.charCodeAt(start + 1) | 0x20) !== 0x78;
}

/** The end of a string, which ends with its line if it has no other. */
export function endOfString(text: string, start: number): LexemeEnd {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return { end: at + 1, isOpen: false };
    if (code === 0x5c) at += text.startsWith('\r\n', at + 1) ? 2 : 1;
    else if (code === 0x0a || code === 0x0d) return { end: at, isOpen: true };
  }
  return { end: text.length, isOpen: true };
}

/** The end of a regular expression with its flags, or of the line. */
export function endOfPattern(text: string, start: number): LexemeEnd {
  let isInClass = false;
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isLineEnd(code)) return { end: at, isOpen: true };
    if (code === 0x5c && !isLineEnd(text.charCodeAt(at + 1))) at++;
    else if (code === 0x5b) isInClass = true;
    else if (code === 0x5d) isInClass = false;
    else if (code === 0x2f && !isInClass) return { end: endOfName(text, at), isOpen: false };
  }
  return { end: text.length, isOpen: true };
}

/** The end of a template, or of what stands before its next substitution. */
export function endOfTemplate(text: string, start: number): LexemeEnd & { readonly isSubstitution: boolean } {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x60) return { end: at + 1, isOpen: false, isSubstitution: false };
    else if (code === 0x24 && text.charCodeAt(at + 1) === 0x7b)
      return { end: at + 2, isOpen: false, isSubstitution: true };
  }
  return { end: text.length, isOpen: true, isSubstitution: false };
}

/** The end of a punctuator. Of operators, whose parts mean no more than they do, a part is enough. */
export function endOfMark(text: string, start: number): number {
  const first = text.charCodeAt(start);
  const second = text.charCodeAt(start + 1);
  switch (first) {
    case 0x2e: // .
      return second === first && text.charCodeAt(start + 2) === first ? start + 3 : start + 1;
    case 0x2b: // +
    case 0x2d: // -
      return second === first ? start + 2 : start + 1;
    case 0x3d: // =
      return second === 0x3e ? start + 2 : start + 1;
    case 0x3f: // ?
      return second === first || (second === 0x2e && !isDigit(text.charCodeAt(start + 2)))
        ? start + 2
        : start + 1;
    default:
      return start + 1;
  }
}
