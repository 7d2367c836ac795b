/** RFC 8878 §3.1.1. */
const MAGIC = 0xfd2fb528;
const CHECKSUM_FLAG = 0b100;
const SINGLE_SEGMENT_FLAG = 0b10_0000;
const BLOCK_RLE = 1;

/**
 * The checksum of the content of one Zstandard frame: the low 32 bits of the content's XXH64 (RFC 8878 §3.1.1), which is
 * also what fingerprints are made of. So a Node without Zstandard can tell what is in the frame.
 *
 * @param pieces - the bytes of the frame; read to their end when there is a checksum
 * @returns 8 hexadecimal digits, or `undefined` when the bytes are no such frame or have no checksum
 */
export async function zstdChecksum(pieces: AsyncIterable<Buffer>): Promise<string | undefined> {
  const bytes = new ByteReader(pieces);
  try {
    return await readChecksum(bytes);
  } finally {
    await bytes.close();
  }
}

async function readChecksum(bytes: ByteReader): Promise<string | undefined> {
  const head = await bytes.take(5);
  if (head?.readUInt32LE(0) !== MAGIC) return undefined;
  const descriptor = head.readUInt8(4);
  if ((descriptor & CHECKSUM_FLAG) === 0) return undefined;
  await bytes.skip(optionalFieldBytes(descriptor));
  for (let isLast = false; !isLast;) {
    const header = await bytes.take(3);
    if (header === undefined) return undefined;
    const block = header.readUIntLE(0, 3);
    isLast = (block & 1) === 1;
    await bytes.skip(((block >> 1) & 3) === BLOCK_RLE ? 1 : block >> 3);
  }
  const checksum = await bytes.take(4);
  const isAtEnd = (await bytes.take(1)) === undefined;
  return isAtEnd ? checksum?.readUInt32LE(0).toString(16).padStart(8, '0') : undefined;
}

/** The length of what may stand between the frame's descriptor and its first block (RFC 8878 §3.1.1.1). */
function optionalFieldBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & SINGLE_SEGMENT_FLAG) !== 0;
  const windowBytes = isSingleSegment ? 0 : 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return windowBytes + dictionaryBytes + contentSizeBytes;
}

/** Reads bytes in order, wherever the pieces that they come in begin. */
class ByteReader {
  readonly #pieces: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next bytes; `undefined` when there are fewer. */
  async take(length: number): Promise<Buffer | undefined> {
    while (this.#held.length < length) {
      const next = await this.#pieces.next();
      if (next.done === true) return undefined;
      this.#held = Buffer.concat([this.#held, next.value]);
    }
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }

  async skip(length: number): Promise<void> {
    let left = length;
    while (left > this.#held.length) {
      left -= this.#held.length;
      const next = await this.#pieces.next();
      this.#held = next.done === true ? Buffer.alloc(0) : next.value;
      if (next.done === true) return;
    }
    this.#held = this.#held.subarray(left);
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
