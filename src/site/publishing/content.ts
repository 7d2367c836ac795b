import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { TargetContent } from '../targets/target.ts';

/** Up to this length, waiting for a file costs less than the promises of not waiting: a quarter, of thousands. */
const READ_AT_ONCE_BYTES = 256 * 1024;

/** Bytes in memory, to be written to a target. */
export function contentOf(bytes: Uint8Array): TargetContent {
  return {
    size: bytes.length,
    md5: createHash('md5').update(bytes).digest('hex'),
    bytes: async (start, end) => bytes.subarray(start, end),
  };
}

/** The text of a value, to be written to a target. */
export function jsonContent(value: unknown): TargetContent {
  return contentOf(Buffer.from(`${JSON.stringify(value)}\n`));
}

/**
 * Reads a part of a file.
 *
 * @param size - of the whole file, in bytes
 */
export async function readPart(
  path: string,
  size: number,
  start: number = 0,
  end: number = Infinity,
): Promise<Uint8Array> {
  if (size <= READ_AT_ONCE_BYTES) return readFileSync(path).subarray(start, end);
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(end, size) - start));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** The MD5 of a file, in hexadecimal. */
export async function md5OfFile(path: string, size: number): Promise<string> {
  const hash = createHash('md5');
  if (size <= READ_AT_ONCE_BYTES) hash.update(readFileSync(path));
  else
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>)
      hash.update(chunk);
  return hash.digest('hex');
}
