import { choice, type Kind } from './option-kinds.ts';

/**
 * The shape of a version, once for routers, nginx text and release trees: 16 characters of `[0-9a-f]`.
 * The text is a regular expression that JavaScript and PCRE read alike.
 */
export const VERSION_PATTERN = '[0-9a-f]{16}';

const WHOLE_VERSION = new RegExp(`^${VERSION_PATTERN}$`);

/** Whether a path segment or a file name is a version. */
export function isVersion(text: string): boolean {
  return text.length === 16 && WHOLE_VERSION.test(text);
}

/** Cuts a hexadecimal digest or commit to a version. */
export function cutToVersion(hexadecimal: string): string {
  return hexadecimal.slice(0, 16).toLowerCase();
}

/** What a version that a server does not know gets: the current bytes, which nobody may store, or a 404. */
export type UnknownVersionAnswer = 'current-bytes' | 'not-found';

/** The option `unknownVersion` of all servers. */
export const UNKNOWN_VERSION: Kind<UnknownVersionAnswer> = choice('current-bytes', 'not-found');
