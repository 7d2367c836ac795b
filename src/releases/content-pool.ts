import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { XXHashAPI } from 'xxhash-wasm';
import type { Asset } from '../assets/index.ts';
import { holdsContent, isCompressible } from '../compression/compressed-content.ts';
import { ENCODED_FORMS, type EncodedForm } from '../compression/content-encodings.ts';
import { StaticUrlError } from '../core/errors.ts';
import { hexadecimal } from '../core/hash.ts';
import { quote } from '../core/options.ts';
import { FILE_MODE } from '../files/atomic-file.ts';
import { describeReadError } from '../files/scan-folder.ts';
import { inParallel } from './disk-access.ts';
import { timeOfContent } from './release-layout.ts';
import type { ReleaseProgress } from './release-options.ts';
import { contentKey, type ContentKey, type PlannedContent } from './release-plan.ts';

/** A compressed copy of some bytes. */
export interface CompressedCopy {
  readonly suffix: EncodedForm['suffix'];
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
  readonly compressedCopies: CompressedCopy[];
}

/** Brings the bytes of a release together, each once however many names they have. */
export class ContentPool {
  readonly #folder: string;
  readonly #hashes: XXHashAPI;
  readonly #onProgress: (progress: ReleaseProgress) => void;
  readonly contents: Map<ContentKey, PooledContent> = new Map();

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
    await inParallel(missing, async (content) => {
      this.contents.set(content.key, await this.#obtain(content));
      tick();
    });
    if (compress) await this.#compressAll(missing);
  }

  async #obtain({ key, asset, released }: PlannedContent): Promise<PooledContent> {
    const file = join(this.#folder, key);
    const linked = released === undefined ? undefined : await this.#linkReleased(key, released, file);
    const { integrity } = linked ?? (await copyAsset(asset, file, this.#hashes));
    return { file, size: asset.size, integrity, copied: linked === undefined, compressedCopies: [] };
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
      .flatMap((content) => ENCODED_FORMS.map((form) => ({ content, form })));
    const tick = this.#counter('compressing', work.length);
    const compressOne = async ({ content, form }: (typeof work)[number]): Promise<void> => {
      const pooled = this.contents.get(content.key);
      if (pooled === undefined) return;
      const file = `${pooled.file}${form.suffix}`;
      const size =
        (pooled.copied ? undefined : await this.#linkCompressedCopy(content, form, file)) ??
        (await compressTo(file, pooled.file, form, content.asset.hash));
      if (size !== undefined) pooled.compressedCopies.push({ suffix: form.suffix, file, size });
      tick();
    };
    await inParallel(work, compressOne, availableParallelism());
  }

  /** What an earlier release compressed need not be compressed again, which takes long; that it is right is quickly seen. */
  async #linkCompressedCopy(
    { asset, released }: PlannedContent,
    form: EncodedForm,
    file: string,
  ): Promise<number | undefined> {
    const copy = `${released}${form.suffix}`;
    try {
      const { size } = await stat(copy);
      if (size >= asset.size || !(await holdsContent(createReadStream(copy), form, asset, this.#hashes)))
        return undefined;
      await link(copy, file);
      return size;
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
  target: string,
  file: string,
  { compress }: EncodedForm,
  hash: string,
): Promise<number | undefined> {
  const bytes = await readFile(file);
  const compressed = await compress(bytes);
  if (compressed.length >= bytes.length) return undefined;
  await writeReleased(target, hash, (handle) => handle.writeFile(compressed));
  return compressed.length;
}

/** What the bytes of a file are known by. */
export interface Digest {
  readonly key: ContentKey;
  /** `sha384-…` (Subresource Integrity). */
  readonly integrity: string;
}

const PIECE_BYTES = 256 * 1024;

/**
 * Reads a file, whatever its length, in pieces.
 *
 * @param take - given each piece, which it may use until its promise resolves
 */
export async function digestFile(
  file: string,
  hashes: XXHashAPI,
  take?: (piece: Buffer) => Promise<void>,
): Promise<Digest> {
  const fast = hashes.create64();
  const strong = createHash('sha384');
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  let size = 0;
  const handle = await openSource(file);
  try {
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, PIECE_BYTES, null);
      if (bytesRead === 0) break;
      const bytes = piece.subarray(0, bytesRead);
      fast.update(bytes);
      strong.update(bytes);
      size += bytesRead;
      await take?.(bytes);
    }
  } finally {
    await handle.close();
  }
  const key = contentKey({ hash: hexadecimal(fast.digest()), size });
  return { key, integrity: `sha384-${strong.digest('base64')}` };
}

async function openSource(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    throw describeReadError('file', file, error);
  }
}

/** Copies an asset, and makes sure that its bytes are still those that its fingerprint was made of. */
async function copyAsset(asset: Asset, target: string, hashes: XXHashAPI): Promise<Digest> {
  return writeReleased(target, asset.hash, async (copy) => {
    const copied = await digestFile(asset.file, hashes, (piece) => copy.writeFile(piece));
    if (copied.key === contentKey(asset)) return copied;
    throw new StaticUrlError(
      'FILE_CHANGED',
      `The file ${quote(asset.file)} changed while the release was being written. Let the build finish, then release again.`,
    );
  });
}

/** Writes a file with the mode and the time that it has in every release, and waits until it is on the disk. */
async function writeReleased<Result>(
  target: string,
  hash: string,
  write: (handle: FileHandle) => Promise<Result>,
): Promise<Result> {
  const handle = await open(target, 'wx', FILE_MODE);
  try {
    const result = await write(handle);
    const time = timeOfContent(hash);
    await handle.chmod(FILE_MODE);
    await handle.utimes(time, time);
    await handle.sync();
    return result;
  } finally {
    await handle.close();
  }
}
