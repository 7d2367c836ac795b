import { isSameButForStatus, isUnchangedSince, type FileSignature } from '../files/file-signature.ts';
import { openFile, signatureAt, type OpenedFile } from './opened-file.ts';
import type { RootBoundary } from './root-boundary.ts';

/** How many files are remembered. */
const REMEMBERED = 10_000;

/** What was read from a file. */
interface FileContent {
  /** Whether the file has the time that releases give its bytes. */
  readonly isReleased: boolean;
}

/** A file as it was when it was read. */
interface FoundFile<Content> {
  readonly signature: FileSignature;
  readonly content: Promise<Content | undefined>;
}

/** Whether a file is what it was. */
async function isStill({ signature, content }: FoundFile<FileContent>, now: FileSignature): Promise<boolean> {
  if (isUnchangedSince(signature, now)) return true;
  if (!isSameButForStatus(signature, now)) return false;
  const { isReleased } = (await content.catch(() => undefined)) ?? {};
  return isReleased === true;
}

/**
 * What was read from files of releases. It is remembered for as long as it is the same file, since a release that was
 * pruned may be written again; what is missing is not, since the next deploy may bring it.
 */
export class FoundFiles<Content extends FileContent> {
  readonly #boundary: RootBoundary | undefined;
  readonly #found = new Map<string, FoundFile<Content>>();

  /** @param boundary - what files must be inside of; `undefined` when symbolic links may point anywhere */
  constructor(boundary: RootBoundary | undefined) {
    this.#boundary = boundary;
  }

  /**
   * What is in the file at a path.
   *
   * @param read - reads it when it is first found
   * @returns `undefined` when there is none
   */
  async at(path: string, read: (opened: OpenedFile) => Promise<Content>): Promise<Content | undefined> {
    const signature = await signatureAt(path);
    if (signature === undefined) {
      this.#found.delete(path);
      return undefined;
    }
    const known = this.#found.get(path);
    // Other releases give and take its names.
    if (known !== undefined && (await isStill(known, signature))) return known.content;
    const found = { signature, content: this.#open(path, read) };
    if (this.#found.size >= REMEMBERED) this.#found.clear();
    this.#found.set(path, found);
    let content: Content | undefined;
    try {
      content = await found.content;
    } finally {
      if (content === undefined && this.#found.get(path) === found) this.#found.delete(path);
    }
    return content;
  }

  async #open(path: string, read: (opened: OpenedFile) => Promise<Content>): Promise<Content | undefined> {
    const opened = await openFile(path, this.#boundary);
    if (opened === undefined) return undefined;
    try {
      return await read(opened);
    } finally {
      await opened.handle.close();
    }
  }
}
