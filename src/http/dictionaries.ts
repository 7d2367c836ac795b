import type { IncomingHttpHeaders } from 'node:http';

/*
 * Compression Dictionary Transport (RFC 9842): a client that keeps an older version of a file gets the new one as the
 * difference, a delta. Which requests get one is the same rule for the production handler and for nginx.
 */

/** The content coding of a delta: "Dictionary-Compressed Zstandard" (RFC 9842 §5). */
export const DELTA_CODING = 'dcz';

/**
 * `Accept-Encoding` that takes deltas, as a pattern for which case does not count: by their name, whose weight is not 0
 * (RFC 9110 §12.5.3). A client that takes `*` need not know what a dictionary is.
 */
export const TAKES_DELTAS_PATTERN: string = String.raw`(?:^|,)[ \t]*dcz[ \t]*(?:$|,|;[ \t]*q=(?:1|0\.0*[1-9]))`;

/** What the answers of a URL depend on that may have deltas (RFC 9842 §6.2). */
export const DELTA_VARY = 'Accept-Encoding, Available-Dictionary';

/** The SHA-256 of a dictionary in base64, as a pattern: with `/` in it, but nothing that climbs. */
export const DICTIONARY_PATTERN = '[A-Za-z0-9+/]{43}=';

/**
 * The headers of a request that asks about a body that the client has, or for a part of one: it is answered as if there
 * were no deltas, since those have tags and lengths of their own.
 */
export const WHOLE_BODY_HEADERS = [
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
] as const;

const AVAILABLE = new RegExp(`^:(${DICTIONARY_PATTERN}):$`);

/**
 * Reads `Available-Dictionary` (RFC 9842 §2.2): a byte sequence (RFC 9651 §3.3.5).
 *
 * @returns the SHA-256 of the dictionary in base64; `undefined` for whatever else the header says
 */
export function availableDictionary(header: string | undefined): string | undefined {
  return header === undefined ? undefined : AVAILABLE.exec(header)?.[1];
}

const TAKES_DELTAS = new RegExp(TAKES_DELTAS_PATTERN, 'i');

/**
 * The dictionary from which a GET or HEAD takes the difference: by its SHA-256, in base64. `undefined` for a request that
 * gets no delta, whatever there is.
 */
export function usableDictionary(headers: IncomingHttpHeaders): string | undefined {
  const dictionary = availableDictionary(headers['available-dictionary']?.toString());
  if (dictionary === undefined || !TAKES_DELTAS.test(headers['accept-encoding']?.toString() ?? ''))
    return undefined;
  return WHOLE_BODY_HEADERS.some((name) => headers[name] !== undefined) ? undefined : dictionary;
}

/**
 * `Use-As-Dictionary` of a file under a version: the file is a dictionary for all its versions (RFC 9842 §2.1).
 *
 * @param prefixPath - the prefix's path, percent-encoded, with a slash at both ends
 * @param encodedName - the asset's name, percent-encoded
 * @returns `undefined` where there is none, since a URLPattern cannot say the path
 */
export function useAsDictionary(prefixPath: string, encodedName: string): string | undefined {
  const path = [prefixPath, encodedName];
  // Escaped, a colon matches no path in browsers.
  if (path.some((part) => part.includes(':'))) return undefined;
  const [prefix, name] = path.map(literalUrlPattern);
  // A string of a structured field escapes a backslash once more (RFC 9651 §3.3.3).
  return `match="${`${prefix}:version/${name}`.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/**
 * The names, as a pattern, that are the same percent-encoded and as a URLPattern: of them {@link useAsDictionary} says what
 * it says of a variable that stands for them, such as nginx's.
 */
export const LITERAL_NAME_PATTERN = "[A-Za-z0-9_./!~';,@&=$[\\]|-]+";

/** A path as a URLPattern that matches just it (URL Pattern Standard §2.1). */
function literalUrlPattern(path: string): string {
  return path.replaceAll(/[\\+*?{}()]/g, String.raw`\$&`);
}
