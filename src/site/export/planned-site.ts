import { quote } from '../../core/text.ts';
import { createSharing, type FileRecord, type PlannedFile } from '../landing/index.ts';
import type { SiteFinding } from '../site.ts';

/** A file that is staged where its name says: 100,000 paths that differ by their ends would take their room. */
class StagedFile implements PlannedFile {
  readonly name: string;
  readonly record: FileRecord;
  readonly #staging: string;

  constructor(name: string, record: FileRecord, staging: string) {
    this.name = name;
    this.record = record;
    this.#staging = staging;
  }

  get staged(): string {
    return `${this.#staging}/${this.name}`;
  }
}

/** The files of the new site, as they are found, each with one owner. */
export class PlannedSite {
  readonly files: Map<string, PlannedFile> = new Map();
  readonly findings: SiteFinding[] = [];
  /** `undefined` for a page whose URL follows from its file. */
  readonly #owners = new Map<string, string | undefined>();
  readonly #share = createSharing();
  readonly #staging: string;
  readonly #urlOfFile: (file: string) => string;

  /**
   * @param staging - the folder below which files are written by their names
   * @param urlOfFile - the URL of the page that a file is, where it has no other name
   */
  constructor(staging: string, urlOfFile: (file: string) => string) {
    this.#staging = staging;
    this.#urlOfFile = urlOfFile;
  }

  /**
   * Keeps the place of a file: the first that comes has it, and another is a finding.
   *
   * @param owner - whose file it is, as messages name it: a URL, or the file that is copied; `undefined` for a page whose
   *   URL follows from its file
   * @returns whether the place was free
   */
  reserve(name: string, owner: string | undefined): boolean {
    if (!this.#owners.has(name)) {
      this.#owners.set(name, owner);
      return true;
    }
    const first = this.#owners.get(name);
    const [one, other] = [first, owner].map((each) => quote(each ?? this.#urlOfFile(name)));
    if (owner === undefined || first !== owner)
      this.findings.push({
        kind: 'FILE_SHARED',
        severity: 'error',
        file: name,
        message: `${one} and ${other} are both the file ${quote(name)}. Leave one out, or give it another name: pages have the option "file".`,
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
    const shared = this.#share(record);
    const isByName = staged === `${this.#staging}/${name}`;
    this.files.set(
      name,
      isByName ? new StagedFile(name, shared, this.#staging) : { name, record: shared, staged },
    );
  }

  /** Adds a file, if its place is free. */
  place(file: PlannedFile, owner: string): void {
    if (this.reserve(file.name, owner)) this.add(file);
  }
}
