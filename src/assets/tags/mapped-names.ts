import { isRelativeImport } from '../asset-index.ts';
import type { AssetLookup } from '../assets.ts';
import type { Manifest } from '../manifest.ts';
import { resolveReference } from '../resolve-reference.ts';
import { importsOf } from './module-graph.ts';

/**
 * The bare names of a page's import map and the assets that they stand for. A folder's name is written out, since each
 * asset below it has a fingerprint of its own.
 *
 * @param modules - what the page loads
 */
export function mappedNames(
  assets: AssetLookup,
  manifest: Manifest,
  modules: readonly string[],
): ReadonlyMap<string, string> {
  const named = modules.flatMap((module) =>
    importsOf(manifest, module).filter((reference) => !isRelativeImport(reference)),
  );
  const names = new Map([...assets.imports].filter(([name]) => !name.endsWith('/')));
  const reached = new Set([...modules, ...named.map(({ target }) => target)]);
  for (const [folderName, folder] of assets.imports) {
    for (const asset of folderName.endsWith('/') ? reached : []) {
      const name = folderName + asset.slice(folder.length);
      if (asset.startsWith(folder) && standsFor(name, asset, assets.imports)) names.set(name, asset);
    }
  }
  // A name may have a query, or be spelled in another way.
  for (const { kind, specifier, target } of named)
    if (kind !== 'import-glob' && !names.has(specifier)) names.set(specifier, target);
  return names;
}

/** Not by a longer name that it begins with too. */
function standsFor(name: string, asset: string, imports: ReadonlyMap<string, string>): boolean {
  const resolved = resolveReference('', { kind: 'import', specifier: name, offset: 0 }, imports);
  return resolved.kind === 'asset' && resolved.name === asset;
}
