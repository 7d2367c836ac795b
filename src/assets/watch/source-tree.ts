import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { XXHashAPI } from 'xxhash-wasm';
import { type DotfileRule, hasDotfile } from '../../core/dotfiles.ts';
import { StaticUrlError } from '../../core/errors.ts';
import { isSameSignature, isUnchangedSince, signatureOf } from '../../files/file-signature.ts';
import { type FolderTree, scanTree } from '../../files/scan-folder.ts';
import type { FolderInterest } from '../../files/watch/folder-watches.ts';
import { wayInterests } from '../../files/watch/way-interests.ts';
import { type SourceFile, readSourceFile } from '../sources/source-file.ts';

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
    const before = this.#sources;
    const sources = new Map<string, SourceFile>();
    let isDifferent = false;
    for (const { root, tree } of trees) {
      for (const name of tree.files) {
        if (sources.has(name)) continue;
        const known = before.get(name);
        const source = this.#renew(known, name, join(root, name), report);
        if (source === undefined) continue;
        sources.set(name, source);
        if (source !== known) isDifferent ||= !isSame(source, known);
      }
    }
    this.#sources = sources;
    return isDifferent || sources.size !== before.size;
  }

  #renew(
    known: SourceFile | undefined,
    name: string,
    file: string,
    report: (error: StaticUrlError) => void,
  ): SourceFile | undefined {
    if (known?.file === file && isUnchanged(known)) return known;
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
    known !== undefined &&
    known.hash === source.hash &&
    known.file === source.file &&
    isSameSignature(known.signature, source.signature)
  );
}

function isUnchanged({ file, signature }: SourceFile): boolean {
  try {
    return isUnchangedSince(signature, signatureOf(statSync(file)));
  } catch {
    // To read it says why.
    return false;
  }
}

/**
 * Which folders have to be watched so that no change of the trees goes unnoticed: each of their own, and those on the
 * way to whatever can be replaced as a whole: a root, the target of a symbolic link.
 */
export function folderInterests(trees: readonly RootTree[], rule: DotfileRule): Map<string, FolderInterest> {
  const interests = new Map<string, FolderInterest>();
  for (const { root, tree } of trees) {
    for (const folder of tree.folders) {
      const above = folder === '' ? [] : folder.split('/');
      const matters = (name: string): boolean => !hasDotfile([...above, name], rule);
      interests.set(join(root, folder), { matters, required: true });
    }
  }
  const replaceable = trees.flatMap(({ root, tree }) => ['', ...tree.links].map((name) => join(root, name)));
  for (const [folder, way] of wayInterests(replaceable)) {
    const known = interests.get(folder);
    const matters = (name: string): boolean => way.matters(name) || known?.matters(name) === true;
    interests.set(folder, { matters, required: known !== undefined });
  }
  return interests;
}
