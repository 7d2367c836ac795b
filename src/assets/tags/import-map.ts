import { createHash } from 'node:crypto';
import { isRelativeImport } from '../asset-index.ts';
import type { AssetLookup } from '../assets.ts';
import type { Manifest } from '../manifest.ts';
import { isScript } from './destination.ts';
import { importsOf, moduleGraph, unmappedUrl } from './module-graph.ts';
import { mappedNames } from './mapped-names.ts';

/** An import map as it stands in a page. */
export interface ImportMap {
  /** The content of its script; empty when there is nothing to map. */
  readonly text: string;
  /** The source expression for the page's Content-Security-Policy (CSP3 §6.7.2.3): `'sha256-…'`; or empty. */
  readonly hash: string;
}

/**
 * Writes the import map of a page (HTML Living Standard §8.1.5.3): bare names always, and with `modules: 'importmap'`
 * from each relative import, as it resolves under its importer's fingerprint, to the fingerprint of what is imported.
 *
 * @param entries - the modules that the page loads; `undefined` maps all there are
 * @param integrity - adds the digests of all modules
 * @throws {@link StaticUrlError} `ASSET_NOT_FOUND`
 */
export function importMapOf(
  assets: AssetLookup,
  manifest: Manifest,
  entries: readonly string[] | undefined,
  integrity: boolean,
): ImportMap {
  const imports = new Map<string, string>();
  const modules = modulesOf(assets, manifest, entries);
  for (const [name, target] of mappedNames(assets, manifest, modules)) imports.set(name, assets.url(target));
  if (manifest.modules === 'importmap') {
    for (const holder of modules) {
      for (const reference of importsOf(manifest, holder)) {
        if (!isRelativeImport(reference)) continue;
        const key = unmappedUrl(assets.url(holder), holder, reference);
        const url = assets.url(reference.target);
        if (key !== url) imports.set(key, url);
      }
    }
  }
  const digests = integrity ? modules.map((name) => [assets.url(name), assets.integrity(name)]) : [];
  if (imports.size === 0 && digests.length === 0) return { text: '', hash: '' };
  const map = {
    imports: Object.fromEntries(imports),
    ...(integrity && { integrity: Object.fromEntries(digests) }),
  };
  // In a script only "<" could end it, or begin a comment (HTML Living Standard §4.12.1.3).
  const text = JSON.stringify(map).replaceAll('<', String.raw`\u003c`);
  return { text, hash: `'sha256-${createHash('sha256').update(text).digest('base64')}'` };
}

function modulesOf(
  assets: AssetLookup,
  manifest: Manifest,
  entries: readonly string[] | undefined,
): readonly string[] {
  if (entries === undefined) return assets.paths().filter(isScript);
  const named = [...entries, ...[...assets.imports.values()].filter((target) => !target.endsWith('/'))];
  return [...new Set(moduleGraph(assets, manifest, named, 'all').map(({ asset }) => asset))];
}
