import { open } from 'node:fs/promises';

/** RFC 8878 §3.1.1. */
const MAGIC = 0xfd2fb528;
const CHECKSUM_FLAG = 0b100;
const SINGLE_SEGMENT_FLAG = 0b10_0000;
const BLOCK_RLE = 1;

/**
 * The checksum of the content of a file with one Zstandard frame: the low 32 bits of the content's XXH64 (RFC 8878
 * §3.1.1), which is also what fingerprints are made of. So a node without Zstandard can tell what is in the frame.
 *
 * @returns 8 hexadecimal digits, or `undefined` when the file is no such frame or has no checksum
 */
export async function zstdChecksum(path: string): Promise<string | undefined> {
  const handle = await open(path);
  try {
    const read = async (position: number, length: number): Promise<Buffer | undefined> => {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, position);
      return bytesRead === length ? buffer : undefined;
    };
    const head = await read(0, 5);
    if (head?.readUInt32LE(0) !== MAGIC) return undefined;
    const descriptor = head.readUInt8(4);
    if ((descriptor & CHECKSUM_FLAG) === 0) return undefined;
    let position = 5 + optionalFieldBytes(descriptor);
    for (let isLast = false; !isLast;) {
      const header = await read(position, 3);
      if (header === undefined) return undefined;
      const block = header.readUIntLE(0, 3);
      isLast = (block & 1) === 1;
      position += 3 + (((block >> 1) & 3) === BLOCK_RLE ? 1 : block >> 3);
    }
    const { size } = await handle.stat();
    const checksum = size === position + 4 ? await read(position, 4) : undefined;
    return checksum?.readUInt32LE(0).toString(16).padStart(8, '0');
  } finally {
    await handle.close();
  }
}

/** The length of what may stand between the frame's descriptor and its first block (RFC 8878 §3.1.1.1). */
function optionalFieldBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & SINGLE_SEGMENT_FLAG) !== 0;
  const windowBytes = isSingleSegment ? 0 : 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return windowBytes + dictionaryBytes + contentSizeBytes;
}
