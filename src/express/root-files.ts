import { realpathSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { openedPath } from '../files/opened-path.ts';
import { isNotThere, openFile, type OpenedFile } from '../serve/index.ts';

/** How the file of a path is found. */
export interface FileChoice {
  /** What a name without an extension may end with, without the dot. */
  readonly extensions: readonly string[];
  /** The files that stand for their folder. */
  readonly index: readonly string[];
  /** Whether no symbolic link below the root is followed. */
  readonly refuseSymlinks: boolean;
}

/** A file that was found; whoever gets it closes it. */
export interface FoundFile {
  readonly path: string;
  readonly opened: OpenedFile;
}

/** The files of one root, found as serve-static does. */
export class RootFiles {
  readonly #root: string;
  readonly #choice: FileChoice;

  constructor(root: string, choice: FileChoice) {
    this.#root = root;
    this.#choice = choice;
  }

  /**
   * Opens the file of a path; pipes and the like are none.
   *
   * @param name - decoded, with a slash at the beginning, and at the end of a folder
   * @returns `'refused'` for one that is reached by a symbolic link which is not followed
   */
  async find(name: string): Promise<FoundFile | 'refused' | undefined> {
    for (const each of this.#candidates(name)) {
      const path = join(this.#root, each);
      const opened = await openFile(path);
      if (opened === undefined) continue;
      if (!this.#choice.refuseSymlinks || this.#isOwn(each, () => openedPath(opened.handle.fd, path)))
        return { path, opened };
      await opened.handle.close();
      return 'refused';
    }
    return undefined;
  }

  /** Whether there is a folder of this name. */
  hasFolder(name: string): boolean {
    const path = join(this.#root, name);
    if (!isFolder(path)) return false;
    return !this.#choice.refuseSymlinks || this.#isOwn(name, () => realpathSync.native(path));
  }

  *#candidates(name: string): Generator<string> {
    const { extensions, index } = this.#choice;
    if (name.endsWith('/')) {
      for (const each of index) yield name + each;
      return;
    }
    yield name;
    if (extname(name) === '' && !this.hasFolder(name))
      for (const extension of extensions) yield `${name}.${extension}`;
  }

  /** Whether the real path of a name leads there without a symbolic link below the root. */
  #isOwn(name: string, realPath: () => string | undefined): boolean {
    try {
      return realPath() === join(realpathSync.native(this.#root), name);
    } catch {
      return false; // gone meanwhile
    }
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    // Below a file, for example, there is nothing.
    if (isNotThere(error)) return false;
    throw error;
  }
}
