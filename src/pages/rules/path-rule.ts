import { PAGE_SUFFIX, STORED_TYPES } from './page-files.ts';

/** What is written as it is (RFC 3986 §3.3), without the quote; beside `@`. */
const PLAIN = '[A-Za-z0-9._~!$&()*+,;=:-]';
/** What must be written in upper-case hex: neither what could be plain for sure, nor control characters, `/` and `\`. */
const ENCODED = '%(?:2[0-9A-C]|3[A-F]|40|5[BDE]|60|7[BCD]|[89A-F][0-9A-F])';
/** No `@.` anywhere, so that no page's folder is named like another page's file. */
const AT = String.raw`@(?!\.)`;
/** A value of the query; `&` and `=` separate there. */
export const QUERY_VALUE: string = text('[A-Za-z0-9._~!$()*+,;:-]');

/** Any number of characters. Unrolled, so that it takes one step for each in either engine. */
function text(plain: string): string {
  return `${plain}*(?:(?:${AT}|${ENCODED})${plain}*)*`;
}

/** The longest path with its query, in characters. */
const LONGEST_TARGET = 1000;
/** The longest name that file systems take, in bytes. */
const LONGEST_NAME = 255;
const LONGEST_END = Math.max(...Object.values(STORED_TYPES).map((end) => `${PAGE_SUFFIX}${end}.gz`.length));
/** The longest last segment of a path with its query: its file's name has an end, and a compressed copy another. */
const LONGEST_LAST: number = LONGEST_NAME - LONGEST_END;

/**
 * A canonical path, for both engines: no empty segment but the last, no dot segment, and each short enough for a file's
 * name; a query counts with the last.
 */
export const PATH_PATTERN: string = `(?:/(?!/|\\.\\.?(?:[/?]|$)|[^/?]{${LONGEST_NAME + 1}}|[^/]{${LONGEST_LAST + 1},}$)${text(PLAIN)})+`;

/** What is asked of a path with its query before all else. */
export const LENGTH_PATTERN: string = `(?!.{${LONGEST_TARGET + 1}})`;

const TARGET_PATH = new RegExp(`^${PATH_PATTERN}$`);

/** Whether a raw path, without query, is in the one form that has a page. */
export function isCanonicalPath(path: string): boolean {
  return TARGET_PATH.test(path);
}

/** Whether a path with its query is short enough for a file. */
export function isShort(target: string): boolean {
  return target.length <= LONGEST_TARGET && target.length - target.lastIndexOf('/') - 1 <= LONGEST_LAST;
}
