import { tokenize, TokenType } from '@csstools/css-tokenizer';

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
