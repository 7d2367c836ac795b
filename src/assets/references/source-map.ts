import type { Reference } from './reference.ts';

/** Comments that name a source map stand at the end (ECMA-426 §11.1.2.1: only the last lines count). */
const TAIL_LENGTH = 4096;

/** Finds the comment that names a file's source map. */
export function findSourceMap(text: string, comment: RegExp): Reference | undefined {
  const start = Math.max(0, text.length - TAIL_LENGTH);
  const tail = text.slice(start);
  if (!tail.includes('sourceMappingURL')) return undefined;
  const match = comment.exec(tail);
  const specifier = match?.[1];
  if (match === null || specifier === undefined) return undefined;
  return { kind: 'source-map', specifier, offset: start + match.index };
}
