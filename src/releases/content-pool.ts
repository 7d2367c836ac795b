import { link, open, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { XXHashAPI } from 'xxhash-wasm';
import { FILE_MODE } from '../files/durable-files.ts';
import type { ContentKey } from './content.ts';
import { copyAsset, digestFile, finish, type Digest } from './digested-copy.ts';
import { ENCODERS, isCompressible, type Encoder } from '../compression/encoders.ts';
import { inParallel } from './in-parallel.ts';
import { PARALLEL_FILES } from './release-layout.ts';
import type { ReleaseProgress } from './options.ts';
import type { PlannedContent } from './release-plan.ts';

/** A compressed copy. */
export interface Sidecar {
  readonly suffix: Encoder['suffix'];
  readonly file: string;
  /** In bytes. */
  readonly size: number;
}

/** Bytes that are ready to be linked to. */
export interface PooledContent {
  readonly file: string;
  readonly size: number;
  readonly integrity: string;
  /** Whether they were copied, not linked to those of an earlier release. */
  readonly copied: boolean;
  readonly sidecars: readonly Sidecar[];
}

/** Brings the bytes of a release together, each once however many names they have. */
export class ContentPool {
  readonly #folder: string;
  readonly #hashes: XXHashAPI;
  readonly #onProgress: (progress: ReleaseProgress) => void;
  readonly contents: Map<ContentKey, PooledContent & { sidecars: Sidecar[] }> = new Map();

  /** @param folder - an empty folder of the run's own */
  constructor(folder: string, hashes: XXHashAPI, onProgress: (progress: ReleaseProgress) => void) {
    this.#folder = folder;
    this.#hashes = hashes;
    this.#onProgress = onProgress;
  }

  /**
   * Takes in what is not there yet.
   *
   * @throws {@link StaticUrlError} `FILE_CHANGED`, `FILE_UNREADABLE`
   */
  async fill(planned: readonly PlannedContent[], compress: boolean): Promise<void> {
    const missing = planned.filter(({ key }) => !this.contents.has(key));
    const tick = this.#counter('copying', missing.length);
    await inParallel(missing, PARALLEL_FILES, async (content) => {
      this.contents.set(content.key, await this.#obtain(content));
      tick();
    });
    if (compress) await this.#compressAll(missing);
  }

  async #obtain({ key, asset, released }: PlannedContent): Promise<PooledContent & { sidecars: Sidecar[] }> {
    const file = join(this.#folder, key);
    const linked = released === undefined ? undefined : await this.#linkReleased(key, released, file);
    const { integrity } = linked ?? (await copyAsset(asset, file, this.#hashes));
    return { file, size: asset.size, integrity, copied: linked === undefined, sidecars: [] };
  }

  /** Not every file system links, and an earlier release may be gone or damaged: then the file is copied. */
  async #linkReleased(key: ContentKey, released: string, file: string): Promise<Digest | undefined> {
    try {
      const digest = await digestFile(released, this.#hashes);
      if (digest.key !== key) return undefined;
      await link(released, file);
      return digest;
    } catch {
      return undefined;
    }
  }

  async #compressAll(planned: readonly PlannedContent[]): Promise<void> {
    const work = planned
      .filter(({ names }) => [...names].some(isCompressible))
      .flatMap((content) => ENCODERS.map((encoder) => ({ content, encoder })));
    const tick = this.#counter('compressing', work.length);
    await inParallel(work, availableParallelism(), async ({ content, encoder }) => {
      const pooled = this.contents.get(content.key);
      if (pooled === undefined) return;
      const file = `${pooled.file}${encoder.suffix}`;
      const bytes = await readFile(pooled.file);
      const size =
        (pooled.copied ? undefined : await this.#linkSidecar(content, encoder, bytes, file)) ??
        (await compressTo(file, bytes, encoder, content.asset.hash));
      if (size !== undefined) pooled.sidecars.push({ suffix: encoder.suffix, file, size });
      tick();
    });
  }

  /** What an earlier release compressed need not be compressed again, which takes long; that it is right is quickly seen. */
  async #linkSidecar(
    { released }: PlannedContent,
    { suffix, decompress }: Encoder,
    bytes: Buffer,
    file: string,
  ): Promise<number | undefined> {
    try {
      const compressed = await readFile(`${released}${suffix}`);
      if (compressed.length >= bytes.length || !bytes.equals(await decompress(compressed))) return undefined;
      await link(`${released}${suffix}`, file);
      return compressed.length;
    } catch {
      return undefined;
    }
  }

  #counter(stage: ReleaseProgress['stage'], total: number): () => void {
    let done = 0;
    this.#onProgress({ stage, done, total });
    return () => {
      done += 1;
      this.#onProgress({ stage, done, total });
    };
  }
}

/** @returns the length of the compressed copy, or `undefined` when there is none since it would not be shorter */
async function compressTo(
  file: string,
  bytes: Buffer,
  { compress }: Encoder,
  hash: string,
): Promise<number | undefined> {
  const compressed = await compress(bytes);
  if (compressed.length >= bytes.length) return undefined;
  const handle = await open(file, 'wx', FILE_MODE);
  try {
    await handle.writeFile(compressed);
    await finish(handle, hash);
  } finally {
    await handle.close();
  }
  return compressed.length;
}
