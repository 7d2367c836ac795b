import * as zlib from 'node:zlib';
import xxhash from 'xxhash-wasm';

/** Whether this Node, from 22.15, can tell what is in a `.zst`; else none is sent. */
export const DECODES_ZSTANDARD = 'createZstdDecompress' in zlib;

/** One Zstandard frame with one raw block and its checksum (RFC 8878), which Node 20 cannot write. A block holds at most 128 KiB. */
export async function zstandard(content: string): Promise<Buffer> {
  const bytes = Buffer.from(content);
  const head = Buffer.alloc(5 + 8 + 3);
  head.writeUInt32LE(0xfd2fb528, 0);
  head.writeUInt8(0b1110_0100, 4); // 8 bytes of content size, one segment, with checksum
  head.writeBigUInt64LE(BigInt(bytes.length), 5);
  head.writeUIntLE((bytes.length << 3) | 1, 13, 3);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(Number((await xxhash()).h64Raw(bytes) & 0xffff_ffffn));
  return Buffer.concat([head, bytes, checksum]);
}
