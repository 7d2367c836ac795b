import type { Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';

/** A content coding that a compressed copy of a file may have (RFC 9110 §8.4.1). */
export type ContentEncoding = 'br' | 'zstd' | 'gzip';

/** Content in pieces. */
type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** A coding, and how a file's compressed copy is named, written and read. */
export interface EncodedForm {
  readonly encoding: ContentEncoding;
  /** What follows the file's name in the name of the copy. */
  readonly suffix: '.br' | '.gz' | '.zst';
  /** Compresses as far as the coding can; equal bytes give equal copies on every host. */
  readonly compress: (bytes: Uint8Array) => Promise<Buffer>;
  /** The same for content of any size in bytes, which need not fit into memory. */
  readonly compressPieces: (pieces: Pieces, size: number) => AsyncIterable<Buffer>;
  readonly createDecoder: () => Transform;
}

interface ZstdOptions {
  readonly params: Record<number, number>;
  readonly pledgedSrcSize: number;
}

// From Node 22.15; the types are those of the oldest Node.
const {
  createZstdCompress,
  createZstdDecompress,
}: {
  gzip: unknown;
  createZstdCompress?: (options: ZstdOptions) => Transform;
  createZstdDecompress?: () => Transform;
} = zlib;

/** ZSTD_c_compressionLevel of zstd.h, and the highest level that asks the browser for no memory beyond the usual. */
const [ZSTD_LEVEL_PARAMETER, ZSTD_LEVEL] = [100, 19];

/** The byte of a gzip header that names the operating system, and its value for none (RFC 1952 §2.3.1). */
const [GZIP_SYSTEM_OFFSET, GZIP_UNKNOWN_SYSTEM] = [9, 255];

/** A parameter of Brotli has 32 bits. */
const LARGEST_SIZE_HINT = 2 ** 32 - 1;

/**
 * The codings that this Node can read and write, by a server's preference: mostly the smallest first. A Node without
 * Zstandard cannot tell what is in a `.zst`, so it never sends one.
 */
export const ENCODED_FORMS: readonly EncodedForm[] = forms().map((form) => ({
  ...form,
  compress: (bytes) => buffer(form.compressPieces([bytes], bytes.length)),
}));

function forms(): Omit<EncodedForm, 'compress'>[] {
  return [
    {
      encoding: 'br',
      suffix: '.br',
      compressPieces: (pieces, size) =>
        encoded(
          pieces,
          zlib.createBrotliCompress({
            params: {
              [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MAX_QUALITY,
              [zlib.constants.BROTLI_PARAM_SIZE_HINT]: Math.min(size, LARGEST_SIZE_HINT),
            },
          }),
        ),
      createDecoder: () => zlib.createBrotliDecompress(),
    },
    ...zstdForm(),
    {
      encoding: 'gzip',
      suffix: '.gz',
      async *compressPieces(pieces) {
        let isHead = true;
        for await (const piece of encoded(pieces, zlib.createGzip({ level: 9 }))) {
          if (isHead) piece[GZIP_SYSTEM_OFFSET] = GZIP_UNKNOWN_SYSTEM;
          isHead = false;
          yield piece;
        }
      },
      createDecoder: () => zlib.createGunzip(),
    },
  ];
}

function zstdForm(): Omit<EncodedForm, 'compress'>[] {
  if (createZstdCompress === undefined || createZstdDecompress === undefined) return [];
  return [
    {
      encoding: 'zstd',
      suffix: '.zst',
      compressPieces: (pieces, size) =>
        encoded(
          pieces,
          createZstdCompress({ params: { [ZSTD_LEVEL_PARAMETER]: ZSTD_LEVEL }, pledgedSrcSize: size }),
        ),
      createDecoder: createZstdDecompress,
    },
  ];
}

/** What comes out of an encoder for some content. */
async function* encoded(pieces: Pieces, encoder: Transform): AsyncGenerator<Buffer> {
  // Reading the encoder throws what goes wrong here.
  pipeline(pieces, encoder).catch(() => {});
  yield* encoder;
}

/** Whether a name is that of the compressed copy of a file that lies beside it, also in a coding that this Node does not know. */
export function isCompressedCopy(name: string, all: ReadonlySet<string>): boolean {
  const [, original = ''] = /^(.+)\.(?:br|gz|zst)$/.exec(name) ?? [];
  return all.has(original);
}
