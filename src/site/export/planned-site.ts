import { quote } from '../../core/text.ts';
import { createSharing, type PlannedFile } from '../landing/index.ts';
import type { SiteFinding } from '../site.ts';

/** The files of the new site, as they are found, each with one owner. */
export class PlannedSite {
  readonly files: Map<string, PlannedFile> = new Map();
  readonly findings: SiteFinding[] = [];
  readonly #owners = new Map<string, string>();
  readonly #share = createSharing();

  /**
   * Keeps the place of a file: the first that comes has it, and another is a finding.
   *
   * @param owner - whose file it is, as messages name it: a URL, or the file that is copied
   * @returns whether the place was free
   */
  reserve(name: string, owner: string): boolean {
    const other = this.#owners.get(name);
    if (other === undefined) {
      this.#owners.set(name, owner);
      return true;
    }
    if (other !== owner)
      this.findings.push({
        kind: 'FILE_SHARED',
        severity: 'error',
        file: name,
        message: `${quote(other)} and ${quote(owner)} are both the file ${quote(name)}. Leave one out, or give it another name: pages have the option "file".`,
      });
    return false;
  }

  /** Gives up the place of a file that is not there. */
  release(name: string): void {
    this.#owners.delete(name);
  }

  /** Whether a file of this name is known. */
  has(name: string): boolean {
    return this.#owners.has(name);
  }

  /** Adds a file whose place is kept. */
  add({ name, record, staged }: PlannedFile): void {
    this.files.set(name, { name, record: this.#share(record), staged });
  }

  /** Adds a file, if its place is free. */
  place(file: PlannedFile, owner: string): void {
    if (this.reserve(file.name, owner)) this.add(file);
  }
}
