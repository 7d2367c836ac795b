import type { XXHashAPI } from 'xxhash-wasm';
import { hexadecimal } from '../../core/hash.ts';
import {
  createAssetIndex,
  isRelativeImport,
  staysInFingerprint,
  type Asset,
  type AssetIndex,
  type AssetReference,
  type ModulesMode,
} from '../asset-index.ts';
import { fingerprintAssets, fingerprintOf, type AssetNode } from './fingerprints.ts';
import { linkReferences, type ReferenceProblem } from '../references/link-references.ts';
import type { SourceFile } from './source-file.ts';
import { rootsText } from '../../files/roots.ts';
import { requireTargets } from '../import-targets.ts';
import type { ResolvedAssetsOptions } from '../options.ts';
import { fatalProblems, problemError } from '../problems.ts';

/** An index of source files, and what is wrong with their references. */
export interface IndexedSources {
  readonly index: AssetIndex;
  readonly problems: readonly ReferenceProblem[];
}

/** What source files are indexed by. */
type IndexOptions = Pick<ResolvedAssetsOptions, 'prefix' | 'modules'> &
  Partial<Pick<ResolvedAssetsOptions, 'imports'>>;

/** Gives each source file its fingerprint. Reads nothing. */
export function indexSources(
  sources: ReadonlyMap<string, SourceFile>,
  { modules, prefix, imports = new Map<string, string>() }: IndexOptions,
  hashes: XXHashAPI,
): IndexedSources {
  const linked = new Map<string, readonly AssetReference[]>();
  const problems: ReferenceProblem[] = [];
  for (const { name, references: found } of sources.values()) {
    if (found.length === 0) continue;
    const links = linkReferences(name, found, sources, prefix, imports);
    if (links.references.length > 0) linked.set(name, links.references);
    problems.push(...links.problems);
  }
  const digest = (bytes: Uint8Array): bigint => hashes.h64Raw(bytes);
  const fingerprints = fingerprintAssets(nodesOf(sources, linked, modules), digest);
  const grouped =
    modules === 'group' ? fingerprints : fingerprintAssets(nodesOf(sources, linked, 'group'), digest);
  const assets = new Map<string, Asset>();
  for (const { name, file, signature, hash } of sources.values()) {
    // Most assets of a site neither refer to others nor are referred to.
    const fingerprint = fingerprints.get(name) ?? fingerprintOf([{ name, hash }], [], digest);
    const references = linked.get(name) ?? NO_REFERENCES;
    const workerFingerprint = references.some(isRelativeImport) ? grouped.get(name) : undefined;
    assets.set(name, {
      name,
      fingerprint,
      ...(workerFingerprint !== undefined && workerFingerprint !== fingerprint && { workerFingerprint }),
      hash: hexadecimal(hash),
      size: signature.size,
      signature,
      references,
      file,
    });
  }
  return { index: createAssetIndex(modules, assets, imports), problems };
}

/**
 * Indexes source files that must be sound.
 *
 * @throws {@link StaticUrlError} `ASSET_NOT_FOUND` for what "imports" names, `REFERENCE_BROKEN`
 */
export function indexSoundSources(
  sources: ReadonlyMap<string, SourceFile>,
  options: IndexOptions & Pick<ResolvedAssetsOptions, 'roots' | 'strict'>,
  hashes: XXHashAPI,
): IndexedSources {
  const { roots, strict } = options;
  const indexed = indexSources(sources, options, hashes);
  requireTargets(indexed.index.imports, sources, rootsText(roots));
  const problems = fatalProblems(indexed.problems, sources, strict);
  if (problems.length > 0) throw problemError(problems);
  return indexed;
}

const NO_REFERENCES: readonly AssetReference[] = [];

/** The assets that refer to others or are referred to. */
function nodesOf(
  sources: ReadonlyMap<string, SourceFile>,
  linked: ReadonlyMap<string, readonly AssetReference[]>,
  modules: ModulesMode,
): Map<string, AssetNode> {
  const nodes = new Map<string, AssetNode>();
  const importers = new Set<string>();
  for (const [name, references] of linked) if (references.some(isRelativeImport)) importers.add(name);
  const add = (name: string): void => {
    const source = sources.get(name);
    if (source === undefined || nodes.has(name)) return;
    const references = linked.get(name) ?? NO_REFERENCES;
    if (modules === 'importmap') addMappedNodes(nodes, name, source.hash, references, importers);
    else nodes.set(name, groupedNode(name, source.hash, references));
  };
  for (const [name, references] of linked) {
    add(name);
    for (const { target } of references) add(target);
  }
  return nodes;
}

const NONE: readonly string[] = [];

function groupedNode(name: string, hash: bigint, references: readonly AssetReference[]): AssetNode {
  const together = references.filter(isRelativeImport).map(({ target }) => target);
  const covers = references.filter((each) => staysInFingerprint(each, 'group')).map(({ target }) => target);
  return { name, hash, together, covers };
}

/**
 * With an import map a module that imports others is two things: what a page loads, whose imports the map sends
 * elsewhere, and what a worker or a document brings along, whose imports stay; see `reachOf`.
 */
function addMappedNodes(
  nodes: Map<string, AssetNode>,
  name: string,
  hash: bigint,
  references: readonly AssetReference[],
  importers: ReadonlySet<string>,
): void {
  const beyond = (target: string): string => (importers.has(target) ? `${target}\0` : target);
  const coversIn = (mode: ModulesMode): string[] =>
    references.filter((each) => staysInFingerprint(each, mode)).map(({ target }) => beyond(target));
  nodes.set(name, { name, hash, together: NONE, covers: coversIn('importmap') });
  if (importers.has(name)) nodes.set(`${name}\0`, { name, hash, together: NONE, covers: coversIn('group') });
}
