import { isPlainObject } from '../../core/text.ts';
import { jsonErrorOffset, stringMembers } from './json-text.ts';
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
    return [unread('JSON', jsonErrorOffset(text, error))];
  }
  if (!isPlainObject(manifest)) return [];
  const { icons, screenshots, shortcuts } = manifest;
  const lists = [icons, screenshots, ...objectsIn(shortcuts).map((shortcut) => shortcut['icons'])];
  const specifiers = lists
    .flatMap(objectsIn)
    .map(({ src }) => src)
    .filter((src) => typeof src === 'string');
  if (specifiers.length === 0) return [];
  const offsets = new Map<string, number>();
  for (const { name, value, offset } of stringMembers(text))
    if (name === 'src' && !offsets.has(value)) offsets.set(value, offset);
  return specifiers.map((specifier) => ({
    kind: 'resource',
    specifier,
    offset: offsets.get(specifier) ?? 0,
  }));
}

function objectsIn(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list.filter(isPlainObject) : [];
}
