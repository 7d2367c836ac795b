import type { XXHashAPI } from 'xxhash-wasm';
import { rootsText } from '../files/roots.ts';
import type { ResolvedAssetsOptions } from './options.ts';
import {
  describeProblems,
  describeSyntaxErrors,
  problemError,
  type DescribedProblem,
} from './describe-problem.ts';
import { requireTargets } from './import-targets.ts';
import { indexSources, type IndexedSources } from './index-sources.ts';
import type { ReferenceProblem } from './link-references.ts';
import type { SourceFile } from './source-file.ts';

/** What source files are indexed by. */
export type IndexOptions = Pick<ResolvedAssetsOptions, 'prefix' | 'roots' | 'strict' | 'modules' | 'imports'>;

/**
 * Indexes source files that must be sound.
 *
 * @throws {@link StaticUrlError} `ASSET_NOT_FOUND` for what "imports" names, `REFERENCE_BROKEN`
 */
export function indexSoundSources(
  sources: ReadonlyMap<string, SourceFile>,
  { prefix, roots, strict, modules, imports }: IndexOptions,
  hashes: XXHashAPI,
): IndexedSources {
  const indexed = indexSources(sources, modules, prefix, hashes, imports);
  requireTargets(indexed.index.imports, sources, rootsText(roots));
  const problems = fatalProblems(indexed, sources, strict);
  if (problems.length > 0) throw problemError(problems);
  return indexed;
}

/** What "static-url check" tells of, but no page breaks by. */
const HARMLESS: ReadonlySet<ReferenceProblem['kind']> = new Set([
  'escapes-version',
  'no-match',
  'folder',
  'unknown-import',
  'unmapped-name',
]);

/** Whether a problem is worth no more than a warning: so are source maps, and what is resolved elsewhere. */
export function isHarmless({ kind, reference }: ReferenceProblem): boolean {
  return HARMLESS.has(kind) || reference.kind === 'source-map' || reference.kind === 'custom-property';
}

/** What must not pass: even when not strict, a reference that no release could ever answer. */
export function fatalProblems(
  { problems }: IndexedSources,
  sources: ReadonlyMap<string, SourceFile>,
  strict: boolean,
): DescribedProblem[] {
  const fatal = problems.filter((each) => !isHarmless(each) && (strict || each.kind === 'above-root'));
  return [...(strict ? describeSyntaxErrors(sources) : []), ...describeProblems(fatal, sources)];
}
