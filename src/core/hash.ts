import { createHash, createHmac } from 'node:crypto';
import { cutToVersion } from './version-format.ts';

/** A secret that keeps a version from being guessed: a string or bytes, not empty. */
export type Secret = string | Uint8Array;

/** A 64-bit hash as 16 hexadecimal digits. */
export function hexadecimal(hash: bigint): string {
  return hash.toString(16).padStart(16, '0');
}

/** The version of a text or of bytes: SHA-256, or with a secret HMAC-SHA-256 (RFC 2104), cut to its first 16 digits. */
export function versionOf(content: string | Uint8Array, secret?: Secret): string {
  const hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  return cutToVersion(hash.update(content).digest('hex'));
}
