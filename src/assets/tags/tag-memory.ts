import type { AssetLookup } from '../assets.ts';
import type { Manifest } from '../manifest.ts';
import { importMapOf, type ImportMap } from './import-map.ts';

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
