import { escapedName } from './css-name.ts';
import { commentEnd, functionEnd, gapEnd, preludeEnd, stringEnd } from './css-extents.ts';

/** A part of a stylesheet that may refer to something, still to be tokenized. */
export interface StylePiece {
  /** From the name of the function or the `@` of the at-rule to the end of either. */
  readonly text: string;
  readonly offset: number;
  /** Whether it stands in the value of a custom property. */
  readonly isCustom: boolean;
}

const [QUOTE, APOSTROPHE, OPEN, STAR, SLASH, AT, BACKSLASH] = [0x22, 0x27, 0x28, 0x2a, 0x2f, 0x40, 0x5c];
const [SEMICOLON, OPEN_CURLY, CLOSE_CURLY] = [0x3b, 0x7b, 0x7d];

const AT_RULE = /@(import|namespace)(?![-\w\0\u0080-\uffff]|\\[^\n\r\f])/iy;
const FUNCTION = /(?<![-\w\0\u0080-\uffff@#])(?:url|src|(?:-webkit-)?image-set)$/i;
const WHOLE_FUNCTION = /^(?:url|src|(?:-webkit-)?image-set)$/i;
const LONGEST_FUNCTION = '-webkit-image-set'.length + 1;
const DATA_URL = /[ \t\n\r\f]*(["']?)data:/iy;
const END = /[ \t\n\r\f]*\)/y;

/**
 * Finds the parts of a stylesheet that may refer to something: `url(…)`, `src(…)`, `image-set(…)` and `@import …;`. It
 * walks over all else, comments and texts and `@namespace` included, many times faster than a tokenizer makes tokens
 * of it; and over `data:` URLs, which are most bytes of some stylesheets.
 */
export function scanStylesheet(text: string, found: (piece: StylePiece) => void): void {
  let statement = 0;
  /** Known once it has been asked for, as what stands before the value may be long. */
  let isCustom: boolean | undefined;
  for (let at = 0; at < text.length;) {
    switch (text.charCodeAt(at)) {
      case SLASH:
        at = text.charCodeAt(at + 1) === STAR ? commentEnd(text, at) : at + 1;
        break;
      case QUOTE:
      case APOSTROPHE:
        at = stringEnd(text, at);
        break;
      case OPEN: {
        const name = FUNCTION.exec(text.slice(Math.max(0, at - LONGEST_FUNCTION), at))?.[0];
        at = name === undefined ? at + 1 : readFunction(name, at - name.length, at);
        break;
      }
      case AT: {
        AT_RULE.lastIndex = at;
        const rule = AT_RULE.exec(text)?.[1];
        at = rule === undefined ? at + 1 : readAtRule(rule, at);
        break;
      }
      case BACKSLASH:
        at = readEscapedName(at);
        break;
      case SEMICOLON:
      case OPEN_CURLY:
      case CLOSE_CURLY:
        at += 1;
        beginStatement(at);
        break;
      default:
        at += 1;
    }
  }

  function readFunction(name: string, start: number, open: number): number {
    const data = dataUrlEnd(name, open);
    if (data !== undefined) return data;
    const end = functionEnd(text, name, open);
    isCustom ??= text.startsWith('--', gapEnd(text, statement));
    found({ text: text.slice(start, end), offset: start, isCustom });
    return end;
  }

  function beginStatement(start: number): void {
    statement = start;
    isCustom = undefined;
  }

  /** The end of a `url()` that holds a `data:` URL and nothing else. */
  function dataUrlEnd(name: string, open: number): number | undefined {
    DATA_URL.lastIndex = open + 1;
    const data = name.toLowerCase() === 'url' ? DATA_URL.exec(text) : null;
    if (data === null) return undefined;
    if (data[1] === '') return functionEnd(text, name, open);
    END.lastIndex = stringEnd(text, DATA_URL.lastIndex - `"data:`.length);
    return END.test(text) ? END.lastIndex : undefined;
  }

  function readAtRule(rule: string, start: number): number {
    const end = preludeEnd(text, start);
    if (rule.toLowerCase() === 'import')
      found({ text: text.slice(start, end), offset: start, isCustom: false });
    beginStatement(end);
    return end;
  }

  /** `\75rl(…)` is `url(…)`, and `@\69mport` is `@import`. */
  function readEscapedName(backslash: number): number {
    const { name, start, end } = escapedName(text, backslash);
    const before = text.charAt(start - 1);
    if (before === '@' && /^(?:import|namespace)$/i.test(name)) return readAtRule(name, start - 1);
    if (text.charCodeAt(end) !== OPEN) return end;
    // Past the parenthesis, before which its last letters would look like a name of their own.
    return before !== '@' && before !== '#' && WHOLE_FUNCTION.test(name)
      ? readFunction(name, start, end)
      : end + 1;
  }
}
