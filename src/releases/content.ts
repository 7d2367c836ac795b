import type { Asset } from '../assets/index.ts';

/** What tells the bytes of one asset from those of another: digest and length. */
export type ContentKey = string;

/** The key of an asset's bytes. */
export function contentKey({ hash, size }: Pick<Asset, 'hash' | 'size'>): ContentKey {
  return `${hash}-${size}`;
}

const YEAR_2000_SECONDS = 946_684_800;

/**
 * The time that a file of a release gets, in seconds: from its bytes alone, somewhere in the years 2000 to 2017. nginx
 * makes `ETag` and `Last-Modified` of length and time, and so they are equal on all hosts of a site, and never of two
 * different contents by mere chance of being written in one second. A time to come would be none (RFC 9110 §8.8.2.1).
 */
export function timeOfContent(hash: string): number {
  return YEAR_2000_SECONDS + (Number.parseInt(hash.slice(-8), 16) % 2 ** 29);
}
