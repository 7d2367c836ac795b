import { randomBytes } from 'node:crypto';
import * as zlib from 'node:zlib';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';

/** Compresses with the help of bytes that whoever decompresses has as well. */
export interface DictionaryCodec {
  /** One frame of Zstandard (RFC 8878) with the length of the content. */
  readonly compress: (content: Uint8Array, dictionary: Uint8Array) => Uint8Array;
  /** @throws for what is no frame, or needs another dictionary */
  readonly decompress: (frame: Uint8Array, dictionary: Uint8Array) => Uint8Array;
}

/** ZSTD_c_compressionLevel of zstd.h, and the highest level that asks the browser for no memory beyond the usual. */
const [LEVEL_PARAMETER, LEVEL] = [100, 19];

interface DictionaryOptions {
  readonly dictionary: Uint8Array;
  readonly params?: Record<number, number>;
  readonly pledgedSrcSize?: number;
}

// From Node 22.15; the types are those of the oldest Node.
const {
  zstdCompressSync,
  zstdDecompressSync,
}: {
  gzip: unknown;
  zstdCompressSync?: (content: Uint8Array, options: DictionaryOptions) => Buffer;
  zstdDecompressSync?: (frame: Uint8Array, options: DictionaryOptions) => Buffer;
} = zlib;

/** Zstandard of Node itself, where it takes dictionaries: from 22.19 and 24.6 on. */
function codecOfNode(): DictionaryCodec | undefined {
  if (zstdCompressSync === undefined || zstdDecompressSync === undefined) return undefined;
  return {
    compress: (content, dictionary) =>
      zstdCompressSync(content, {
        dictionary,
        params: { [LEVEL_PARAMETER]: LEVEL },
        // Else the frame would not say the length.
        pledgedSrcSize: content.length,
      }),
    decompress: (frame, dictionary) => zstdDecompressSync(frame, { dictionary }),
  };
}

/** Zstandard as WebAssembly, for all other Nodes. */
const PACKAGE = '@bokuweb/zstd-wasm';

/** The package, begun anew while it is in use, fails from the third time on. */
let begun: Promise<void> | undefined;

async function codecOfPackage(): Promise<DictionaryCodec> {
  const zstd = await import('@bokuweb/zstd-wasm').catch((error: unknown) => {
    if (systemErrorCode(error) !== 'ERR_MODULE_NOT_FOUND' || !String(error).includes(PACKAGE)) throw error;
    throw new StaticUrlError(
      'PACKAGE_MISSING',
      `Deltas need Node 22.19, 24.6 or newer, or the package "${PACKAGE}": this is ${process.version}. Install it: npm install ${PACKAGE}`,
      { cause: error },
    );
  });
  begun ??= zstd.init();
  await begun;
  // Whoever else calls init() begins anew, so no context may outlive a call.
  return {
    compress(content, dictionary) {
      const context = zstd.createCCtx();
      try {
        return zstd.compressUsingDict(context, content, dictionary, LEVEL);
      } finally {
        zstd.freeCCtx(context);
      }
    },
    decompress(frame, dictionary) {
      const context = zstd.createDCtx();
      try {
        return zstd.decompressUsingDict(context, frame, dictionary);
      } finally {
        zstd.freeDCtx(context);
      }
    },
  };
}

/** Whether a codec makes use of a dictionary: some versions of Node take one and ignore it, on either way. */
export function usesDictionary({ compress, decompress }: DictionaryCodec): boolean {
  // Nothing else makes them shorter.
  const bytes = randomBytes(1024);
  const frame = compress(bytes, bytes);
  return frame.length < bytes.length / 2 && bytes.equals(decompress(frame, bytes));
}

/**
 * The best codec that there is.
 *
 * @throws {@link StaticUrlError} `PACKAGE_MISSING`
 */
export async function openDictionaryCodec(): Promise<DictionaryCodec> {
  const own = codecOfNode();
  return own !== undefined && usesDictionary(own) ? own : codecOfPackage();
}
