import type { XXHashAPI } from 'xxhash-wasm';
import { hexadecimal } from '../../core/hash.ts';
import {
  createAssetIndex,
  isRelativeImport,
  type Asset,
  type AssetIndex,
  type AssetReference,
} from '../asset-index.ts';
import { nodesOf } from './asset-nodes.ts';
import { fingerprintAssets, fingerprintOf } from './fingerprints.ts';
import { linkReferences, type ReferenceProblem } from '../references/link-references.ts';
import type { SourceFile } from './source-file.ts';
import { rootsText } from '../../files/roots.ts';
import { requireTargets } from '../import-targets.ts';
import { optionalFiles } from '../optional-files.ts';
import type { ResolvedAssetsOptions } from '../options.ts';
import { requireUnits, unitOf } from '../units.ts';
import { fatalProblems, problemError } from '../problems.ts';

/** An index of source files, and what is wrong with their references. */
export interface IndexedSources {
  readonly index: AssetIndex;
  readonly problems: readonly ReferenceProblem[];
}

/** What source files are indexed by. */
type IndexOptions = Pick<ResolvedAssetsOptions, 'prefix' | 'modules'> &
  Partial<Pick<ResolvedAssetsOptions, 'imports' | 'units' | 'optional'>>;

/** Gives each source file its fingerprint. Reads nothing. */
export function indexSources(
  sources: ReadonlyMap<string, SourceFile>,
  { modules, prefix, imports = new Map<string, string>(), units = [], optional = [] }: IndexOptions,
  hashes: XXHashAPI,
): IndexedSources {
  const isOptional = optionalFiles(optional);
  const linked = new Map<string, readonly AssetReference[]>();
  const problems: ReferenceProblem[] = [];
  for (const { name, references: found } of sources.values()) {
    if (found.length === 0) continue;
    const unit = unitOf(name, units);
    const holder = { name, unit, isOptional: isOptional(name) };
    const links = linkReferences(holder, found, sources, prefix, imports);
    if (links.references.length > 0) linked.set(name, links.references);
    problems.push(...links.problems);
  }
  const digest = (bytes: Uint8Array): bigint => hashes.h64Raw(bytes);
  const fingerprints = fingerprintAssets(nodesOf(sources, linked, { modules, units }), digest);
  const grouped =
    modules === 'group'
      ? fingerprints
      : fingerprintAssets(nodesOf(sources, linked, { modules: 'group', units }), digest);
  const assets = new Map<string, Asset>();
  for (const { name, file, signature, hash } of sources.values()) {
    // Most assets of a site neither refer to others nor are referred to.
    const fingerprint = fingerprints.get(name) ?? fingerprintOf([{ name, hash }], [], digest);
    const references = linked.get(name) ?? NO_REFERENCES;
    // What is part of a unit is covered as a worker needs it.
    const isTwofold = unitOf(name, units) === undefined && references.some(isRelativeImport);
    const workerFingerprint = isTwofold ? grouped.get(name) : undefined;
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
  return { index: createAssetIndex(assets, { modules, units, imports }), problems };
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
  if (strict) requireUnits(indexed.index.units, sources, rootsText(roots));
  const problems = fatalProblems(indexed.problems, sources, strict);
  if (problems.length > 0) throw problemError(problems);
  return indexed;
}

const NO_REFERENCES: readonly AssetReference[] = [];
