import { type Reference, unread } from './reference.ts';
import { type Call, type Callee, readCall } from './script-calls.ts';
import { literalValue } from './script-literal.ts';
import { ScriptScanner } from './script-scanner.ts';
import { TokenList } from './script-tokens.ts';
import { TokenTrail } from './token-trail.ts';

const MAY_REFER = /\bimport|Worker\s*\(/;

/** Most scripts that are no modules refer to nothing, and are not read. */
function mayRefer(text: string): boolean {
  return MAY_REFER.test(text) || (/\bexport\b/.test(text) && /\bfrom\b/.test(text));
}

/**
 * Finds what a script refers to: static and dynamic `import` with a literal, a template or a choice of both, `export …
 * from`, `new URL('…', import.meta.url)`, `URL.parse('…', import.meta.url)`, `import.meta.resolve('…')`, `importScripts` of a
 * worker, and `new Worker('…')`; besides the URLs of these that are computed. A script that no browser could read has the reference `unread`, besides those found.
 */
export function findScriptReferences(text: string): Reference[] {
  if (!mayRefer(text)) return [];
  const references: Reference[] = [];
  const scanner = new ScriptScanner(text);
  const trail = new TokenTrail(text);
  const calls: Call[] = [];
  /** The tokens within calls. */
  const list = new TokenList();
  while (scanner.next()) {
    const { type, start, end, depth } = scanner;
    let around = calls.at(-1);
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
      calls.push(newCall(found, depth, list.tokens.length, around));
    }
    trail.add(type, start, end);
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
