import type { Reference } from './reference.ts';

/** Comments that name a source map stand at the end (ECMA-426 §11.1.2.1: only the last lines count). */
const TAIL_LENGTH = 4096;

/** The source map of a stylesheet, named in its last comment. */
export function findCssSourceMap(text: string): Reference | undefined {
  return findSourceMap(text, /\/\*[#@][ \t]*sourceMappingURL=([^\s*'"]+)[ \t]*\*\/\s*$/);
}

/** The source map of a script, named in its last comment. */
export function findScriptSourceMap(text: string): Reference | undefined {
  return findSourceMap(text, /\/[/*][#@][ \t]*sourceMappingURL=([^\s*'"]+)[ \t]*(?:\*\/)?\s*$/);
}

function findSourceMap(text: string, comment: RegExp): Reference | undefined {
  const start = Math.max(0, text.length - TAIL_LENGTH);
  const tail = text.slice(start);
  const match = tail.includes('sourceMappingURL') ? comment.exec(tail) : null;
  const specifier = match?.[1];
  if (match === null || specifier === undefined) return undefined;
  return { kind: 'source-map', specifier, offset: start + match.index };
}
