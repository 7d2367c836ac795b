import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  type Dirent,
  type Stats,
} from 'node:fs';
import { systemErrorCode } from '../../core/errors.ts';
import { FILE_MODE, makeFolder } from '../../files/durable-files.ts';
import type { FileRecord } from './planned-file.ts';
import { FOLDER_MODE } from './site-layout.ts';

/** How far two times may differ and still be one: a time that was set on a copy is rounded to microseconds. */
const TIME_STEP_MILLISECONDS = 0.005;

/**
 * The folder in which a site's files are, by names relative to it. No symbolic link in it is followed, since it may lead
 * anywhere: one that is in the way of a file is moved away as a file would be.
 */
export class SiteTree {
  readonly folder: string;
  /** Folders in it that were seen or made, the folder itself as the empty name. */
  readonly #folders = new Set<string>();
  /** An empty folder of the run, for what is in the way. */
  readonly #aside: string;
  #asideCount = 0;

  constructor(folder: string, aside: string) {
    this.folder = folder;
    this.#aside = aside;
  }

  /** Whether a file is there as it was written. */
  holds(name: string, { size, mtimeMs }: FileRecord): boolean {
    const found = this.#find(name);
    return (
      found?.isFile() === true &&
      found.size === size &&
      Math.abs(found.mtimeMs - mtimeMs) < TIME_STEP_MILLISECONDS
    );
  }

  /** What is in the way of a file, by its name: a file, a link or a folder at its place, or a file where a folder has to be. */
  inTheWayOf(name: string): string | undefined {
    for (let folder = parentOf(name); folder !== ''; folder = parentOf(folder)) {
      const found = this.#find(folder);
      if (found !== undefined && !found.isDirectory()) return folder;
    }
    return this.#find(name) === undefined ? undefined : name;
  }

  /** Puts a file in its place by one rename, and makes room for it. */
  put(name: string, staged: string): void {
    this.makeFolderOf(name);
    chmodSync(staged, FILE_MODE);
    const path = this.#path(name);
    try {
      renameSync(staged, path);
    } catch (error) {
      if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
      this.#moveAside(name);
      renameSync(staged, path);
    }
  }

  /** Makes sure that the folder of a file is there. */
  makeFolderOf(name: string): void {
    this.#makeFolder(parentOf(name));
  }

  /** Removes a file, or a link; returns whether it was there. */
  remove(name: string): boolean {
    const found = this.#find(name);
    if (found === undefined || found.isDirectory()) return false;
    unlinkSync(this.#path(name));
    return true;
  }

  /** Removes a folder in the tree if it is empty; returns whether it has gone. */
  removeEmpty(folder: string): boolean {
    if (folder === '' || !this.#isFolder(folder)) return false;
    try {
      rmdirSync(this.#path(folder));
    } catch (error) {
      if (['ENOTEMPTY', 'EEXIST'].includes(systemErrorCode(error) ?? '')) return false;
      throw error;
    }
    this.#folders.delete(folder);
    return true;
  }

  /** What is in a folder of the tree. */
  read(folder: string): Dirent[] {
    return this.#isFolder(folder) ? readdirSync(this.#path(folder), { withFileTypes: true }) : [];
  }

  /** Names are normalized: `join` would take as long as the file operation. */
  #path(name: string): string {
    return name === '' ? this.folder : `${this.folder}/${name}`;
  }

  #find(name: string): Stats | undefined {
    if (!this.#isFolder(parentOf(name))) return undefined;
    return lstatSync(this.#path(name), { throwIfNoEntry: false });
  }

  /** Whether a folder is one, and all above it in the tree are. */
  #isFolder(folder: string): boolean {
    if (this.#folders.has(folder)) return true;
    if (folder !== '' && !this.#isFolder(parentOf(folder))) return false;
    const found = lstatSync(this.#path(folder), { throwIfNoEntry: false });
    if (found?.isDirectory() !== true) return false;
    this.#folders.add(folder);
    return true;
  }

  #makeFolder(folder: string): void {
    if (this.#folders.has(folder)) return;
    const path = this.#path(folder);
    if (folder === '') makeFolder(path, FOLDER_MODE);
    else {
      this.#makeFolder(parentOf(folder));
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found?.isDirectory() !== true) {
        if (found !== undefined) this.#moveAside(folder);
        mkdirSync(path);
        chmodSync(path, FOLDER_MODE);
      }
    }
    this.#folders.add(folder);
  }

  /** One rename, however much a folder holds. */
  #moveAside(name: string): void {
    renameSync(this.#path(name), `${this.#aside}/${this.#asideCount}`);
    this.#asideCount += 1;
    for (const folder of this.#folders)
      if (folder === name || folder.startsWith(`${name}/`)) this.#folders.delete(folder);
  }
}

/** The folder that a name is in, empty at the top. */
export function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}
