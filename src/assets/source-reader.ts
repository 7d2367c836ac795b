import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import type { AssetIndex } from './asset-index.ts';
import type { ResolvedAssetsOptions } from './assets-options.ts';
import {
  describeProblems,
  describeSyntaxErrors,
  problemError,
  type DescribedProblem,
} from './describe-problem.ts';
import { indexSources, type IndexedSources } from './index-sources.ts';
import type { ReferenceProblem } from './link-references.ts';
import { readSources } from './read-sources.ts';
import type { SourceFile } from './source-file.ts';

type SourceOptions = Pick<
  ResolvedAssetsOptions,
  'prefix' | 'roots' | 'strict' | 'modules' | 'dotfiles' | 'wellKnown' | 'imports'
>;

/** Reads the sources under the roots and indexes them. */
export class SourceReader {
  readonly #options: SourceOptions;
  readonly #hashes: XXHashAPI;

  private constructor(options: SourceOptions, hashes: XXHashAPI) {
    this.#options = options;
    this.#hashes = hashes;
  }

  /** Loads the digest, a WebAssembly module. */
  static async create(options: SourceOptions): Promise<SourceReader> {
    return new SourceReader(options, await xxhash());
  }

  /**
   * Reads everything.
   *
   * @throws {@link StaticUrlError} `REFERENCE_BROKEN` and what reading a tree may throw
   */
  read(): AssetIndex {
    const sources = this.readSources();
    const indexed = this.index(sources);
    const problems = fatalProblems(indexed, sources, this.#options.strict);
    if (problems.length > 0) throw problemError(problems);
    return indexed.index;
  }

  readSources(): Map<string, SourceFile> {
    return readSources(this.#options.roots, this.#options, this.#hashes);
  }

  index(sources: ReadonlyMap<string, SourceFile>): IndexedSources {
    const { modules, prefix, imports } = this.#options;
    return indexSources(sources, modules, prefix, this.#hashes, imports);
  }
}

/** What "static-url check" tells of, but no page breaks by. */
const HARMLESS: ReadonlySet<ReferenceProblem['kind']> = new Set(['escapes-version', 'no-match', 'folder']);

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
