import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, type Transform } from 'node:stream';
import zlib from 'node:zlib';
import {
  isSameButForStatus,
  isUnchangedSince,
  signatureOf,
  type FileSignature,
} from '../assets/file-signature.ts';
import { settledSignature } from '../assets/settled-signature.ts';
import type { ContentDigest } from './content-digest.ts';
import { CONTENT_ENCODINGS, type ContentEncoding } from './encoding.ts';
import { Representation } from './representation.ts';
import { zstdChecksum } from './zstd-frame.ts';

/**
 * The compressed forms of a file that lie beside it, by the server's preference; none is known to be right yet.
 *
 * @param find - looks for a file by its path
 */
export function findSidecars(
  path: string,
  find: (path: string) => FileSignature | undefined,
): readonly Representation[] {
  const sidecars: Representation[] = [];
  for (const { encoding, extension } of CONTENT_ENCODINGS) {
    const sidecar = path + extension;
    const signature = find(sidecar);
    if (signature !== undefined) sidecars.push(new Representation({ path: sidecar, signature, encoding }));
  }
  return sidecars;
}

/**
 * Makes sure, once for each, that a sidecar holds the content of its file. One that was left behind by an older build
 * would else be kept for ever under the URL of the new one, and times do not tell: a checkout or a copy sets them anew.
 */
export class SidecarProofs {
  readonly #digest: ContentDigest;
  readonly #proofs = new WeakMap<Representation, Promise<boolean>>();

  constructor(digest: ContentDigest) {
    this.#digest = digest;
  }

  /**
   * Decompresses a sidecar and compares; its own digest is known afterwards.
   *
   * @param contentHash - XXH64 of the file as it is
   */
  prove(sidecar: Representation, contentHash: string): Promise<boolean> {
    const known = this.#proofs.get(sidecar);
    if (known !== undefined) return known;
    const proof = this.#compare(sidecar, contentHash).catch(() => false);
    this.#proofs.set(sidecar, proof);
    return proof;
  }

  async #compare(sidecar: Representation, contentHash: string): Promise<boolean> {
    const { path, encoding, bytes } = sidecar;
    const signature = await settledSignature(path);
    if (!isSameButForStatus(sidecar.signature, signature)) return false;
    const read = (): Readable => (bytes === undefined ? createReadStream(path) : Readable.from([bytes]));
    const decompress = decompressor(encoding);
    const holdsContent =
      decompress === undefined
        ? contentHash.endsWith((await zstdChecksum(path)) ?? 'none')
        : contentHash === (await this.#digest.ofStream(read(), decompress));
    if (!holdsContent) return false;
    const hash = await this.#digest.ofStream(read());
    if (!isUnchangedSince(signature, signatureOf(await stat(path)))) return false;
    sidecar.signature = signature;
    sidecar.hash = hash;
    return true;
  }
}

function decompressor(encoding: ContentEncoding | undefined): Transform | undefined {
  if (encoding === 'br') return zlib.createBrotliDecompress();
  if (encoding === 'gzip') return zlib.createGunzip();
  // From Node 22.15 on.
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  return isTransformFactory(create) ? create() : undefined;
}

function isTransformFactory(value: unknown): value is () => Transform {
  return typeof value === 'function';
}
