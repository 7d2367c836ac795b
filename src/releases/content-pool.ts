import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { XXHashAPI } from 'xxhash-wasm';
import type { Asset } from '../assets/index.ts';
import { holdsContent, isCompressible } from '../compression/compressed-content.ts';
import { ENCODED_FORMS, type EncodedForm } from '../compression/content-encodings.ts';
import { PARALLEL_FILES } from '../core/in-parallel.ts';
import { StaticUrlError } from '../core/errors.ts';
import { hexadecimal } from '../core/hash.ts';
import { quote } from '../core/text.ts';
import { describeReadError } from '../files/scan-folder.ts';
import type { ReleaseProgress } from './options.ts';
import { contentKey, type ContentKey, type PlannedContent } from './release-plan.ts';
import { linkIfRight, writeReleased } from './released-file.ts';
import { workThrough } from './stage.ts';

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

/** The length in bytes of the shortest form that a content has, compressed or not. */
export function shortestForm({ size, compressedCopies }: PooledContent): number {
  return Math.min(size, ...compressedCopies.values());
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
    const onProgress = this.#onProgress;
    const copying = { stage: 'copying', limit: PARALLEL_FILES, onProgress } as const;
    await workThrough(copying, missing, (content) => this.#obtain(content));
    if (!compress) return;
    const work = missing
      .filter(({ names }) => [...names].some(isCompressible))
      .flatMap((content) => ENCODED_FORMS.map((form) => ({ content, form })));
    const compressing = { stage: 'compressing', limit: availableParallelism(), onProgress } as const;
    await workThrough(compressing, work, ({ content, form }) => this.#compress(content, form));
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
