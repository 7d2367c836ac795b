import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { XXHashAPI } from 'xxhash-wasm';
import { StaticUrlError } from '../../core/errors.ts';
import type { DotfileRule } from '../../core/request-path.ts';
import { scanTree, type FolderTree } from '../../core/scan-folder.ts';
import { isSameSignature, signatureOf } from '../file-signature.ts';
import { readSourceFile, type SourceFile } from '../source-file.ts';

/**
 * How old a file must have been when it was read for its times to tell the next change: Linux counts them in steps of
 * its clock, up to 10 ms long.
 */
const TIME_STEP_MILLISECONDS = 100;

/** What is under a root. */
export interface RootTree {
  readonly root: string;
  readonly tree: FolderTree;
}

/** The files under some roots; of those with one name the first root's counts. */
export class SourceTree {
  readonly #roots: readonly string[];
  readonly #rule: DotfileRule;
  readonly #hashes: XXHashAPI;
  #sources: ReadonlyMap<string, SourceFile> = new Map();
  /** Files that may have changed since they were read without a sign of it. */
  #fresh: ReadonlySet<SourceFile> = new Set();

  constructor(roots: readonly string[], rule: DotfileRule, hashes: XXHashAPI) {
    this.#roots = roots;
    this.#rule = rule;
    this.#hashes = hashes;
  }

  /** By name, as last read. */
  get sources(): ReadonlyMap<string, SourceFile> {
    return this.#sources;
  }

  /**
   * Lists what is under the roots.
   *
   * @param report - told what cannot be listed
   */
  list(report: (error: StaticUrlError) => void): RootTree[] {
    return this.#roots.map((root) => ({ root, tree: scanTree(root, this.#rule, report) }));
  }

  /**
   * Reads the files that are new or have changed since the last time, and forgets those that are gone.
   *
   * @param report - told which files cannot be read
   * @returns whether anything is different
   */
  read(trees: readonly RootTree[], report: (error: StaticUrlError) => void): boolean {
    const startMilliseconds = Date.now();
    const before = this.#sources;
    const sources = new Map<string, SourceFile>();
    const fresh = new Set<SourceFile>();
    let isDifferent = false;
    for (const { root, tree } of trees) {
      for (const name of tree.files) {
        if (sources.has(name)) continue;
        const known = before.get(name);
        const source = this.#renew(known, name, join(root, name), report);
        if (source === undefined) continue;
        sources.set(name, source);
        if (source !== known) isDifferent ||= !isSame(source, known);
        if (source !== known || this.#fresh.has(source)) {
          const { mtimeMs, ctimeMs } = source.signature;
          if (Math.max(mtimeMs, ctimeMs) > startMilliseconds - TIME_STEP_MILLISECONDS) fresh.add(source);
        }
      }
    }
    this.#sources = sources;
    this.#fresh = fresh;
    return isDifferent || sources.size !== before.size;
  }

  #renew(
    known: SourceFile | undefined,
    name: string,
    file: string,
    report: (error: StaticUrlError) => void,
  ): SourceFile | undefined {
    if (known?.file === file && !this.#fresh.has(known) && isUnchanged(known)) return known;
    try {
      return readSourceFile(name, file, this.#hashes);
    } catch (error) {
      if (!(error instanceof StaticUrlError)) throw error;
      // What vanishes while it is read is told once more, as an event.
      if (error.code !== 'FILE_CHANGED') report(error);
      return undefined;
    }
  }
}

function isSame(source: SourceFile, known: SourceFile | undefined): boolean {
  return (
    known?.hash === source.hash &&
    known.file === source.file &&
    isSameSignature(known.signature, source.signature)
  );
}

function isUnchanged({ file, signature }: SourceFile): boolean {
  try {
    return isSameSignature(signature, signatureOf(statSync(file)));
  } catch {
    // To read it says why.
    return false;
  }
}
