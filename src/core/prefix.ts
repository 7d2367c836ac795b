import { validated, type Kind } from './option-kinds.ts';
import { quote } from './text.ts';

/** What a site's static URLs start with, taken apart once. */
export interface Prefix {
  /** As it stands in URLs, percent-encoded, with a slash at the end: `https://cdn.example.com/static/`. */
  readonly href: string;
  /** Its path alone, percent-encoded, with a slash at both ends: `/static/`. */
  readonly path: string;
  /** Its path as nginx sees it, percent-decoded. */
  readonly decodedPath: string;
}

/** A prefix as an option, with its flag and help. */
export const PREFIX: Kind<string> & { readonly flag: string; readonly help: string } = {
  ...validated({ kind: 'string' }, parsePrefix),
  flag: '--prefix <prefix>',
  help: 'What static URLs start with: /static/ or https://cdn.example.com/static/.',
};

const SHAPE = /^(?<origin>(?:https?:)?\/\/[^/]*)?(?<path>\/.*)?$/i;

/**
 * Takes a prefix apart: a path (`/static/`), an absolute URL (`https://cdn.example.com/static/`) or a
 * protocol-relative one (`//cdn.example.com/static/`). A missing slash at the end is added.
 *
 * @throws TypeError when the prefix is no string, or has a shape under which no file can be served
 */
export function parsePrefix(prefix: unknown): Prefix {
  if (typeof prefix !== 'string')
    throw new TypeError(`The prefix is a string such as "/static/", not ${quote(prefix)}.`);
  refuseCharacters(prefix);
  const groups = SHAPE.exec(prefix)?.groups;
  if (!groups) throw wrongStart(prefix);
  const origin = groups['origin'] ?? '';
  const given = groups['path'] ?? '/';
  const url = parseUrl(prefix, origin);
  const path = given.endsWith('/') ? given : `${given}/`;
  const encoded = new URL(path.replace(/^\/+/, '/'), url).pathname;
  const decodedPath = decodePath(prefix, path);
  const segments = decodedPath.split('/').slice(1, -1);
  if (segments.includes('..') || segments.includes('.')) throw refusal(prefix, 'has a "." or ".." segment');
  if (segments.includes('')) throw refusal(prefix, 'has an empty segment ("//")');
  return { href: asciiOrigin(origin, url) + encoded, path: encoded, decodedPath };
}

function refuseCharacters(prefix: string): void {
  if (prefix === '') throw refusal(prefix, 'is empty', 'Give a path such as "/static/".');
  const unfit: readonly (readonly [RegExp, string])[] = [
    [/\p{Cc}/u, 'has a control character'],
    [/\s/, 'has white space'],
    [/["'`<>]/, 'has a quote or an angle bracket'],
    [/\?/, 'has a query'],
    [/#/, 'has a fragment'],
    [/\\/, 'has a backslash'],
    [/\p{Cs}/u, 'has half of a surrogate pair'],
  ];
  for (const [pattern, reason] of unfit) if (pattern.test(prefix)) throw refusal(prefix, reason);
}

function parseUrl(prefix: string, origin: string): URL {
  if (origin === '') return new URL('http://localhost/');
  const absolute = origin.startsWith('//') ? `http:${origin}` : origin;
  if (!URL.canParse(absolute)) throw refusal(prefix, 'has no valid host name');
  const url = new URL(absolute);
  if (url.username !== '' || url.password !== '' || origin.includes('@'))
    throw refusal(prefix, 'has a user name or password');
  return url;
}

/** Decodes what a request's path must match, refusing what would mean something else once decoded. */
function decodePath(prefix: string, path: string): string {
  if (/%(?:2f|5c)/i.test(path)) throw refusal(prefix, 'has an encoded slash or backslash');
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch (error) {
    throw new TypeError(message(prefix, 'has a wrong percent-encoding'), { cause: error });
  }
  refuseCharacters(decoded);
  return decoded;
}

/** The origin as given, but for a host name beyond ASCII, which a header could not carry. */
function asciiOrigin(origin: string, { hostname }: URL): string {
  return /[^!-~]/.test(origin) ? origin.replace(/[^/:]+(?=(?::\d*)?$)/, hostname) : origin;
}

function wrongStart(prefix: string): TypeError {
  if (/^https?:/i.test(prefix)) return refusal(prefix, 'lacks the two slashes after its scheme');
  return /^[a-z][a-z0-9+.-]*:/i.test(prefix)
    ? refusal(prefix, 'has a scheme other than http and https', 'Give a path or an http(s) URL.')
    : refusal(prefix, 'is relative', startingWithSlash(prefix));
}

/** The hint that a slash in front would do; none where that would be refused as well. */
function startingWithSlash(prefix: string): string | undefined {
  try {
    parsePrefix(`/${prefix}`);
  } catch {
    return undefined;
  }
  return `Did you mean ${quote(`/${prefix}`)}?`;
}

function message(
  prefix: string,
  reason: string,
  advice = 'Give a path such as "/static/" or a URL such as "https://cdn.example.com/static/".',
): string {
  // A password does not belong in a log.
  return `The prefix ${quote(prefix.replace(/[^/]*@/, '…@'))} ${reason}. ${advice}`;
}

function refusal(prefix: string, reason: string, advice?: string): TypeError {
  return new TypeError(message(prefix, reason, advice));
}

/** A static URL: prefix + version + `/`. */
export function staticUrl(prefix: string, version: string): string {
  return `${parsePrefix(prefix).href}${version}/`;
}
