import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { quote } from '../core/options.ts';
import type { LinkGuard } from '../core/scan-folder.ts';
import type { AssetIndex } from './asset-index.ts';
import type { ResolvedAssetsOptions } from './assets-options.ts';
import {
  describeProblems,
  describeSyntaxErrors,
  problemError,
  type DescribedProblem,
} from './describe-problem.ts';
import { indexSources, type IndexedSources } from './index-sources.ts';
import { requireTargets } from './import-targets.ts';
import type { ReferenceProblem } from './link-references.ts';
import { readSources } from './read-sources.ts';
import { settle } from './settled-signature.ts';
import { readSourceFile, type SourceFile } from './source-file.ts';

type SourceOptions = Pick<
  ResolvedAssetsOptions,
  'prefix' | 'roots' | 'strict' | 'modules' | 'dotfiles' | 'wellKnown' | 'imports'
>;

/** Reads the sources under the roots and indexes them. */
export class SourceReader {
  readonly #options: SourceOptions;
  readonly #hashes: XXHashAPI;
  readonly #guard: LinkGuard | undefined;

  private constructor(options: SourceOptions, hashes: XXHashAPI, guard: LinkGuard | undefined) {
    this.#options = options;
    this.#hashes = hashes;
    this.#guard = guard;
  }

  /**
   * Loads the digest, a WebAssembly module.
   *
   * @param guard - told of each symbolic link
   */
  static async create(options: SourceOptions, guard?: LinkGuard): Promise<SourceReader> {
    return new SourceReader(options, await xxhash(), guard);
  }

  /**
   * Reads everything.
   *
   * @throws {@link StaticUrlError} `ASSET_NOT_FOUND` for what "imports" names, `REFERENCE_BROKEN`, and what reading a tree may throw
   */
  async read(): Promise<AssetIndex> {
    const sources = this.readSources();
    await this.#settle(sources);
    const { imports, roots } = this.#options;
    requireTargets(imports, sources, roots.map(quote).join(' and '));
    const indexed = this.index(sources);
    const problems = fatalProblems(indexed, sources, this.#options.strict);
    if (problems.length > 0) throw problemError(problems);
    return indexed.index;
  }

  readSources(): Map<string, SourceFile> {
    return readSources(this.#options.roots, this.#options, this.#hashes, this.#guard);
  }

  /** Reads again what may have changed once more since it was read, and look the same. */
  async #settle(sources: Map<string, SourceFile>): Promise<void> {
    const fresh = [...sources.values()].filter(({ signature }) => signature.isFresh);
    if (fresh.length === 0) return;
    await settle();
    for (const { name, file } of fresh) sources.set(name, readSourceFile(name, file, this.#hashes));
  }

  index(sources: ReadonlyMap<string, SourceFile>): IndexedSources {
    const { modules, prefix, imports } = this.#options;
    return indexSources(sources, modules, prefix, this.#hashes, imports);
  }
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
