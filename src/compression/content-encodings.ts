import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** A content coding that a compressed copy of a file may have (RFC 9110 §8.4.1). */
export type ContentEncoding = 'br' | 'zstd' | 'gzip';

/** A coding, and how a file's copy in it is known and read. */
export interface EncodedForm {
  readonly encoding: ContentEncoding;
  /** What the copy's name has behind that of the file. */
  readonly suffix: '.br' | '.gz' | '.zst';
  /** Decompresses what is too long to be held; `undefined` when this Node cannot. */
  readonly createDecoder: (() => Transform) | undefined;
}

// From Node 22.15; the types are those of the oldest Node.
const { createZstdDecompress }: { gzip: unknown; createZstdDecompress?: () => Transform } = zlib;

/** The codings by a server's preference: mostly the smallest first. */
export const ENCODED_FORMS: readonly EncodedForm[] = [
  { encoding: 'br', suffix: '.br', createDecoder: () => zlib.createBrotliDecompress() },
  {
    encoding: 'zstd',
    suffix: '.zst',
    createDecoder: createZstdDecompress && (() => createZstdDecompress()),
  },
  { encoding: 'gzip', suffix: '.gz', createDecoder: () => zlib.createGunzip() },
];

/** Whether a file is by its name the compressed copy of another. */
export function isNamedLikeCopy(name: string): boolean {
  return ENCODED_FORMS.some(({ suffix }) => name.endsWith(suffix));
}
