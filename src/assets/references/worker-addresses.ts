import { significantTokens, STRINGS } from './import-calls.ts';
import type { Reference } from './reference.ts';
import { literalValue } from './script-literal.ts';

/** Scripts that know of no worker are most; only a literal is worth the tokens. */
const MAY_START = /Worker\s*\(\s*(?:["'`]|\/[/*])/;
const WORKERS: ReadonlySet<string> = new Set(['Worker', 'SharedWorker']);
const GLOBALS: ReadonlySet<string> = new Set(['globalThis', 'self', 'window']);

/**
 * Finds the literals in `new Worker('w.js')` and `new SharedWorker('w.js')`. A browser resolves them against the page or
 * the worker that runs the script (HTML Living Standard §10.2.6.3), not against the script.
 */
export function findWorkerAddresses(text: string): Reference[] {
  if (!MAY_START.test(text)) return [];
  const references: Reference[] = [];
  let before: string[] = [];
  for (const { type, value, start } of significantTokens(text)) {
    const specifier = STRINGS.has(type) && startsWorker(before) ? literalValue(value) : undefined;
    if (specifier !== undefined) references.push({ kind: 'worker-address', specifier, offset: start });
    before = [...before.slice(-4), value];
  }
  return references;
}

/** @param before - the tokens before a string, five at most: `new self.Worker(` */
function startsWorker(before: readonly string[]): boolean {
  const [bracket, name = '', ...rest] = before.toReversed();
  if (bracket !== '(' || !WORKERS.has(name)) return false;
  const [first, second = '', third] = rest;
  return first === 'new' || (first === '.' && GLOBALS.has(second) && third === 'new');
}
