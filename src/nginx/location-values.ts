import { StaticUrlError } from '../core/errors.ts';
import { headerValue, resolveHeaders } from '../http/headers.ts';
import { isPlainObject, quote, requiredText } from '../core/options.ts';
import { parsePrefix } from '../core/prefix.ts';
import { refuseInexpressible } from './nginx-text.ts';

/** Where current bytes are below the prefix: a folder of that name is never answered without a version, dotfiles or not. */
export const CURRENT_FOLDER = '.static-url-current/';

/** In bytes; nginx 1.22 takes a longer one without a word, and never finds it. */
const LONGEST_LOCATION = 255;

/** A prefix as nginx sees it: decoded, with a slash at both ends. */
export function locationPrefix(prefix: string): string {
  const { decodedPath } = parsePrefix(prefix);
  if (decodedPath === '/') {
    throw new StaticUrlError(
      'NGINX_INEXPRESSIBLE',
      'Nginx cannot take the prefix "/" here: its location would answer every URL of the app. Choose a path such as "/static/".',
    );
  }
  refuseInexpressible('prefix', decodedPath);
  refuseLongLocation(decodedPath);
  return decodedPath;
}

/**
 * Refuses a location that nginx would never find, since it counts the length in one byte.
 *
 * @param below - what the location has behind the prefix
 */
export function refuseLongLocation(prefix: string, below = ''): void {
  const excess = Buffer.byteLength(prefix + below) - LONGEST_LOCATION;
  if (excess <= 0) return;
  throw new StaticUrlError(
    'NGINX_INEXPRESSIBLE',
    `Nginx cannot take the prefix ${quote(prefix)}: it finds no location that is longer than ${LONGEST_LOCATION} bytes. Shorten it by ${excess} ${excess === 1 ? 'byte' : 'bytes'}.`,
  );
}

/** An absolute path on the host of nginx, without a slash at the end. */
export function folderPath(name: string, path: string): string {
  requiredText(name, path);
  refuseInexpressible(name, path);
  const slashed = /^[A-Za-z]:[\\/]/.test(path) ? path.replaceAll('\\', '/') : path;
  if (!/^(?:[A-Za-z]:)?\//.test(slashed)) {
    throw new TypeError(
      `The ${name} ${quote(path)} is relative, and nginx would look for it in its own folder. Give an absolute path.`,
    );
  }
  const trimmed = slashed.replace(/\/+$/, '');
  if (/^(?:[A-Za-z]:)?$/.test(trimmed)) {
    throw new RangeError(
      `The ${name} ${quote(path)} is the whole file system. Name the folder with the static files.`,
    );
  }
  return trimmed;
}

/** A whole number from 0 to a limit, or its default when it is not given. */
export function countOption(
  name: string,
  value: unknown,
  unit: string,
  limit: number,
  defaultValue: number,
): number {
  if (value === undefined) return defaultValue;
  if (typeof value !== 'number')
    throw new TypeError(`The option "${name}" is a number of ${unit}, not ${quote(value)}.`);
  if (Number.isInteger(value) && value >= 0 && value <= limit) return value;
  throw new RangeError(`The option "${name}" is a whole number of ${unit} from 0 to ${limit}, not ${value}.`);
}

/** An age for `max-age`. RFC 9111 §1.2.2: caches take anything above the limit for the limit. */
export function secondsOption(name: string, value: unknown, defaultValue: number): number {
  return countOption(name, value, 'seconds', 2_147_483_648, defaultValue);
}

/** The headers to add: what HTTP allows, and nginx can say. */
export function headerList(
  headers: unknown,
  cors: boolean,
): readonly (readonly [name: string, value: string])[] {
  const resolved = resolveHeaders({ name: 'location', decides: [] }, headers, cors);
  for (const [name, value] of resolved) {
    refuseInexpressible('header name', name);
    refuseInexpressible(`header "${name}"`, value);
  }
  return resolved;
}

/** A `Cache-Control` that nginx can say. */
export function cacheControlOption(name: string, value: string | undefined, defaultValue: string): string {
  const text = headerValue(`option "${name}"`, value ?? defaultValue);
  refuseInexpressible(`option "${name}"`, text);
  return text;
}

/** What nginx looks up in the tables of `types` and `charset_types`, whose entries have 64 bytes, can be no longer. */
const LONGEST_KEY = 46;

/** Media types by extension, in lower case as nginx looks for them. */
export function mediaTypesOption(types: unknown): Map<string, string> {
  if (types === undefined) return new Map();
  if (!isPlainObject(types))
    throw new TypeError(
      `The option "mediaTypes" is a plain object of extensions and media types, not ${quote(types)}.`,
    );
  return new Map(
    Object.entries(types).map(([extension, type]) => {
      if (!/^[A-Za-z0-9_+-]+$/.test(extension)) {
        throw new TypeError(
          `The extension ${quote(extension)} in the option "mediaTypes" is a word without dot, such as "glb".`,
        );
      }
      if (typeof type !== 'string' || !/^[a-z]+\/[A-Za-z0-9.+-]+$/.test(type)) {
        throw new TypeError(
          `The media type ${quote(type)} of ${quote(extension)} is not one, such as "model/gltf-binary".`,
        );
      }
      refuseLongKey('extension', extension);
      if (type.startsWith('text/')) refuseLongKey('media type', type);
      return [extension.toLowerCase(), type];
    }),
  );
}

function refuseLongKey(name: string, key: string): void {
  if (key.length <= LONGEST_KEY) return;
  throw new StaticUrlError(
    'NGINX_INEXPRESSIBLE',
    `Nginx cannot take the ${name} ${quote(key)}: it has ${key.length} characters, and its table takes ${LONGEST_KEY}. Choose a shorter one.`,
  );
}
