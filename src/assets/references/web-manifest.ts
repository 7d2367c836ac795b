import { isPlainObject } from '../../core/text.ts';
import { type Reference, unread } from './reference.ts';

/**
 * Finds the images of a web app manifest (W3C Web Application Manifest §1.11, image resources): `src` of its icons and
 * screenshots, and of the icons of its shortcuts.
 */
export function findWebManifestReferences(text: string): Reference[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (error) {
    return [unread('JSON', errorOffset(text, String(error)))];
  }
  if (!isPlainObject(manifest)) return [];
  const { icons, screenshots, shortcuts } = manifest;
  const lists = [icons, screenshots, ...objectsIn(shortcuts).map((shortcut) => shortcut['icons'])];
  const specifiers = lists
    .flatMap(objectsIn)
    .map(({ src }) => src)
    .filter((src) => typeof src === 'string');
  if (specifiers.length === 0) return [];
  const offsets = offsetsOfSources(text);
  return specifiers.map((specifier) => ({
    kind: 'resource',
    specifier,
    offset: offsets.get(specifier) ?? 0,
  }));
}

function objectsIn(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list.filter(isPlainObject) : [];
}

/** Where each value of a `src` first stands, which the parser does not tell. */
function offsetsOfSources(text: string): Map<string, number> {
  const offsets = new Map<string, number>();
  for (const { 0: all, 1: literal = '', index } of text.matchAll(/"src"\s*:\s*("(?:[^"\\]+|\\.)*")/g)) {
    const value: string = JSON.parse(literal);
    if (!offsets.has(value)) offsets.set(value, index + all.length - literal.length);
  }
  return offsets;
}

/** As the parser's message tells it: by position, by what stands around it, or else it is the end. */
function errorOffset(text: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  const excerpt = /"([^]*)"(?:\.\.\.)? is not valid JSON/.exec(message)?.[1];
  return excerpt === undefined ? text.length : Math.max(0, text.indexOf(excerpt));
}
