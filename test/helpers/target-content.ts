import { createHash } from 'node:crypto';
import type { TargetContent } from '../../src/site/targets/target.ts';

/** Bytes as a publish hands them to a target. */
export function contentOf(value: string | Uint8Array): TargetContent {
  const bytes = Buffer.from(value);
  return {
    size: bytes.length,
    md5: md5Hex(bytes),
    bytes: async (start = 0, end = bytes.length) => bytes.subarray(start, end),
  };
}

/** In hexadecimal. */
export function md5Hex(bytes: string | Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
