import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

/** A content coding that a compressed copy of a file may have (RFC 9110 §8.4.1). */
export type ContentEncoding = 'br' | 'zstd' | 'gzip';

/** A coding, and how a file's compressed copy is named, written and read. */
export interface EncodedForm {
  readonly encoding: ContentEncoding;
  /** What follows the file's name in the name of the copy. */
  readonly suffix: '.br' | '.gz' | '.zst';
  /** Compresses as far as the coding can; equal bytes give equal copies on every host. */
  readonly compress: (bytes: Uint8Array) => Promise<Buffer>;
  readonly createDecoder: () => Transform;
}

type ZstdCompress = (
  bytes: Uint8Array,
  options: { readonly params: Record<number, number> },
  callback: (error: Error | null, result: Buffer) => void,
) => void;

// From Node 22.15; the types are those of the oldest Node.
const {
  zstdCompress,
  createZstdDecompress,
}: { gzip: unknown; zstdCompress?: ZstdCompress; createZstdDecompress?: () => Transform } = zlib;

/** ZSTD_c_compressionLevel of zstd.h, and the highest level that asks the browser for no memory beyond the usual. */
const [ZSTD_LEVEL_PARAMETER, ZSTD_LEVEL] = [100, 19];

/** The byte of a gzip header that names the operating system, and its value for none (RFC 1952 §2.3.1). */
const [GZIP_SYSTEM_OFFSET, GZIP_UNKNOWN_SYSTEM] = [9, 255];

/**
 * The codings that this Node can read and write, by a server's preference: mostly the smallest first. A Node without
 * Zstandard cannot tell what is in a `.zst`, so it never sends one.
 */
export const ENCODED_FORMS: readonly EncodedForm[] = [
  {
    encoding: 'br',
    suffix: '.br',
    compress: (bytes) =>
      promisify(zlib.brotliCompress)(bytes, {
        params: {
          [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MAX_QUALITY,
          [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      }),
    createDecoder: () => zlib.createBrotliDecompress(),
  },
  ...zstdForm(),
  {
    encoding: 'gzip',
    suffix: '.gz',
    compress: async (bytes) => {
      const compressed = await promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gzip)(bytes, {
        level: 9,
      });
      compressed[GZIP_SYSTEM_OFFSET] = GZIP_UNKNOWN_SYSTEM;
      return compressed;
    },
    createDecoder: () => zlib.createGunzip(),
  },
];

function zstdForm(): EncodedForm[] {
  if (zstdCompress === undefined || createZstdDecompress === undefined) return [];
  const compress = promisify(zstdCompress);
  return [
    {
      encoding: 'zstd',
      suffix: '.zst',
      compress: (bytes) => compress(bytes, { params: { [ZSTD_LEVEL_PARAMETER]: ZSTD_LEVEL } }),
      createDecoder: createZstdDecompress,
    },
  ];
}

/** Whether a name is that of the compressed copy of a file that lies beside it, also in a coding that this Node does not know. */
export function isCompressedCopy(name: string, all: ReadonlySet<string>): boolean {
  const [, original = ''] = /^(.+)\.(?:br|gz|zst)$/.exec(name) ?? [];
  return all.has(original);
}
