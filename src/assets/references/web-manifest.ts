import { readJsonTexts } from './json-texts.ts';
import type { Reference } from './reference.ts';

const IMAGE_LISTS: ReadonlySet<string | undefined> = new Set(['icons', 'screenshots']);

/**
 * Finds the images of a web app manifest (W3C Web Application Manifest §1.11, image resources): `src` of its icons and
 * screenshots, and of the icons of its shortcuts.
 *
 * @throws {@link SourceSyntaxError}
 */
export function findWebManifestReferences(text: string): Reference[] {
  const references: Reference[] = [];
  readJsonTexts(text, (specifier, holders, offset) => {
    const [owner, list, image] = [holders.at(-3), holders.at(-2), holders.at(-1)];
    if (image?.key === 'src' && list?.isList === true && IMAGE_LISTS.has(owner?.key))
      references.push({ kind: 'resource', specifier, offset });
  });
  return references;
}
