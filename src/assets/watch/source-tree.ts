import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { XXHashAPI } from 'xxhash-wasm';
import { StaticUrlError } from '../../core/errors.ts';
import type { FolderTree } from '../../files/scan-folder.ts';
import { isSameSignature, isUnchangedSince, signatureOf } from '../../files/file-signature.ts';
import { readLinkedManifests } from '../sources/linked-manifests.ts';
import { readSourceFile, type SourceFile } from '../sources/source-file.ts';

/** The files under some roots; of those with one name the first root's counts. */
export class SourceTree {
  readonly #hashes: XXHashAPI;
  #sources: ReadonlyMap<string, SourceFile> = new Map();

  constructor(hashes: XXHashAPI) {
    this.#hashes = hashes;
  }

  /** By name, as last read. */
  get sources(): ReadonlyMap<string, SourceFile> {
    return this.#sources;
  }

  /**
   * Reads the files that are new or have changed since the last time, and forgets those that are gone.
   *
   * @param report - told which files cannot be read
   * @returns whether anything is different
   */
  read(trees: readonly FolderTree[], report: (error: StaticUrlError) => void): boolean {
    const before = this.#sources;
    const sources = new Map<string, SourceFile>();
    let isDifferent = false;
    for (const { root, files } of trees) {
      for (const name of files) {
        if (sources.has(name)) continue;
        const known = before.get(name);
        const source = this.#renew(known, name, join(root, name), report);
        if (source === undefined) continue;
        sources.set(name, source);
        if (source !== known) isDifferent ||= !isSame(source, known);
      }
    }
    readLinkedManifests(sources, ({ name, file }, isWebManifest) =>
      this.#read(name, file, report, isWebManifest),
    );
    this.#sources = sources;
    return isDifferent || sources.size !== before.size;
  }

  #renew(
    known: SourceFile | undefined,
    name: string,
    file: string,
    report: (error: StaticUrlError) => void,
  ): SourceFile | undefined {
    return known?.file === file && isUnchanged(known) ? known : this.#read(name, file, report);
  }

  #read(
    name: string,
    file: string,
    report: (error: StaticUrlError) => void,
    isWebManifest = false,
  ): SourceFile | undefined {
    try {
      return readSourceFile(name, file, this.#hashes, isWebManifest);
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
