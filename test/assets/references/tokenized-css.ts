import type { ExecutionContext } from 'ava';
import { tokenize, TokenType } from '@csstools/css-tokenizer';
import fc from '../../helpers/fast-check.ts';
import { findCssReferences } from '../../../src/assets/references/css.ts';
import { leadsNowhere } from '../../../src/assets/references/reference.ts';

const FUNCTIONS: ReadonlySet<string> = new Set(['url', 'src', 'image-set', '-webkit-image-set']);

/** What a stylesheet refers to by all of its tokens: slow, and plainly right. */
export function referencesByTokens(css: string): string[] {
  const found: string[] = [];
  let open: string[] = [];
  let atRule = '';
  const add = (specifier: string): void => {
    if (atRule === 'namespace' || atRule === 'condition') return;
    if (!/^[\0- ]*data:/i.test(specifier)) found.push(specifier);
    if (atRule === 'import') atRule = 'condition';
  };
  for (const [type, , , , detail] of tokenize({ css })) {
    if (type === TokenType.AtKeyword) {
      const name = detail.value.toLowerCase();
      if (atRule !== 'condition' || name === 'import' || name === 'namespace') atRule = name;
    } else if (
      type === TokenType.Semicolon ||
      type === TokenType.OpenCurly ||
      type === TokenType.CloseCurly
    ) {
      atRule = '';
      open = [];
    } else if (type === TokenType.Function) open.push(detail.value.toLowerCase());
    else if (type === TokenType.OpenParen) open.push('(');
    else if (type === TokenType.BadString) {
      if (open.length > 0) open[open.length - 1] = '';
      else if (atRule === 'import') atRule = 'condition';
    } else if (type === TokenType.CloseParen) open.pop();
    else if (type === TokenType.URL) add(detail.value);
    else if (type === TokenType.String) {
      const inside = open.at(-1);
      if (inside === undefined ? atRule === 'import' : FUNCTIONS.has(inside)) add(detail.value);
      if (inside === 'url' || inside === 'src') open[open.length - 1] = '';
    }
  }
  return found;
}

/** Pieces of which nearly every meeting is a special case; at-rules start where they may. */
const PIECES = [
  'url(', 'URL(', 'src(', 'image-set(', 'format(', '(', ')', '"', "'", '"a.png"', "'b.png'", 'c.png', 'url(d.png)',
  'url("e.png")', '\n;@import', '\n;@import ', '\n}@\\69mport ', '\n{@namespace ', '\n;@media ', '#', ';', '{', '}', '/*', '*/', '/', '\\',
  '\\75', '\\75 ', '\\72', 'rl(', 'u', 'r', 'l', '\n', '\r\n', '\f', '\t', ' ', ',', '-', '--x:', '5', '%',
  'é', 'data:,x', '\\)', '\\"', '\\\n', '\0',
]; // prettier-ignore

/** Compares what is found in stylesheets put together at random with all of their tokens. */
export function compareWithTokens(t: ExecutionContext, numRuns: number): void {
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, (css) => {
      t.deepEqual(
        actual(css),
        referencesByTokens(css).filter((each) => !leadsNowhere(each)),
        JSON.stringify(css),
      );
    }),
    { numRuns },
  );
}

/** What is found in a stylesheet. */
export function actual(css: string): string[] {
  return findCssReferences(css)
    .map(({ specifier }) => specifier)
    .filter((each) => !leadsNowhere(each));
}
