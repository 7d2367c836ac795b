import { tokenizer, TokenType, type CSSToken } from '@csstools/css-tokenizer';
import { scanStylesheet, type StylePiece } from './css-scanner.ts';
import type { Reference, ReferenceKind } from './reference.ts';
import { findSourceMap } from './source-map.ts';

/** A stylesheet without one of these refers to nothing. */
const MAY_REFER = /[@(\\]/;
/** `url(…)` as nearly all are: nothing escaped, nothing behind the URL. */
const PLAIN_URL =
  /^url\([ \t\n\r\f]*(?:"([^"\\\n\r\f]*)"|'([^'\\\n\r\f]*)'|([!#-&*-[\]-~\u0080-\uffff]+))[ \t\n\r\f]*\)$/i;

/**
 * Finds what a stylesheet refers to, as browsers tokenize it (CSS Syntax Level 3): `url()`, `src()`, `@import` and
 * `image-set()`, not in comments and not in `@namespace`.
 *
 * Broken CSS is read as browsers read it: a URL that is none to them is no reference.
 */
export function findCssReferences(text: string): Reference[] {
  const references: Reference[] = [];
  if (MAY_REFER.test(text)) scanStylesheet(text, (piece) => readPiece(piece, references));
  return references;
}

function readPiece({ text, offset, isCustom }: StylePiece, references: Reference[]): void {
  const plain = PLAIN_URL.exec(text);
  const specifier = plain?.[1] ?? plain?.[2] ?? plain?.[3];
  if (specifier !== undefined) {
    references.push({ kind: isCustom ? 'custom-property' : 'resource', specifier, offset });
    return;
  }
  const read = createReader(offset, isCustom ? 'custom-property' : 'resource', references);
  const { nextToken, endOfFile } = tokenizer({ css: text });
  while (!endOfFile()) read(nextToken());
}

/** The functions in which a text stands for a URL. */
const FUNCTIONS: ReadonlySet<string> = new Set(['url', 'src', 'image-set', '-webkit-image-set']);

function createReader(
  offset: number,
  kind: 'resource' | 'custom-property',
  references: Reference[],
): (token: CSSToken) => void {
  /** The open functions and brackets; a text counts by the innermost. */
  const open: string[] = [];
  let next: ReferenceKind | 'condition' = kind;

  const add = (specifier: string, start: number): void => {
    if (next === 'condition') return;
    references.push({ kind: next, specifier, offset: offset + start });
    // What follows in the prelude of an import is a condition: layer(), supports(), media.
    if (next === 'style-import') next = 'condition';
  };

  return ([type, , start, , detail]) => {
    switch (type) {
      case TokenType.AtKeyword:
        next = 'style-import';
        return;
      case TokenType.Function:
        open.push(detail.value.toLowerCase());
        return;
      case TokenType.OpenParen:
        open.push('(');
        return;
      case TokenType.CloseParen:
        open.pop();
        return;
      case TokenType.BadString:
        // What follows in the function, or the import, does not mend it.
        if (open.length > 0) open[open.length - 1] = '';
        else if (next === 'style-import') next = 'condition';
        return;
      case TokenType.URL:
        add(detail.value, start);
        return;
      case TokenType.String: {
        const inside = open.at(-1);
        if (inside === undefined ? next === 'style-import' : FUNCTIONS.has(inside)) add(detail.value, start);
        // What follows the URL of a url() or src() are its modifiers.
        if (inside === 'url' || inside === 'src') open[open.length - 1] = '';
        return;
      }
      default:
    }
  };
}

/** The source map of a stylesheet, named in its last comment. */
export function findCssSourceMap(text: string): Reference | undefined {
  return findSourceMap(text, /\/\*[#@][ \t]*sourceMappingURL=([^\s*'"]+)[ \t]*\*\/\s*$/);
}
