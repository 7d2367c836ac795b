import { readdirSync, realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { openedPath } from '../files/opened-path.ts';
import { isInside, realPath } from '../files/roots.ts';
import { isNotThere } from './opened-file.ts';

/** A folder as it was when one of its files was first asked about. */
interface KnownFolder {
  readonly isInside: boolean;
  /** The names of the symbolic links in it. */
  readonly links: ReadonlySet<string>;
}

/** Tells files inside some folders, any of which may be missing, from those outside that symbolic links point to. */
export class RootBoundary {
  readonly #roots: readonly string[];
  #realRoots: readonly string[] | undefined;
  /** By path: one look at a folder spares one at each of its files. */
  readonly #folders = new Map<string, KnownFolder>();

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
   * Whether an open file is inside, wherever the path leads by now that it was opened by.
   *
   * @throws the system's error when that cannot be told
   */
  holdsOpened(descriptor: number, path: string): boolean {
    const real = openedPath(descriptor, path);
    if (real === undefined) return false;
    if (this.#isInside(real)) return true;
    // A deploy may have led a root elsewhere.
    this.#realRoots = undefined;
    return this.#isInside(real);
  }
}
