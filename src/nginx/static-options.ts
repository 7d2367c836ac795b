import { cacheFor, REVALIDATE, YEAR_SECONDS } from '../core/cache-control.ts';
import { StaticUrlError } from '../core/errors.ts';
import { booleanOption, checkOptions, choiceOption, quote, requiredText } from '../core/options.ts';
import { parsePrefix } from '../core/prefix.ts';
import { refuseInexpressible } from './nginx-text.ts';

/** Options of {@link staticLocation}. */
export interface StaticLocationOptions {
  /** What static URLs start with; of an absolute URL its path. */
  readonly prefix: string;
  /** The folder whose files the prefix serves: an absolute path on the host of nginx. */
  readonly root: string;
  /**
   * A folder with a marker file for the version that is current (`static-url url --mark`): an absolute path. URLs of
   * that version get `public, max-age=31536000, immutable`, all other versions `no-store`.
   *
   * @defaultValue none: every version gets `maxAgeSeconds`
   */
  readonly current?: string;
  /**
   * How long URLs with a version may be cached, in seconds.
   *
   * @defaultValue 604800 (seven days), with `current` 31536000 (a year)
   */
  readonly maxAgeSeconds?: number;
  /**
   * With `current`: what a version without marker gets, the current bytes with `no-store`, or a 404.
   *
   * @defaultValue `'current-bytes'`
   */
  readonly unknownVersion?: 'current-bytes' | 'not-found';
  /**
   * `Cache-Control` of files that are asked for without a version.
   *
   * @defaultValue `'no-cache'`
   */
  readonly unversionedCacheControl?: string;
  /**
   * Headers to send with every answer. An `add_header` here drops those of the server, so name the site's security
   * headers again.
   *
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Adds `Access-Control-Allow-Origin: *`, which fonts and modules need on another origin.
   *
   * @defaultValue `false`
   */
  readonly cors?: boolean;
  /**
   * Sends `app.css.gz` in place of `app.css` to who accepts gzip (`gzip_static`).
   *
   * @defaultValue `false`
   */
  readonly gzipStatic?: boolean;
  /**
   * `'refuse'`: a file reached over any symbolic link below the root is a 404 (`disable_symlinks`). Nginx then looks at
   * every folder of the path on every request.
   *
   * @defaultValue `'follow'`
   */
  readonly symlinks?: 'follow' | 'refuse';
  /**
   * Serves the folder `.well-known` at the root (RFC 8615) although its name starts with a dot.
   *
   * @defaultValue `false`
   */
  readonly wellKnown?: boolean;
  /**
   * Media types by extension, beside or in place of the built-in table.
   *
   * @defaultValue none
   */
  readonly mediaTypes?: Readonly<Record<string, string>>;
}

/** {@link StaticLocationOptions} with everything decided. */
export interface ResolvedStaticLocation {
  /** As nginx sees it: decoded, with a slash at both ends. */
  readonly prefix: string;
  /** Without a slash at the end. */
  readonly root: string;
  readonly current: string | undefined;
  readonly versionedCacheControl: string;
  readonly unknownVersion: 'current-bytes' | 'not-found';
  readonly unversionedCacheControl: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly gzipStatic: boolean;
  readonly refuseSymlinks: boolean;
  readonly wellKnown: boolean;
  readonly mediaTypes: ReadonlyMap<string, string>;
}

const WEEK_SECONDS = 7 * 24 * 60 * 60;

const KNOWN = [
  'prefix',
  'root',
  'current',
  'maxAgeSeconds',
  'unknownVersion',
  'unversionedCacheControl',
  'headers',
  'cors',
  'gzipStatic',
  'symlinks',
  'wellKnown',
  'mediaTypes',
] as const;

/**
 * Validates and defaults what {@link staticLocation} is given.
 *
 * @throws TypeError, RangeError, {@link StaticUrlError} `NGINX_INEXPRESSIBLE`
 */
export function resolveStaticLocation(options: StaticLocationOptions): ResolvedStaticLocation {
  if (options === undefined) throw new TypeError('staticLocation() needs the options "prefix" and "root".');
  checkOptions('staticLocation()', options, KNOWN);
  const current = options.current === undefined ? undefined : folder('option "current"', options.current);
  const maxAgeSeconds = secondsOption('maxAgeSeconds', options.maxAgeSeconds, current === undefined ? WEEK_SECONDS : YEAR_SECONDS);
  if (options.unknownVersion !== undefined && current === undefined) {
    throw new TypeError('The option "unknownVersion" needs "current": without markers nginx knows no version.');
  }
  const cors = booleanOption('cors', options.cors, false);
  return {
    prefix: locationPrefix(options.prefix),
    root: folder('root', options.root),
    current,
    versionedCacheControl: cacheFor(maxAgeSeconds, current !== undefined),
    unknownVersion: choiceOption('unknownVersion', options.unknownVersion, ['current-bytes', 'not-found'], 'current-bytes'),
    unversionedCacheControl: headerValue('unversionedCacheControl', options.unversionedCacheControl ?? REVALIDATE),
    headers: [...(cors ? [['Access-Control-Allow-Origin', '*'] as const] : []), ...headerList(options.headers ?? {})],
    gzipStatic: booleanOption('gzipStatic', options.gzipStatic, false),
    refuseSymlinks: choiceOption('symlinks', options.symlinks, ['follow', 'refuse'], 'follow') === 'refuse',
    wellKnown: booleanOption('wellKnown', options.wellKnown, false),
    mediaTypes: mediaTypes(options.mediaTypes ?? {}),
  };
}

function locationPrefix(prefix: string): string {
  const { decodedPath } = parsePrefix(prefix);
  if (decodedPath === '/') {
    throw new StaticUrlError(
      'NGINX_INEXPRESSIBLE',
      'Nginx cannot take the prefix "/" here: its location would answer every URL of the app. Choose a path such as "/static/".',
    );
  }
  refuseInexpressible('prefix', decodedPath);
  return decodedPath;
}

function folder(name: string, path: string): string {
  requiredText(name, path);
  refuseInexpressible(name, path);
  const slashed = /^[A-Za-z]:[\\/]/.test(path) ? path.replaceAll('\\', '/') : path;
  if (!/^(?:[A-Za-z]:)?\//.test(slashed)) {
    throw new TypeError(`The ${name} ${quote(path)} is relative, and nginx would look for it in its own folder. Give an absolute path.`);
  }
  const trimmed = slashed.replace(/\/+$/, '');
  if (/^(?:[A-Za-z]:)?$/.test(trimmed)) {
    throw new RangeError(`The ${name} ${quote(path)} is the whole file system. Name the folder with the static files.`);
  }
  return trimmed;
}

function secondsOption(name: string, value: unknown, defaultValue: number): number {
  if (value === undefined) return defaultValue;
  if (typeof value !== 'number') throw new TypeError(`The option "${name}" is a number of seconds, not ${quote(value)}.`);
  // RFC 9111 §1.2.2: caches take anything above for 2147483648.
  if (Number.isInteger(value) && value >= 0 && value <= 2_147_483_648) return value;
  throw new RangeError(`The option "${name}" is a whole number of seconds from 0 to 2147483648, not ${value}.`);
}

/** RFC 9110 §5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Set by nginx or by us from what is known of the file. */
const OWN_HEADERS = ['cache-control', 'content-type', 'content-length', 'etag', 'last-modified', 'expires', 'x-content-type-options'];

function headerList(headers: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(headers).map(([name, value]) => {
    if (!TOKEN.test(name)) throw new TypeError(`The header name ${quote(name)} is not one by RFC 9110.`);
    if (OWN_HEADERS.includes(name.toLowerCase())) {
      throw new TypeError(`The header ${quote(name)} is decided by the location itself. Leave it out of "headers".`);
    }
    refuseInexpressible('header name', name);
    return [name, headerValue(name, value)];
  });
}

function headerValue(name: string, value: string): string {
  requiredText(`header "${name}"`, value);
  refuseInexpressible(`header "${name}"`, value);
  return value;
}

function mediaTypes(types: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(
    Object.entries(types).map(([extension, type]) => {
      if (!/^[A-Za-z0-9_+-]+$/.test(extension)) {
        throw new TypeError(`The extension ${quote(extension)} in "mediaTypes" is a word without dot, such as "glb".`);
      }
      if (typeof type !== 'string' || !/^[a-z]+\/[A-Za-z0-9.+-]+$/.test(type)) {
        throw new TypeError(`The media type ${quote(type)} of ${quote(extension)} is not one, such as "model/gltf-binary".`);
      }
      return [extension.toLowerCase(), type];
    }),
  );
}
