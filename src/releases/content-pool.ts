import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, open, rm, stat, utimes, type FileHandle } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { XXHashAPI } from 'xxhash-wasm';
import type { Asset } from '../assets/index.ts';
import { holdsContent, isCompressible } from '../compression/compressed-content.ts';
import { ENCODED_FORMS, type EncodedForm } from '../compression/content-encodings.ts';
import { inParallel, PARALLEL_FILES } from '../core/in-parallel.ts';
import { StaticUrlError } from '../core/errors.ts';
import { hexadecimal } from '../core/hash.ts';
import { quote } from '../core/text.ts';
import { FILE_MODE, syncFile } from '../files/durable-files.ts';
import { describeReadError } from '../files/scan-folder.ts';
import { timeOfContent } from './release-layout.ts';
import type { ReleaseProgress } from './options.ts';
import { contentKey, type ContentKey, type PlannedContent } from './release-plan.ts';

/** Bytes that are ready to be linked to. */
export interface PooledContent {
  readonly file: string;
  readonly size: number;
  readonly integrity: string;
  /** Whether they were copied, not linked to those of an earlier release. */
  readonly copied: boolean;
  /** The lengths in bytes of its compressed copies, which are called like `file` with these suffixes. */
  readonly compressedCopies: Map<EncodedForm['suffix'], number>;
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
    await this.#work('copying', missing, PARALLEL_FILES, (content) => this.#obtain(content));
    if (!compress) return;
    const work = missing
      .filter(({ names }) => [...names].some(isCompressible))
      .flatMap((content) => ENCODED_FORMS.map((form) => ({ content, form })));
    await this.#work('compressing', work, availableParallelism(), ({ content, form }) =>
      this.#compress(content, form),
    );
  }

  async #work<Item>(
    stage: ReleaseProgress['stage'],
    items: readonly Item[],
    limit: number,
    work: (item: Item) => Promise<void>,
  ): Promise<void> {
    let done = 0;
    this.#onProgress({ stage, done, total: items.length });
    const workAndTell = async (item: Item): Promise<void> => {
      await work(item);
      this.#onProgress({ stage, done: (done += 1), total: items.length });
    };
    await inParallel(items, workAndTell, limit);
  }

  async #obtain({ key, asset, released }: PlannedContent): Promise<void> {
    const file = join(this.#folder, key);
    const linked =
      released === undefined
        ? undefined
        : await linkIfRight(released, file, async () => {
            const digest = await digestFile(released, this.#hashes);
            return digest.key === key ? digest : undefined;
          });
    const { integrity } = linked ?? (await copyAsset(asset, file, this.#hashes));
    const copied = linked === undefined;
    this.contents.set(key, { file, size: asset.size, integrity, copied, compressedCopies: new Map() });
  }

  /** What an earlier release compressed need not be compressed again, which takes long; that it is right is quickly seen. */
  async #compress({ key, asset, released }: PlannedContent, form: EncodedForm): Promise<void> {
    const content = this.contents.get(key);
    if (content === undefined) return;
    const target = content.file + form.suffix;
    const earlier = `${released}${form.suffix}`;
    const linked = content.copied
      ? undefined
      : await linkIfRight(earlier, target, async () => {
          const { size } = await stat(earlier);
          if (size >= asset.size) return undefined;
          return (await holdsContent(createReadStream(earlier), form, asset, this.#hashes))
            ? size
            : undefined;
        });
    const size = linked ?? (await compressTo(target, content.file, form, asset));
    if (size !== undefined) content.compressedCopies.set(form.suffix, size);
  }
}

/**
 * Links to a file of an earlier release. Not every file system links, and the file may be gone or damaged.
 *
 * @param check - gives what is known of the file when it is right
 * @returns that, or `undefined` when there is no link
 */
async function linkIfRight<Known>(
  file: string,
  target: string,
  check: () => Promise<Known | undefined>,
): Promise<Known | undefined> {
  try {
    const known = await check();
    if (known !== undefined) await link(file, target);
    return known;
  } catch {
    return undefined;
  }
}

/** @returns the length of the compressed copy, or `undefined` when there is none since it would not be shorter */
async function compressTo(
  target: string,
  file: string,
  { compressPieces }: EncodedForm,
  { hash, size }: Asset,
): Promise<number | undefined> {
  let compressed = 0;
  await writeReleased(target, hash, async (handle) => {
    const content = createReadStream(file, { highWaterMark: PIECE_BYTES });
    for await (const piece of compressPieces(content, size)) {
      compressed += piece.length;
      if (compressed >= size) return;
      await handle.writeFile(piece);
    }
  });
  if (compressed < size) return compressed;
  await rm(target);
  return undefined;
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
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw describeReadError('file', file, error);
  });
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
    await utimes(target, time, time);
    await syncFile(handle);
    return result;
  } finally {
    await handle.close();
  }
}
