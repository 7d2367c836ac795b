import { StaticUrlError, optionError } from '../core/errors.ts';
import { strings, validated, type Kind } from '../core/option-kinds.ts';
import { parsePrefix } from '../core/prefix.ts';
import { quote } from '../core/text.ts';
import { FIELD_VALUE, headersKind, resolveHeaders, type Header } from '../http/headers.ts';
import { inexpressible, refuseInexpressible } from './nginx-text.ts';

/** Where current bytes are below the prefix: a folder of that name is never answered without a version, dotfiles or not. */
export const CURRENT_FOLDER = '.static-url-current/';

/** Where what kept releases have by name is below the prefix, likewise. */
export const NAMES_FOLDER = '.static-url-names/';

/** In bytes; nginx 1.22 takes a longer one without a word, and never finds it. */
const LONGEST_LOCATION = 255;

/** What static URLs start with, where nginx can take it. */
export const LOCATION_PREFIX: Kind<string> = validated({ kind: 'string' }, locationPrefix);

/** A prefix as nginx sees it: decoded, with a slash at both ends. */
export function locationPrefix(prefix: unknown): string {
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

/** An absolute path on the host of nginx. */
export const FOLDER: Kind<string> = validated({ kind: 'path' }, folderPath);

/** An absolute path on the host of nginx, without a slash at the end. */
export function folderPath(path: unknown, option: string): string {
  const refuse = (problem: string): Error => optionError(option, (name) => `${name(option)} ${problem}`);
  if (typeof path !== 'string' || path === '') throw refuse(`is a non-empty string, not ${quote(path)}.`);
  refuseInexpressibleOption(option, path);
  const slashed = /^[A-Za-z]:[\\/]/.test(path) ? path.replaceAll('\\', '/') : path;
  if (!/^(?:[A-Za-z]:)?\//.test(slashed)) {
    throw refuse(
      `is ${quote(path)}, a relative path, which nginx would look for in its own folder. Give an absolute one.`,
    );
  }
  const trimmed = slashed.replace(/\/+$/, '');
  if (/^(?:[A-Za-z]:)?$/.test(trimmed))
    throw refuse(`is ${quote(path)}, the whole file system. Name the folder itself.`);
  return trimmed;
}

function refuseInexpressibleOption(option: string, value: string): void {
  const reason = inexpressible(value);
  if (reason === undefined) return;
  throw optionError(
    option,
    (name) => `Nginx cannot take ${name(option)} ${quote(value)}: ${reason}`,
    (message) => new StaticUrlError('NGINX_INEXPRESSIBLE', message),
  );
}

const SENDER = { name: 'location', decides: [] };

/** Headers that HTTP allows and nginx can write. */
export const LOCATION_HEADERS: Kind<Readonly<Record<string, string>>> = headersKind(SENDER, refuseHeaders);

function refuseHeaders(headers: readonly Header[]): void {
  for (const [name, value] of headers) {
    refuseInexpressible('header name', name);
    refuseInexpressible(`header "${name}"`, value);
  }
}

/** The headers to add: those of the option `headers`, and the one that `cors` adds. */
export function locationHeaders(headers: Readonly<Record<string, string>>, cors: boolean): readonly Header[] {
  return resolveHeaders(SENDER, headers, cors);
}

/** A `Cache-Control` that nginx can write. */
export const CACHE_CONTROL: Kind<string> = validated({ kind: 'string' }, (value, option) => {
  if (!FIELD_VALUE.check(value)) throw FIELD_VALUE.refusal(value, option);
  refuseInexpressibleOption(option, value);
});

/** What nginx looks up in the tables of `types` and `charset_types`, whose entries have 64 bytes, can be no longer. */
const LONGEST_KEY = 46;

/** Media types by extension. */
export const MEDIA_TYPES: Kind<Readonly<Record<string, string>>> = strings(
  { kind: 'pairs', separator: '=', example: 'glb=model/gltf-binary' },
  'extensions and media types',
  mediaTypesByExtension,
);

/** Media types by extension, in lower case as nginx looks for them. */
export function mediaTypesByExtension(
  types: Readonly<Record<string, string>>,
  option = 'mediaTypes',
): Map<string, string> {
  return new Map(
    Object.entries(types).map(([extension, type]) => {
      if (!/^[A-Za-z0-9_+-]+$/.test(extension)) {
        throw optionError(
          option,
          (name) =>
            `${name(option)} has the extension ${quote(extension)}. Write it without dot, such as "glb".`,
        );
      }
      if (!/^[a-z][a-z0-9-]*\/[A-Za-z0-9.+-]+$/.test(type)) {
        throw optionError(
          option,
          (name) =>
            `${name(option)} gives ${quote(extension)} the value ${quote(type)}, which is no media type such as "model/gltf-binary".`,
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
