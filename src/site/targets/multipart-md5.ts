import { createHash } from 'node:crypto';
import type { TargetContent } from './target.ts';

const MEBIBYTE = 1024 * 1024;

/** The lengths of parts that programs choose which upload to S3, in MiB. */
const PART_LENGTHS = [5, 8, 10, 15, 16, 25, 32, 50, 64, 100, 128, 256, 512, 1024];

/**
 * Whether a file has the MD5 that a target tells: of all bytes, or `<MD5 of the parts' MD5s>-<parts>`, as S3 gives to what was uploaded
 * in parts. How long those were it does not tell, so the usual lengths are tried.
 *
 * @param size - of the object, in bytes
 */
export async function matchesMd5(content: TargetContent, size: number, md5: string): Promise<boolean> {
  if (size !== content.size) return false;
  const [, parts = ''] = /^[0-9a-f]{32}-(\d+)$/.exec(md5) ?? [];
  if (parts === '') return md5 === content.md5;
  for (const length of partLengths(size, Number(parts)))
    if ((await multipartMd5(content, length)) === md5) return true;
  return false;
}

/** The lengths that make so many parts of a file. */
function partLengths(size: number, parts: number): number[] {
  const smallest = Math.ceil(size / parts / MEBIBYTE);
  const lengths = new Set([...PART_LENGTHS, smallest].map((length) => length * MEBIBYTE));
  return [...lengths].filter((length) => Math.max(1, Math.ceil(size / length)) === parts);
}

async function multipartMd5(content: TargetContent, partLength: number): Promise<string> {
  const parts: Buffer[] = [];
  for (let start = 0; start < content.size || parts.length === 0; start += partLength) {
    const bytes = await content.bytes(start, Math.min(start + partLength, content.size));
    parts.push(createHash('md5').update(bytes).digest());
  }
  return md5OfParts(parts);
}

/**
 * What S3 gives to what was uploaded in parts for its MD5, and for its ETag.
 *
 * @param parts - the MD5 of each
 */
export function md5OfParts(parts: readonly Uint8Array[]): string {
  const whole = createHash('md5');
  for (const part of parts) whole.update(part);
  return `${whole.digest('hex')}-${parts.length}`;
}
