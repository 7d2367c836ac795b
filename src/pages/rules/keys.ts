import type { PageKey } from '../store.ts';
import { siteFolder } from './page-files.ts';

/** What memcached takes at most, in bytes, as nginx sends it: each `%` as three. */
const LONGEST_KEY = 250;

/** The key of a page in memcached, where nginx looks for it. */
export function memcachedKey(keyPrefix: string, { site, target }: PageKey): string {
  return keyPrefix + siteFolder(site) + target;
}

/** Whether memcached takes the key of a page, which has neither blanks nor characters of more than a byte. */
export function isShortKey(key: string): boolean {
  return key.length + 2 * (key.split('%').length - 1) <= LONGEST_KEY;
}

/** The longest keys that memcached takes have so many `%`, each with two digits behind it. */
const MOST_ESCAPED = LONGEST_KEY / 5;

const tooLong = Array.from({ length: MOST_ESCAPED }, (_, index) => {
  const count = index + 1;
  return `(?=.{${LONGEST_KEY + 1 - 2 * count}})(?:[^%]*+%){${count}}`;
});

/** A key that is too long, for nginx (PCRE), which cannot count: the more `%` it has, the shorter it must be. */
export const LONG_KEY_PATTERN: string = `^(?:.{${LONGEST_KEY + 1}}|(?=[^%]*+%)(?:${tooLong.join('|')}))`;
