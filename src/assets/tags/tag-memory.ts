import type { Assets } from '../assets.ts';
import type { Manifest } from '../manifest.ts';
import { importMapOf, type ImportMap } from './import-map.ts';
import { modulesIn } from './module-graph.ts';

/** What is dear to compute, kept for as long as the assets are the same. */
export interface TagMemory {
  manifest(): Manifest;
  /** The assets that are modules for certain. */
  modules(): ReadonlySet<string>;
  importMap(entries: readonly string[] | undefined): ImportMap;
}

/** Creates a memory of what tags need of some assets. */
export function createMemory(assets: Assets, integrity: boolean): TagMemory {
  let version: string | undefined;
  let manifest: Manifest | undefined;
  let modules: ReadonlySet<string> | undefined;
  const importMaps = new Map<string, ImportMap>();
  const read = (): Manifest => {
    if (manifest === undefined || version !== assets.version) {
      version = assets.version;
      manifest = assets.manifest();
      modules = undefined;
      importMaps.clear();
    }
    return manifest;
  };
  return {
    manifest: read,
    modules() {
      const current = read();
      modules ??= modulesIn(current);
      return modules;
    },
    importMap(entries) {
      const current = read();
      const key = JSON.stringify(entries);
      const known = importMaps.get(key) ?? importMapOf(assets, current, entries, integrity);
      importMaps.set(key, known);
      return known;
    },
  };
}
