import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, gzipSync } from 'node:zlib';
import type { CopyEncoding } from './options.ts';

/** A page's body, compressed. */
export interface CompressedCopy {
  readonly encoding: CopyEncoding;
  readonly body: Buffer;
}

/** Of a small page another thread would be told longer than it works, in bytes. */
const SMALL_BYTES = 16 * 1024;
const GZIP = { level: 6 };
const gzipElsewhere = promisify<Buffer, object, Buffer>(gzip);
const brotliElsewhere = promisify<Buffer, object, Buffer>(brotliCompress);

/** Quick, for a visitor waits; a page is compressed once for all that get it. */
const COMPRESSORS: Readonly<Record<CopyEncoding, (body: Buffer) => Buffer | Promise<Buffer>>> = {
  gzip: (body) => (body.length <= SMALL_BYTES ? gzipSync(body, GZIP) : gzipElsewhere(body, GZIP)),
  br: (body) =>
    brotliElsewhere(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 5,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
};

/** The smaller first. */
const PREFERRED: readonly CopyEncoding[] = ['br', 'gzip'];

/** Compresses a body, in each coding that makes it shorter. */
export async function compressBody(
  body: Buffer,
  encodings: readonly CopyEncoding[],
): Promise<readonly CompressedCopy[]> {
  const copies: CompressedCopy[] = [];
  for (const encoding of PREFERRED)
    if (encodings.includes(encoding)) copies.push({ encoding, body: await COMPRESSORS[encoding](body) });
  return copies.filter((copy) => copy.body.length < body.length);
}
