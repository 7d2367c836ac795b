import { copyFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { XXHashAPI } from 'xxhash-wasm';
import { isCompressible } from '../../compression/compressed-content.ts';
import { ENCODED_FORMS, type EncodedForm } from '../../compression/content-encodings.ts';
import { hexadecimal } from '../../core/hash.ts';
import { inParallel } from '../../core/in-parallel.ts';
import type { FileRecord, PlannedFile, SiteFolder } from '../landing/index.ts';
import { COPY_ENCODINGS } from '../landing/options.ts';
import { makeFolderOf, writeStaged } from '../rendering/page-writer.ts';
import type { PlannedSite } from './planned-site.ts';

/** What is shorter is one packet of the network in either form. */
const LEAST_BYTES = 1024;
/** What is longer is hardly text; it would have to be held in memory. */
const MOST_BYTES = 64 * 1024 * 1024;

const FORMS = ENCODED_FORMS.filter(({ encoding }) => COPY_ENCODINGS.includes(encoding));

/** A compressed copy that was written; `undefined` where it would be no shorter. */
type StagedCopy = { readonly path: string; readonly record: FileRecord } | undefined;

/** Lays compressed copies beside the files that are worth it. */
export class Compressor {
  readonly #folder: SiteFolder;
  readonly #plan: PlannedSite;
  readonly #hashes: XXHashAPI;
  /** The copies of contents that several files have, as assets do under several fingerprints. */
  readonly #made = new Map<string, Promise<StagedCopy>>();

  constructor(folder: SiteFolder, plan: PlannedSite, hashes: XXHashAPI) {
    this.#folder = folder;
    this.#plan = plan;
    this.#hashes = hashes;
  }

  /** Compresses the files of the plan, but for those whose copies are there. */
  async compress(onProgress: (done: number, total: number) => void): Promise<void> {
    const files = [...this.#plan.files.values()].filter(isWorthIt);
    let done = 0;
    await inParallel(files, async (file) => {
      for (const form of FORMS) await this.#addCopy(file, form);
      onProgress((done += 1), files.length);
    });
  }

  async #addCopy(file: PlannedFile, form: EncodedForm): Promise<void> {
    const name = file.name + form.suffix;
    if (this.#plan.has(name)) return;
    const { digest, size, phase } = file.record;
    const source = `${digest} ${size}`;
    const before = this.#folder.previous.get(name);
    if (before?.source === source && this.#folder.isAsWritten(name)) {
      this.#plan.place({ name, record: { ...before, phase }, staged: undefined }, name);
      return;
    }
    const isShared = phase === 'asset';
    const key = source + form.suffix;
    const known = isShared ? this.#made.get(key) : undefined;
    const making = known ?? this.#make(file, form, source);
    if (isShared) this.#made.set(key, making);
    const copy = await making;
    if (copy === undefined) return;
    if (known === undefined) {
      this.#plan.place({ name, record: copy.record, staged: copy.path }, name);
      return;
    }
    const staged = this.#folder.stagedPath(name);
    makeFolderOf(staged);
    copyFileSync(copy.path, staged);
    this.#plan.place({ name, record: { ...copy.record, mtimeMs: statSync(staged).mtimeMs }, staged }, name);
  }

  async #make({ name, staged, record }: PlannedFile, form: EncodedForm, source: string): Promise<StagedCopy> {
    const bytes = await form.compress(await readFile(staged ?? join(this.#folder.out, name)));
    if (bytes.length >= record.size) return undefined;
    const path = this.#folder.stagedPath(name + form.suffix);
    const mtimeMs = writeStaged(path, bytes);
    const digest = hexadecimal(this.#hashes.h64Raw(bytes));
    return { path, record: { phase: record.phase, digest, size: bytes.length, mtimeMs, source } };
  }
}

function isWorthIt({ name, record: { size } }: PlannedFile): boolean {
  return size >= LEAST_BYTES && size <= MOST_BYTES && isCompressible(name);
}
