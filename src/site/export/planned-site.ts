import { quote } from '../../core/text.ts';
import { createSharing, type PlannedFile } from '../landing/index.ts';
import type { SiteFinding } from '../site.ts';

/** Whose a file is, as messages name it: a page by its URL, what is copied by its file. */
type Owner = string | { readonly url: string };

function nameOf(owner: Owner): string {
  return typeof owner === 'string' ? owner : owner.url;
}

/** The files of the new site, as they are found, each with one owner. */
export class PlannedSite {
  readonly files: Map<string, PlannedFile> = new Map();
  readonly findings: SiteFinding[] = [];
  readonly #owners = new Map<string, Owner>();
  readonly #share = createSharing();

  /**
   * Keeps the place of a file: the first that comes has it, and another is a finding.
   *
   * @returns whether the place was free
   */
  reserve(name: string, owner: Owner): boolean {
    const first = this.#owners.get(name);
    if (first === undefined) {
      this.#owners.set(name, owner);
      return true;
    }
    const [other, second] = [nameOf(first), nameOf(owner)];
    if (other !== second)
      this.findings.push({
        kind: 'FILE_SHARED',
        severity: 'error',
        file: name,
        message: `${quote(other)} and ${quote(second)} are both the file ${quote(name)}. Leave one out, or give it another name: pages have the option "file".`,
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
  place(file: PlannedFile, owner: Owner): void {
    if (this.reserve(file.name, owner)) this.add(file);
  }
}
