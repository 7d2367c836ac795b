import { isPlainObject } from '../../core/text.ts';
import { jsonErrorOffset, stringMembers } from './json-text.ts';
import { type Reference, unread } from './reference.ts';

/**
 * Finds what an import map in a document maps names to (HTML Living Standard §8.1.5.3): the values of its `imports`, and
 * of each of its `scopes`.
 */
export function findInlineImportMapReferences(text: string): Reference[] {
  let map: unknown;
  try {
    map = JSON.parse(text);
  } catch (error) {
    return [unread('import map', jsonErrorOffset(text, error))];
  }
  if (!isPlainObject(map)) return [];
  const { imports, scopes } = map;
  const tables = [imports, ...(isPlainObject(scopes) ? Object.values(scopes) : [])].filter(isPlainObject);
  const targets = new Set(tables.flatMap((table) => Object.values(table)));
  const references = new Map<string, Reference>();
  for (const { value: specifier, offset } of stringMembers(text)) {
    // A browser ignores what is no URL.
    if (!targets.has(specifier) || references.has(specifier) || !/^\.{0,2}\//.test(specifier)) continue;
    references.set(specifier, { kind: specifier.endsWith('/') ? 'folder' : 'resource', specifier, offset });
  }
  return [...references.values()];
}
