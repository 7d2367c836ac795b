import { type Reference, unread } from '../reference.ts';
import { type Call, type Callee, readCall } from './calls.ts';
import { lastHintIn } from './hints.ts';
import { literalValue } from './literal.ts';
import { ScriptScanner } from './scanner.ts';
import { TokenList } from './tokens.ts';
import { TokenTrail } from './token-trail.ts';

/** How many tokens behind its first a call's parenthesis stands at most: `import.meta.resolve(`. */
const LONGEST_CALLEE = 5;

/**
 * Finds what a script refers to: static and dynamic `import` with a literal, a template or a choice of both, `export …
 * from`, `new URL('…', import.meta.url)`, `URL.parse('…', import.meta.url)`, `import.meta.resolve('…')`, `importScripts` of a
 * worker, and `new Worker('…')`; besides the URLs of these that are computed. A script that no browser could read has the reference `unread`, besides those found.
 * It is read up to the last of them.
 */
export function findScriptReferences(text: string): Reference[] {
  const last = lastHintIn(text);
  if (last === undefined) return [];
  const references: Reference[] = [];
  const scanner = new ScriptScanner(text);
  const trail = new TokenTrail(text);
  const calls: Call[] = [];
  /** The tokens within calls. */
  const list = new TokenList();
  let around: Call | undefined;
  let rest = LONGEST_CALLEE;
  while (scanner.next()) {
    const { type, start, end, depth } = scanner;
    if (around !== undefined && depth < around.depth) {
      for (const each of readCall(text, around, list.tokens)) references.push(each);
      calls.pop();
      around = calls.at(-1);
    }
    if (around !== undefined) list.add(scanner);
    if (type === 'string' && trail.isImporting()) {
      const specifier = literalValue(text.slice(start, end));
      if (specifier !== undefined) references.push({ kind: 'import', specifier, offset: start + 1 });
    }
    const found = type === 'punctuator' && text[start] === '(' ? trail.callee() : undefined;
    if (found !== undefined) {
      if (around === undefined) list.clear(scanner);
      around = newCall(found, depth, list.tokens.length, around);
      calls.push(around);
    }
    trail.add(type, start, end);
    if (start > last && around === undefined && --rest === 0) break;
  }
  const { brokenAt } = scanner;
  if (brokenAt !== undefined) references.push(unread('JavaScript', brokenAt));
  return references.toSorted((a, b) => a.offset - b.offset);
}

function newCall(
  { callee, start }: { readonly callee: Callee; readonly start: number },
  depth: number,
  from: number,
  around: Call | undefined,
): Call {
  const loader = around?.callee === 'import' ? around : around?.loader;
  return { callee, start, depth, from, loader, addresses: [] };
}
