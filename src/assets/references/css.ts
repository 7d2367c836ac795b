import { tokenizer, TokenType } from '@csstools/css-tokenizer';
import { type Reference, uncertain } from './reference.ts';

/** The functions in which a string stands for a URL. */
const FUNCTIONS: ReadonlySet<string> = new Set(['url', 'src', 'image-set', '-webkit-image-set']);

/** Strings without escapes but one at their start, as icon fonts have. One that is not closed ends with its line. */
const ICON = String.raw`(?:\\[0-9a-f]{1,6}(?![\s0-9a-f]))?`;
const STRING = String.raw`"${ICON}[^"\\\n\r\f]*(?:["\n\r\f]|$)|'${ICON}[^'\\\n\r\f]*(?:['\n\r\f]|$)`;
const SPACE = String.raw`[ \t\n\r\f]*`;
/** `data:` URLs, which are most bytes of some stylesheets. */
const DATA_URL = String.raw`(?<![-\w\0\u0080-\uffff@#])url\(${SPACE}(?:"data:[^"\\\n\r\f]*"|'data:[^'\\\n\r\f]*'|data:[^"'()\\\0- \x7f]*)${SPACE}\)`;
/** Properties of old browsers. */
const OLD_PROPERTIES: ReadonlySet<string> = new Set(['behavior', '-ms-behavior', '-moz-binding']);

/** Comments, strings and `data:` URLs are passed over; else the end of a statement, or a sign that it may refer to something. */
const PIECE = new RegExp(
  String.raw`(\/\*[^]*?(?:\*\/|$)|${STRING}|${DATA_URL})|([;{}])|["'\\]|(?:url|src|image-set)\(|@import|@namespace`,
  'gi',
);

/**
 * Finds what a stylesheet refers to, as browsers tokenize it (CSS Syntax Level 3): `url()`, `src()`, `@import` and
 * `image-set()`, not in comments and not in `@namespace`.
 *
 * Broken CSS is read as browsers read it: a URL that is none to them is no reference. Only statements that may refer to
 * something are tokenized, which takes many times longer than to look for them. Names may be escaped (`\75rl(…)`), so a
 * backslash is such a sign too.
 */
export function findCssReferences(text: string): Reference[] {
  const references: Reference[] = [];
  let statement = 0;
  let mayImport = true;
  PIECE.lastIndex = 0;
  for (let piece = PIECE.exec(text); piece !== null; piece = PIECE.exec(text)) {
    const [, passed, end] = piece;
    if (passed !== undefined) continue;
    if (end === undefined) {
      const { end: next, isNamespace } = readStatement(text, statement, mayImport, references);
      PIECE.lastIndex = next;
      mayImport &&= !isNamespace;
    }
    statement = PIECE.lastIndex;
    // Behind the first block, even one that a browser drops, an @import counts for nothing.
    mayImport &&= text[statement - 1] !== '{';
  }
  return references;
}

/** Adds the references of one statement: a declaration, a selector or the prelude of an at-rule. */
function readStatement(
  text: string,
  statement: number,
  mayImport: boolean,
  references: Reference[],
): { readonly end: number; readonly isNamespace: boolean } {
  /** The open functions and parentheses; a string counts by the innermost. */
  const open: string[] = [];
  /** The property, once its colon has been read. */
  let property: string | undefined;
  let first: string | undefined;
  let count = 0;
  let isNamespace = false;
  let rule: string | undefined;
  const add = (specifier: string, offset: number): void => {
    if (rule === 'namespace' || rule === 'condition') return;
    const isCustom = property?.startsWith('--') === true;
    const kind = rule === 'import' ? 'style-import' : isCustom ? 'custom-property' : 'resource';
    const reference: Reference = { kind, specifier, offset: statement + offset };
    const isFetched = rule === 'import' ? mayImport : property !== undefined && !OLD_PROPERTIES.has(property);
    references.push(isFetched ? reference : uncertain(reference));
    // What follows the URL of an import is a condition: layer(), supports(), media.
    if (rule === 'import') rule = 'condition';
  };

  const { nextToken, endOfFile } = tokenizer({ css: text.slice(statement) });
  while (!endOfFile()) {
    const token = nextToken();
    const [type, , start, last] = token;
    switch (type) {
      case TokenType.Semicolon:
      case TokenType.OpenCurly:
      case TokenType.CloseCurly:
        return { end: statement + last + 1, isNamespace };
      case TokenType.Whitespace:
      case TokenType.Comment:
        continue;
      case TokenType.Ident:
        if (count === 0) first = token[4].value.toLowerCase();
        break;
      case TokenType.Colon:
        // Whatever is no declaration is dropped by a browser.
        if (count === 1) property = first;
        break;
      case TokenType.AtKeyword: {
        const name = token[4].value.toLowerCase();
        isNamespace ||= name === 'namespace';
        if (rule !== 'condition' || name === 'import' || name === 'namespace') rule = name;
        break;
      }
      case TokenType.Function:
        open.push(token[4].value.toLowerCase());
        break;
      case TokenType.OpenParen:
        open.push('(');
        break;
      case TokenType.CloseParen:
        open.pop();
        break;
      case TokenType.BadString:
        // What follows in the function, or the import, does not mend it.
        if (open.length > 0) open[open.length - 1] = '';
        else if (rule === 'import') rule = 'condition';
        break;
      case TokenType.URL:
        add(token[4].value, start);
        break;
      case TokenType.String: {
        const inside = open.at(-1);
        if (inside === undefined ? rule === 'import' : FUNCTIONS.has(inside)) add(token[4].value, start);
        // What follows the URL of a url() or src() are its modifiers.
        if (inside === 'url' || inside === 'src') open[open.length - 1] = '';
        break;
      }
      default:
    }
    count += 1;
  }
  return { end: text.length, isNamespace };
}
