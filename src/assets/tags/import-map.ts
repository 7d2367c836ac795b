import { createHash } from 'node:crypto';
import { isRelativeImport, staysInFingerprint } from '../asset-index.ts';
import { referencedUrl } from '../asset-urls.ts';
import type { AssetLookup } from '../assets.ts';
import type { Manifest } from '../manifest.ts';
import { hasOpenSuffix, suffixOf } from '../references/reference.ts';
import { resolveReference } from '../references/resolve-reference.ts';
import { bundleEntry } from './bundle-parts.ts';
import { importsOf, moduleGraph, rulesOf } from './module-graph.ts';
import { isScript } from './preload.ts';

/** An import map as it stands in a page. */
interface ImportMap {
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
function importMapOf(
  assets: AssetLookup,
  manifest: Manifest,
  entries: readonly string[] | undefined,
  integrity: boolean,
): ImportMap {
  const imports = new Map<string, string>();
  const modules = modulesOf(assets, manifest, entries);
  for (const [name, target] of mappedNames(assets, manifest, modules)) imports.set(name, assets.url(target));
  const rules = rulesOf(manifest);
  for (const holder of modules) {
    for (const reference of importsOf(manifest, holder)) {
      if (!isRelativeImport(reference) || staysInFingerprint(holder, reference, rules)) continue;
      const key = referencedUrl(assets.url(holder), holder, reference);
      const url = assets.url(reference.target);
      if (key !== url) imports.set(key, url);
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
  const named = [
    ...entries.map((entry) => bundleEntry(manifest, entry)?.module ?? entry),
    ...[...assets.imports.values()].filter((target) => !target.endsWith('/')),
  ];
  return [...new Set(moduleGraph(assets, manifest, named, 'all').map(({ asset }) => asset))];
}

/**
 * The bare names of a page's import map and the assets that they stand for. A folder's name is written out, since each
 * asset below it has a fingerprint of its own.
 *
 * @param modules - what the page loads
 */
function mappedNames(
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
  const writtenOut = [...names];
  // A name may have a query, or be spelled in another way.
  for (const reference of named) {
    const { kind, specifier, target } = reference;
    if (kind !== 'import-glob') {
      if (!names.has(specifier)) names.set(specifier, target);
    } else if (!hasOpenSuffix(reference)) {
      const [start, suffix] = [specifier.slice(0, specifier.indexOf('*')), suffixOf(specifier)];
      for (const [name, asset] of writtenOut)
        if (asset === target && name.startsWith(start)) names.set(name + suffix, target);
    }
  }
  return names;
}

/** Not by a longer name that it begins with too. */
function standsFor(name: string, asset: string, imports: ReadonlyMap<string, string>): boolean {
  const resolved = resolveReference('', { kind: 'import', specifier: name, offset: 0 }, imports);
  return resolved.kind === 'asset' && resolved.name === asset;
}

/** What is dear to compute, kept for as long as the assets are the same. */
export interface TagMemory {
  manifest(): Manifest;
  importMap(entries: readonly string[] | undefined): ImportMap;
}

/** Creates a memory of what tags need of some assets. */
export function createMemory(assets: AssetLookup, integrity: boolean): TagMemory {
  let version: string | undefined;
  let manifest: Manifest | undefined;
  const importMaps = new Map<string, ImportMap>();
  const read = (): Manifest => {
    if (manifest === undefined || version !== assets.version) {
      version = assets.version;
      manifest = assets.manifest();
      importMaps.clear();
    }
    return manifest;
  };
  return {
    manifest: read,
    importMap(entries) {
      const current = read();
      const key = JSON.stringify(entries);
      const known = importMaps.get(key) ?? importMapOf(assets, current, entries, integrity);
      importMaps.set(key, known);
      return known;
    },
  };
}
