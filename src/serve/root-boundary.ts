import { readdirSync, realpathSync, type Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isUnchangedSince, signatureOf, type FileSignature } from '../files/file-signature.ts';
import { openedPath } from '../files/opened-path.ts';
import { isInside, realPath } from '../files/roots.ts';
import { isNotThere } from './opened-file.ts';

/** A folder as it was when one of its files was first asked about. */
interface KnownFolder {
  readonly isInside: boolean;
  /** The names of the symbolic links in it. */
  readonly links: ReadonlySet<string>;
}

/** A file as it was when it was open and found inside. */
interface ProvenFile {
  readonly device: number;
  readonly signature: FileSignature;
}

/** How many files are remembered that were found inside. */
const REMEMBERED = 10_000;

/** Tells files inside some folders, any of which may be missing, from those outside that symbolic links point to. */
export class RootBoundary {
  readonly #roots: readonly string[];
  #realRoots: readonly string[] | undefined;
  /** By path: one look at a folder spares one at each of its files. */
  readonly #folders = new Map<string, KnownFolder>();
  /** By the path that each was last opened by. */
  readonly #proven = new Map<string, ProvenFile>();

  constructor(roots: readonly string[]) {
    this.#roots = roots;
  }

  /**
   * Whether there is a file, and inside, as far as it was when its folder was first asked about.
   *
   * @throws the system's error when that cannot be told
   */
  holds(file: string): boolean {
    const path = dirname(file);
    try {
      const folder = this.#folders.get(path) ?? this.#look(path);
      return folder.links.has(basename(file)) ? this.#isInside(realpathSync(file)) : folder.isInside;
    } catch (error) {
      if (isNotThere(error)) return false;
      throw error;
    }
  }

  /** Forgets the folders, whose links may have changed. */
  forget(): void {
    this.#realRoots = undefined;
    this.#folders.clear();
    this.#proven.clear();
  }

  #look(path: string): KnownFolder {
    const links = new Set<string>();
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isSymbolicLink()) links.add(entry.name);
    }
    const folder = { isInside: this.#isInside(realpathSync(path)), links };
    this.#folders.set(path, folder);
    return folder;
  }

  #isInside(path: string): boolean {
    this.#realRoots ??= this.#roots.map(realPath);
    return isInside(path, this.#realRoots);
  }

  /**
   * Whether an open file is inside, wherever the path leads by now that it was opened by. One that was inside when it was
   * last opened by this path, and is still the same file with the same bytes, is not looked for again.
   *
   * @param stats - of the open file
   * @throws the system's error when that cannot be told
   */
  holdsOpened(descriptor: number, path: string, stats: Stats): boolean {
    const known = this.#proven.get(path);
    const signature = signatureOf(stats);
    if (known?.device === stats.dev && isUnchangedSince(known.signature, signature)) return true;
    if (!this.#isInsideNow(descriptor, path)) return false;
    if (this.#proven.size >= REMEMBERED) this.#proven.clear();
    this.#proven.set(path, { device: stats.dev, signature });
    return true;
  }

  #isInsideNow(descriptor: number, path: string): boolean {
    const real = openedPath(descriptor, path);
    if (real === undefined) return false;
    if (this.#isInside(real)) return true;
    // A deploy may have led a root elsewhere.
    this.#realRoots = undefined;
    return this.#isInside(real);
  }
}
