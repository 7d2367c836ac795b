import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { normalize } from 'node:path/posix';
import type { XXHashAPI } from 'xxhash-wasm';
import type { DeltaMaker, DeltaVersions } from '../compression/delta-maker.ts';
import { hexadecimal } from '../core/hash.ts';
import { inParallel } from '../core/in-parallel.ts';
import { digestFile, shortestForm, type PooledContent } from './content-pool.ts';
import { isWorthDelta, type PlannedDelta } from './delta-plan.ts';
import { parentsOf } from './name-plan.ts';
import type { ReleaseProgress } from './options.ts';
import { DELTA_SUFFIX, deltaName, folderOf, timeOfContent, type ReleaseLayout } from './release-layout.ts';
import { contentKey, type ContentKey } from './release-plan.ts';
import { linkIfRight, writeReleased, type ReleasedFile } from './released-file.ts';
import { workThrough } from './stage.ts';

/** The unit in which `stat` counts, whatever the file system's is. */
const BLOCK_BYTES = 512;

/** A delta that is ready to be linked to. */
export interface PooledDelta {
  /** The SHA-256 of its dictionary, in base64. */
  readonly dictionary: string;
  readonly file: string;
  /** XXH64 of its own bytes. */
  readonly hash: string;
  readonly size: number;
  /** Whether it is that of an earlier release. */
  readonly linked: boolean;
}

/** Brings the deltas of a release together, each once however many folders have it. */
export class DeltaPool {
  readonly #folder: string;
  readonly #maker: DeltaMaker;
  readonly #hashes: XXHashAPI;
  readonly #onProgress: (progress: ReleaseProgress) => void;
  readonly #places: Map<string, ReleasedFile[]> = new Map();
  /** By their keys; `undefined` where there is none. */
  readonly #deltas: Map<string, PooledDelta | undefined> = new Map();

  /** @param folder - an empty folder of the run's own */
  constructor(
    folder: string,
    maker: DeltaMaker,
    hashes: XXHashAPI,
    onProgress: (progress: ReleaseProgress) => void,
  ) {
    this.#folder = folder;
    this.#maker = maker;
    this.#hashes = hashes;
    this.#onProgress = onProgress;
  }

  /** Those that there are. */
  get deltas(): PooledDelta[] {
    return [...this.#deltas.values()].filter((delta) => delta !== undefined);
  }

  /** Takes in what is not there yet. */
  async fill(
    planned: readonly PlannedDelta[],
    contents: ReadonlyMap<ContentKey, PooledContent>,
  ): Promise<void> {
    const { capacity: limit } = this.#maker;
    const missing = planned.filter(({ key }) => !this.#deltas.has(key));
    const making = { stage: 'making deltas', limit, onProgress: this.#onProgress } as const;
    await workThrough(making, missing, async (delta) => {
      this.#deltas.set(delta.key, await this.#obtain(delta, contents.get(delta.content)));
    });
    this.#places.clear();
    for (const { key, places } of planned)
      for (const [fingerprint, names] of places) this.#place(fingerprint, names, this.#deltas.get(key));
  }

  #place(fingerprint: string, names: Iterable<string>, delta: PooledDelta | undefined): void {
    if (delta === undefined) return;
    const files = this.#places.get(fingerprint) ?? [];
    this.#places.set(fingerprint, files);
    // Base64 may have slashes side by side.
    for (const name of names) files.push({ ...delta, name: normalize(deltaName(name, delta.dictionary)) });
  }

  /** How many bytes of the disk they take: files that were made, and the folders that hold deltas alone. */
  async diskUse(layout: ReleaseLayout): Promise<number> {
    const paths = new Set(this.deltas.filter(({ linked }) => !linked).map(({ file }) => file));
    for (const [fingerprint, files] of this.#places)
      for (const { name } of files) {
        // There is no dot in base64.
        const folders = parentsOf(name).filter((folder) => folder.length > name.lastIndexOf(DELTA_SUFFIX));
        for (const folder of folders) paths.add(join(folderOf(layout, fingerprint), folder));
      }
    let blocks = 0;
    await inParallel([...paths], async (path) => {
      // A prune may have removed it again.
      const found = await stat(path).catch(() => undefined);
      blocks += found?.blocks ?? 0;
    });
    return blocks * BLOCK_BYTES;
  }

  /** What the folder of a fingerprint is to have, with names as in it. */
  placedIn(fingerprint: string): readonly ReleasedFile[] {
    return this.#places.get(fingerprint) ?? [];
  }

  async #obtain(planned: PlannedDelta, content: PooledContent | undefined): Promise<PooledDelta | undefined> {
    if (content === undefined || !isWorthDelta(shortestForm(content))) return undefined;
    const dictionary = await this.#digestOf(planned.dictionary);
    if (dictionary === undefined) return undefined;
    const versions = { dictionary: planned.dictionary.file, content: content.file };
    const target = join(this.#folder, planned.key);
    for (const file of planned.earlier) {
      const earlier = deltaName(file, dictionary);
      const known = await linkIfRight(earlier, target, () =>
        this.#checkEarlier(earlier, versions, shortestForm(content)),
      );
      if (known !== undefined) return { ...known, dictionary, file: target, linked: true };
    }
    const made = await this.#maker.make(versions);
    if (made === undefined || made.dictionary !== dictionary) return undefined;
    const { bytes } = made;
    if (!isWorthDelta(shortestForm(content), bytes.length)) return undefined;
    const hash = this.#hashOf(bytes);
    await writeReleased(target, hash, (handle) => handle.writeFile(bytes));
    return { dictionary, file: target, hash, size: bytes.length, linked: false };
  }

  /** The SHA-256 of an older version, in base64, unless it is gone or damaged. */
  async #digestOf(asset: PlannedDelta['dictionary']): Promise<string | undefined> {
    const digest = createHash('sha256');
    try {
      const { key } = await digestFile(asset.file, this.#hashes, async (piece) => void digest.update(piece));
      return key === contentKey(asset) ? digest.digest('base64') : undefined;
    } catch {
      return undefined;
    }
  }

  /** That a delta is right is quickly seen, whereas to make one takes long. */
  async #checkEarlier(
    file: string,
    versions: DeltaVersions,
    shortest: number,
  ): Promise<Pick<PooledDelta, 'hash' | 'size'> | undefined> {
    const bytes = await readFile(file);
    const hash = this.#hashOf(bytes);
    const isWhole = (await stat(file)).mtimeMs === timeOfContent(hash) * 1000;
    if (!isWhole || !isWorthDelta(shortest, bytes.length)) return undefined;
    return (await this.#maker.holds(file, versions)) ? { hash, size: bytes.length } : undefined;
  }

  #hashOf(bytes: Uint8Array): string {
    return hexadecimal(this.#hashes.h64Raw(bytes));
  }
}
