import { isPlainObject } from '../../core/text.ts';
import type { Reference } from './reference.ts';
import { SourceSyntaxError } from './source-text.ts';

/**
 * Finds the images of a web app manifest (W3C Web Application Manifest §1.11, image resources): `src` of its icons and
 * screenshots, and of the icons of its shortcuts.
 *
 * @throws {@link SourceSyntaxError}
 */
export function findWebManifestReferences(text: string): Reference[] {
  const manifest = parse(text);
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SourceSyntaxError('JSON', errorOffset(text, String(error)), { cause: error });
  }
}

/** As the parser's message tells it: by position, by what stands around it, or else it is the end. */
function errorOffset(text: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  const excerpt = /"([^]*)"(?:\.\.\.)? is not valid JSON/.exec(message)?.[1];
  return excerpt === undefined ? text.length : Math.max(0, text.indexOf(excerpt));
}
