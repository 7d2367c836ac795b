import { extname } from 'node:path';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { MEDIA_TYPES } from '../http/media-types.ts';
import type { EncodedForm } from './content-encodings.ts';

/** A way to compress that browsers understand. */
export interface Encoder {
  readonly suffix: EncodedForm['suffix'];
  readonly compress: (bytes: Uint8Array) => Promise<Buffer>;
  readonly decompress: (bytes: Uint8Array) => Promise<Buffer>;
}

type ZstdFunction = (
  bytes: Uint8Array,
  options: { readonly params: Record<number, number> },
  callback: (error: Error | null, result: Buffer) => void,
) => void;

// From Node 22.15; the types are those of the oldest Node.
const {
  zstdCompress,
  zstdDecompress,
}: { gzip: unknown; zstdCompress?: ZstdFunction; zstdDecompress?: ZstdFunction } = zlib;

/** ZSTD_c_compressionLevel of zstd.h, and the highest level that asks the browser for no memory beyond the usual. */
const [ZSTD_LEVEL_PARAMETER, ZSTD_LEVEL] = [100, 19];

/** The byte of a gzip header that names the operating system, and its value for none (RFC 1952 §2.3.1). */
const [GZIP_SYSTEM_OFFSET, GZIP_UNKNOWN_SYSTEM] = [9, 255];

/** What this Node can write, each as small as it can, and the same on every host. */
export const ENCODERS: readonly Encoder[] = [
  {
    suffix: '.br',
    compress: (bytes) =>
      promisify(zlib.brotliCompress)(bytes, {
        params: {
          [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MAX_QUALITY,
          [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      }),
    decompress: (bytes) => promisify(zlib.brotliDecompress)(bytes),
  },
  {
    suffix: '.gz',
    compress: async (bytes) => {
      const compressed = await promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gzip)(bytes, {
        level: 9,
      });
      compressed[GZIP_SYSTEM_OFFSET] = GZIP_UNKNOWN_SYSTEM;
      return compressed;
    },
    decompress: (bytes) => promisify<Uint8Array, Buffer>(zlib.gunzip)(bytes),
  },
  ...zstdEncoder(),
];

function zstdEncoder(): Encoder[] {
  if (zstdCompress === undefined || zstdDecompress === undefined) return [];
  const [compress, decompress] = [promisify(zstdCompress), promisify(zstdDecompress)];
  return [
    {
      suffix: '.zst',
      compress: (bytes) => compress(bytes, { params: { [ZSTD_LEVEL_PARAMETER]: ZSTD_LEVEL } }),
      decompress: (bytes) => decompress(bytes, { params: {} }),
    },
  ];
}

const COMPRESSIBLE: ReadonlySet<string> = new Set(
  MEDIA_TYPES.filter(({ compressible }) => compressible).flatMap(({ extensions }) => extensions),
);

/** Whether files of this name are worth compressing: others, such as images and fonts, are compressed already. */
export function isCompressible(name: string): boolean {
  return COMPRESSIBLE.has(extname(name).slice(1).toLowerCase());
}
