import { join } from 'node:path';
import xxhash from 'xxhash-wasm';
import { resolveOptions } from '../../core/options.ts';
import { quote } from '../../core/text.ts';
import type { AssetIndex } from '../asset-index.ts';
import { CHECK_OPTIONS, resolveSources, type CheckOptions } from '../options.ts';
import { checkNames, type NameProblem } from './check-names.ts';
import { describeProblems, type DescribedProblem, isHarmless } from '../problems.ts';
import { readBundle } from '../bundles/bundle-file.ts';
import { filesOf } from '../bundles/bundle.ts';
import { findBundledAssets, type BundledAssets, type MissingFile } from '../bundles/bundled-assets.ts';
import { missingTargets, type MissingTarget } from '../import-targets.ts';
import { adviceFor, emptyUnits, unitOf } from '../units.ts';
import { guardRoots } from '../../files/roots.ts';
import type { ReferenceProblem } from '../references/link-references.ts';
import type { SourceFile } from '../sources/source-file.ts';
import { createSourceReader } from '../open-collection.ts';
import { findWrongCopies, type WrongCopy } from './wrong-copies.ts';

/** Something that a check has to say. */
export interface Finding {
  readonly kind: DescribedProblem['kind'] | NameProblem['kind'] | 'wrong-copy' | 'unreferenced' | 'bundle';
  /** An error is wrong, a warning may be meant, a note is for information. */
  readonly severity: 'error' | 'warning' | 'note';
  /** The file or folder that it is about, relative to its root; absolute where it is in none. */
  readonly asset: string;
  /** From 1, where it is about a place in a file. */
  readonly line?: number;
  /** From 1, where it is about a place in a file. */
  readonly column?: number;
  /** The reference that it is about, as it stands in the file; or the name in "imports". */
  readonly reference?: string;
  /** One sentence or two, beginning with the path. */
  readonly message: string;
}

/** What {@link checkAssets} found. */
export interface CheckReport {
  /** How many files were read. */
  readonly files: number;
  /** By asset, then line. */
  readonly findings: readonly Finding[];
}

/**
 * Reads all files under the roots and tells what is wrong with their references and names.
 *
 * @throws {@link StaticUrlError} `ROOT_NOT_FOUND`, `ROOT_NOT_A_FOLDER`, `FILE_UNREADABLE`, `FILE_CHANGED`, `LINK_BROKEN`,
 *   `LINK_OUTSIDE`, `ASSET_NOT_FOUND` for what `together` names, `BUNDLE_NOT_FOUND`, `BUNDLE_INVALID`
 */
export async function checkAssets(options: CheckOptions): Promise<CheckReport> {
  const resolved = resolveOptions('checkAssets()', options, CHECK_OPTIONS);
  const { unreferenced, symlinks } = resolved;
  const assets = resolveSources(resolved);
  const guard = symlinks === 'follow' ? undefined : guardRoots(assets.roots);
  const reader = await createSourceReader(assets, guard);
  const sources = reader.readSources();
  const { index, problems } = reader.index(sources);
  const bundle = assets.bundle && readBundle(assets.bundle);
  const bundled = bundle && findBundledAssets(bundle, index.assets, assets.roots);
  const findings = [
    ...describeProblems(problems.filter(isError), sources).map((each) => placed(each, 'error')),
    ...describeProblems(
      problems.filter((each) => !isError(each)),
      sources,
    ).map((each) => placed(each, 'warning')),
    ...checkNames(sources.keys()).map((each) => named(each, pathOf(each.name, sources))),
    ...missingTargets(index.imports, sources).map((each) => describeTarget(each, assets.roots)),
    ...emptyUnits(index.units, sources).map((unit) => describeUnit(unit, sources, assets.roots)),
    ...(await findWrongCopies(index, await xxhash())).map(describeCopy),
    ...(bundled?.missing ?? []).map((each) => describeMissing(each, assets.bundle?.file)),
    ...(unreferenced ? findUnreferenced(index, bundled) : []),
  ];
  return { files: sources.size, findings: findings.toSorted(byPlace) };
}

/** An absolute reference breaks no page, but it is what a check is for. */
function isError(problem: ReferenceProblem): boolean {
  const isCertain = problem.reference.kind !== 'uncertain';
  return (problem.kind === 'escapes-version' && isCertain) || !isHarmless(problem);
}

function placed(
  { kind, asset, line, column, specifier, message }: DescribedProblem,
  severity: Finding['severity'],
): Finding {
  return { kind, severity, asset, line, column, ...(specifier !== '' && { reference: specifier }), message };
}

function named({ kind, name, message }: NameProblem, path: string): Finding {
  return { kind, severity: 'error', asset: name, message: `${path}: ${message}` };
}

/** Where a file or folder is: under the first root that has it. */
function pathOf(name: string, sources: ReadonlyMap<string, SourceFile>): string {
  const exact = sources.get(name);
  if (exact) return exact.file;
  for (const source of sources.values())
    if (source.name.startsWith(`${name}/`)) return join(source.file.slice(0, -source.name.length), name);
  return name;
}

function describeTarget({ name, target, advice }: MissingTarget, roots: readonly string[]): Finding {
  return {
    kind: 'missing',
    severity: 'error',
    asset: target,
    reference: name,
    message: `${join(roots[0] ?? '', target)}: The name ${quote(name)} stands for this in "imports", but it is not there.${advice || ' Correct it.'}`,
  };
}

function describeUnit(
  unit: string,
  sources: ReadonlyMap<string, unknown>,
  roots: readonly string[],
): Finding {
  return {
    kind: 'missing',
    severity: 'error',
    asset: unit || './',
    message: `${join(roots[0] ?? '', unit)}: "together" names this folder, but no file is in it.${adviceFor(unit, sources) || ' Correct it.'}`,
  };
}

function describeMissing({ file, explanation }: MissingFile, bundle: string | undefined): Finding {
  return { kind: 'bundle', severity: 'error', asset: file, message: `${bundle}: This bundle ${explanation}` };
}

/** An error where a release refuses it. */
function describeCopy({ copy, original, isReleased }: WrongCopy): Finding {
  return {
    kind: 'wrong-copy',
    severity: isReleased ? 'error' : 'warning',
    asset: copy.name,
    message: `${copy.file}: By its name it is the compressed copy of ${quote(original.name)}, but it holds other bytes, which a web server may send in place of that file's. Rename one of them.`,
  };
}

/** Whatever is part of a unit may be asked for by a URL that the unit makes of text. */
function findUnreferenced({ assets, units }: AssetIndex, bundled: BundledAssets | undefined): Finding[] {
  const entries = [...(bundled?.entries.values() ?? [])];
  const referred = new Set(entries.flatMap(filesOf));
  for (const { name, references } of assets.values())
    for (const { target } of references) if (target !== name) referred.add(target);
  return [...assets.values()]
    .filter(({ name }) => !referred.has(name) && unitOf(name, units) === undefined)
    .map(({ name, file }) => ({
      kind: 'unreferenced',
      severity: 'note',
      asset: name,
      message: `${file}: No other file refers to it. Remove it, unless a page does.`,
    }));
}

function byPlace(a: Finding, b: Finding): number {
  if (a.asset !== b.asset) return a.asset < b.asset ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
