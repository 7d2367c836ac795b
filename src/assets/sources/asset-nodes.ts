import {
  isRelativeImport,
  staysInFingerprint,
  type AssetReference,
  type ModulesMode,
  type ReferenceRules,
} from '../asset-index.ts';
import { unitOf } from '../units.ts';
import type { AssetNode } from './fingerprints.ts';
import type { SourceFile } from './source-file.ts';

/**
 * The assets that refer to others, are referred to, or are part of a unit, as their fingerprints see them.
 *
 * With an import map a module that imports others is two things: what a page loads, whose imports the map sends
 * elsewhere, and what a worker or a document brings along, whose imports stay; see `reachOf`. What is part of a unit is
 * one thing, which covers both.
 *
 * @param linked - the references of the assets that have any
 */
export function nodesOf(
  sources: ReadonlyMap<string, SourceFile>,
  linked: ReadonlyMap<string, readonly AssetReference[]>,
  { modules, units }: ReferenceRules,
): Map<string, AssetNode> {
  const nodes = new Map<string, AssetNode>();
  /** The modules that are two things. */
  const importers = new Set<string>();
  /** One file of each unit, which the others name. */
  const heads = new Map<string, string>();

  const coveredBy = (name: string, mode: ModulesMode): string[] =>
    (linked.get(name) ?? [])
      .filter((each) => staysInFingerprint(name, each, { modules: mode, units }))
      .map(({ target }) => (importers.has(target) ? `${target}\0` : target));

  const add = (name: string): void => {
    const hash = sources.get(name)?.hash;
    if (hash === undefined || nodes.has(name)) return;
    const unit = unitOf(name, units);
    const together = modules === 'group' ? importedBy(linked.get(name)) : [];
    if (unit !== undefined) {
      together.push(heads.get(unit) ?? name);
      if (!heads.has(unit)) heads.set(unit, name);
    }
    const covers = coveredBy(name, unit === undefined ? modules : 'group');
    nodes.set(name, { name, hash, together, covers });
    if (importers.has(name))
      nodes.set(`${name}\0`, { name, hash, together: [], covers: coveredBy(name, 'group') });
  };

  if (modules === 'importmap') {
    for (const [name, references] of linked)
      if (unitOf(name, units) === undefined && references.some(isRelativeImport)) importers.add(name);
  }
  for (const [name, references] of linked) {
    add(name);
    for (const { target } of references) add(target);
  }
  if (units.length > 0) for (const name of sources.keys()) if (unitOf(name, units) !== undefined) add(name);
  return nodes;
}

function importedBy(references: readonly AssetReference[] = []): string[] {
  return references.filter(isRelativeImport).map(({ target }) => target);
}
