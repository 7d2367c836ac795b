import jsTokens from 'js-tokens';
import type { Reference, ReferenceKind } from './reference.ts';
import { literalValue } from './script-literal.ts';

/** One of the values that the argument of an `import()` may have. */
export interface ImportOperand {
  /** Of what a template leaves open, the specifier has `*`; of what cannot be read it is the code itself. */
  readonly kind: Extract<ReferenceKind, 'dynamic-import' | 'import-glob' | 'unknown-import'>;
  readonly specifier: string;
  /** Where it stands in the argument. */
  readonly start: number;
  readonly end: number;
}

interface Token {
  readonly type: string;
  readonly value: string;
  readonly start: number;
  /** The index of the token behind the bracket that closes it; its own successor where it opens none. */
  next: number;
}

/** What is longer is not read: no list of names is that long. */
const LONGEST_ARGUMENT = 4096;

/**
 * Reads what an `import()` may load: a string or a template, those that a conditional chooses from, and conditionals in
 * conditionals, each in parentheses or not.
 */
export function readImportArgument(code: string): ImportOperand[] {
  if (code.length > LONGEST_ARGUMENT) return [unknown(code, 0, code.length)];
  const tokens = tokensOf(code);
  const operands: ImportOperand[] = [];
  const read = (from: number, to: number): void => {
    const [first, last] = [tokens[from], tokens[to - 1]];
    // What is no JavaScript is told of elsewhere.
    if (first === undefined || last === undefined || from >= to) return;
    if (first.value === '(' && first.next === to) return read(from + 1, to - 1);
    const [question, colon] = findConditional(tokens, from, to);
    if (question !== undefined && colon !== undefined) {
      read(question + 1, colon);
      return read(colon + 1, to);
    }
    operands.push(operandOf(code, first, first.next === to, last.start + last.value.length));
  };
  read(0, tokens.length);
  return operands;
}

function operandOf(code: string, { type, start }: Token, isAlone: boolean, end: number): ImportOperand {
  const isTemplate = type === 'TemplateHead';
  const specifier =
    isAlone && (STRINGS.has(type) || isTemplate) ? literalValue(code.slice(start, end)) : undefined;
  // With nothing known at its start it may lead anywhere.
  if (specifier === undefined || (isTemplate && specifier.startsWith('*'))) return unknown(code, start, end);
  return { kind: isTemplate ? 'import-glob' : 'dynamic-import', specifier, start, end };
}

function unknown(code: string, start: number, end: number): ImportOperand {
  return { kind: 'unknown-import', specifier: code.slice(start, end), start, end };
}

/** Where the outermost conditional of some code has its marks; of code that is a conditional and nothing more. */
function findConditional(tokens: readonly Token[], from: number, to: number): (number | undefined)[] {
  const marks: (number | undefined)[] = [];
  let open = 0;
  for (let at = from; at < to; at = tokens[at]?.next ?? to) {
    const value = tokens[at]?.value;
    if (value === ',') return [];
    if (value === '?') {
      marks[0] ??= at;
      open += 1;
    } else if (value === ':') {
      open -= 1;
      if (open === 0) marks[1] ??= at;
    }
  }
  return marks;
}

/** The types of the tokens that are strings without substitutions. */
export const STRINGS: ReadonlySet<string> = new Set(['StringLiteral', 'NoSubstitutionTemplate']);
const OPENING: ReadonlySet<string> = new Set(['(', '[', '{']);
const CLOSING: ReadonlySet<string> = new Set([')', ']', '}']);
const GAPS: ReadonlySet<string> = new Set([
  'WhiteSpace',
  'LineTerminatorSequence',
  'MultiLineComment',
  'SingleLineComment',
]);

/** The tokens of some code, each with the token behind its closing bracket. */
function tokensOf(code: string): Token[] {
  const tokens: Token[] = [];
  const open: Token[] = [];
  for (const { type, value, start } of significantTokens(code)) {
    const token = { type, value, start, next: tokens.length + 1 };
    tokens.push(token);
    const isPunctuator = type === 'Punctuator';
    if (type === 'TemplateHead' || (isPunctuator && OPENING.has(value))) open.push(token);
    else if (type === 'TemplateTail' || (isPunctuator && CLOSING.has(value))) {
      const opening = open.pop();
      if (opening !== undefined) opening.next = tokens.length;
    }
  }
  return tokens;
}

/** The tokens of some code without white space and comments. */
export function* significantTokens(code: string): Generator<Omit<Token, 'next'>> {
  let start = 0;
  for (const { type, value } of jsTokens(code)) {
    if (!GAPS.has(type)) yield { type, value, start };
    start += value.length;
  }
}

/** Most scripts that have the name compute what they import; only a literal is worth the tokens. */
const MAY_IMPORT = /\bimportScripts\s*\(\s*(?:["'`]|\/[/*])/;

/** Finds the literals in `importScripts('a.js', 'b.js')` of a classic worker, not in comments and strings. */
export function findImportedScripts(text: string): Reference[] {
  if (!MAY_IMPORT.test(text)) return [];
  const references: Reference[] = [];
  let isCalled = false;
  let previous = '';
  for (const { type, value, start } of significantTokens(text)) {
    const isString = STRINGS.has(type);
    isCalled = value === '(' ? previous === 'importScripts' : isCalled && (isString || value === ',');
    const specifier = isCalled && isString ? literalValue(value) : undefined;
    if (specifier !== undefined) references.push({ kind: 'resource', specifier, offset: start });
    previous = value;
  }
  return references;
}
