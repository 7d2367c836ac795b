import type { ReferenceKind } from '../reference.ts';
import { isMark, literalAt, type ScriptToken } from './tokens.ts';

/** One of the values that the argument of an `import()` may have. */
export interface ImportOperand {
  /** Of what a template leaves open, the specifier has `*`; of what cannot be read it is the code itself. */
  readonly kind: Extract<ReferenceKind, 'dynamic-import' | 'import-glob' | 'unknown-import'>;
  readonly specifier: string;
  /** Where it stands in the script. */
  readonly start: number;
  readonly end: number;
}

/** What is nested deeper is not read: no choice of names is. */
const DEEPEST = 100;

/**
 * Reads what an `import()` may load: a string or a template, those that a conditional chooses from, and conditionals in
 * conditionals, each in parentheses or not.
 */
export function readImportArgument(
  text: string,
  tokens: readonly ScriptToken[],
  first: number,
  end: number,
): ImportOperand[] {
  const operands: ImportOperand[] = [];
  let depth = 0;

  /** Reads one expression, which ends where it is said to, or is none of those that can be read. */
  const readWhole = (from: number, to: number): void => {
    if (from >= to) return;
    const before = operands.length;
    depth += 1;
    const isRead = depth < DEEPEST && readChoice(from, to) === to;
    depth -= 1;
    if (isRead) return;
    operands.length = before;
    add(from, to);
  };

  /** Reads a conditional or a single operand. Returns where it ends: at a `:`, a `,` or the end of all. */
  const readChoice = (start: number, to: number): number => {
    let from = start;
    let at = start;
    while (at < to) {
      const token = tokens[at];
      if (isMark(text, token, '?')) {
        depth += 1;
        const colon = depth < DEEPEST ? readChoice(at + 1, to) : to;
        depth -= 1;
        if (!isMark(text, tokens[colon], ':')) return -1;
        from = colon + 1;
        at = from;
      } else if (isMark(text, token, ':') || isMark(text, token, ',')) break;
      else at = token?.next ?? to;
    }
    const isGroup = isMark(text, tokens[from], '(') && tokens[from]?.next === at;
    if (isGroup) readWhole(from + 1, at - 1);
    else add(from, at);
    return at;
  };

  const add = (from: number, to: number): void => {
    const [token, last] = [tokens[from], tokens[to - 1]];
    // What is no JavaScript is told of elsewhere.
    if (token === undefined || last === undefined || from >= to) return;
    const { start } = token;
    const specifier = literalAt(text, tokens, from, to);
    const isTemplate = token.type === 'template' && to > from + 1;
    // With nothing known at its start it may lead anywhere.
    if (specifier === undefined || (isTemplate && specifier.startsWith('*')))
      operands.push({
        kind: 'unknown-import',
        specifier: text.slice(start, last.end),
        start,
        end: last.end,
      });
    else
      operands.push({
        kind: isTemplate ? 'import-glob' : 'dynamic-import',
        specifier,
        start,
        end: last.end,
      });
  };

  readWhole(first, end);
  return operands;
}
