import { NO_STORE, REVALIDATE } from '../http/headers.ts';
import { assetCapture } from './asset-pattern.ts';
import { MEDIA_TYPES } from '../http/media-types.ts';
import type { ResolvedLocation } from './location-options.ts';
import { block, directive, identifier, literalPattern, parameter, quoted } from './nginx-text.ts';

/** The variable that says how long a versioned answer may be kept. */
export const CACHE_CONTROL_VARIABLE = '$static_url_cache_control';

/**
 * The location of a prefix with what all its files have in common, and the named ones that answer what goes wrong.
 *
 * @param inner - the locations within it, and the comments on them
 * @param otherwise - what becomes of a URL without a version whose file is not there
 */
export function prefixLocation(
  location: ResolvedLocation,
  inner: readonly string[],
  otherwise: string = NOT_FOUND,
): string {
  return finalLocation(location, fileLines(location), [
    ...inner,
    '',
    '# Without a version the bytes of a URL may change: kept, but asked about each time.',
    fileLocation(location, location.root, assetCapture(location.dotfileRule), [
      fileCheck(location.root, otherwise),
      ...unversionedLines(location),
    ]),
    '',
    `# Folders${location.dotfileRule.dotfiles ? '' : ', dotfiles'} and whatever else is left.`,
  ]);
}

/**
 * The location of a prefix whose answers are final, whatever they are: nothing below it is asked of anybody else.
 *
 * @param common - what all its files have in common
 * @param inner - the locations within it; what none of them has is answered with a 404
 */
export function finalLocation(
  location: Pick<ResolvedLocation, 'prefix' | 'headers'>,
  common: readonly string[],
  inner: readonly string[],
): string {
  const missing = `@static_url_missing_${identifier(location.prefix)}`;
  const notAllowed = `@static_url_not_allowed_${identifier(location.prefix)}`;
  const noSuchRange = `@static_url_no_such_range_${identifier(location.prefix)}`;
  return `${[
    block(`location ^~ ${parameter('prefix', location.prefix)}`, [
      ...common,
      '',
      '# 301 is what nginx says to a folder without a slash at the end.',
      `error_page 301 403 404 =404 ${missing};`,
      `error_page 405 ${notAllowed};`,
      `error_page 416 ${noSuchRange};`,
      '',
      ...inner,
      'return 404;',
    ]),
    block(`location ${missing}`, [
      ...FINAL_ANSWER,
      ...headerLines(location, NO_STORE, ' always'),
      'return 404;',
    ]),
    block(`location ${notAllowed}`, [
      ...FINAL_ANSWER,
      ...headerLines(location, NO_STORE, ' always'),
      'add_header Allow "GET, HEAD" always;',
      'return 405;',
    ]),
    block(`location ${noSuchRange}`, [
      ...FINAL_ANSWER,
      "# The file's location has added its headers before nginx read the range: no more of them, and none of the site's.",
      'add_header Cache-Control "";',
      'return 416;',
    ]),
  ].join('\n\n')}\n`;
}

/** What the site says of expiry and error pages is not for these answers. */
export const FINAL_ANSWER: readonly string[] = ['expires off;', 'recursive_error_pages off;'];

function fileLines({ root, refuseSymlinks, gzipStatic, mediaTypes }: ResolvedLocation): string[] {
  return [
    ...mediaTypeLines(mediaTypes),
    ...(gzipStatic ? ['gzip_static on;'] : []),
    'gzip_vary on;',
    '',
    "# The site's own would be sent beside ours, or in place of it.",
    ...FINAL_ANSWER,
    '# Any date that is not older than the file is good enough for a 304, unless the tag says otherwise.',
    'etag on;',
    'if_modified_since before;',
    '# A deploy changes the bytes of a path: a descriptor kept open would send the old ones.',
    'open_file_cache off;',
    ...(refuseSymlinks ? [symlinkLine(root)] : []),
  ];
}

/**
 * The directives for media types and charsets. Complete by themselves, since a distribution's own table may lack types
 * (Debian's has no `mjs`) and `nosniff` then blocks the file.
 *
 * @param additions - types by extension, beside or in place of the built-in ones
 */
export function mediaTypeLines(additions: ReadonlyMap<string, string>): string[] {
  const types = MEDIA_TYPES.map((each) => ({
    ...each,
    extensions: each.extensions.filter((extension) => !additions.has(extension)),
  })).filter(({ extensions }) => extensions.length > 0);
  // Nginx counts text/html in without being told, and warns of it twice.
  const others = types.filter(({ type }) => type !== 'text/html');
  const added = [...additions].filter(
    ([, type]) =>
      type.startsWith('text/') && type !== 'text/html' && !others.some((each) => each.type === type),
  );
  return [
    'default_type application/octet-stream;',
    'types_hash_max_size 2048;',
    block('types', [
      ...types.map(({ type, extensions }) => `${type} ${extensions.join(' ')};`),
      ...[...additions].map(([extension, type]) => `${type} ${extension};`),
    ]),
    'charset utf-8;',
    directive('charset_types', [
      ...others.filter(({ charset }) => charset).map(({ type }) => type),
      ...new Set(added.map(([, type]) => type)),
    ]),
    directive(
      'gzip_types',
      others.filter(({ compressible }) => compressible).map(({ type }) => type),
    ),
  ];
}

/** Refuses symbolic links below a folder. */
export function symlinkLine(folder: string): string {
  return `disable_symlinks on ${parameter('folder', `from=${folder}`)};`;
}

/**
 * A location for the files of a folder whose paths match. The pattern ends in `\z`, since `$` would match before a line
 * break too; the file is captured from the decoded path, so nothing has to be rewritten.
 *
 * @param pattern - what follows the prefix, with an {@link assetCapture}
 * @param suffix - what the file's name has behind the asset's
 */
export function fileLocation(
  { prefix }: Pick<ResolvedLocation, 'prefix'>,
  folder: string,
  pattern: string,
  lines: readonly string[],
  suffix = '',
): string {
  const path = String.raw`^${literalPattern(prefix)}${pattern}\z`;
  return block(`location ~ ${quoted(path)}`, [...lines, `alias ${assetIn(folder, suffix)};`]);
}

/** The captured asset's path in a folder, which may have variables. */
function assetIn(folder: string, suffix = ''): string {
  return quoted(`${folder}/$static_url_asset${suffix}`);
}

export const NOT_FOUND: string = 'return 404;';

/**
 * Keeps folders out, to which nginx would send a redirect: one more look at the disk.
 *
 * @param otherwise - what becomes of what is no file there
 */
export function fileCheck(folder: string, otherwise: string = NOT_FOUND): string {
  return `if (!-f ${assetIn(folder)}) { ${otherwise} }`;
}

/** Decides a `Cache-Control`: add_header works before the range filter (a 416 would get the long expiry too), so the request's header does it. */
export function expiryLines(variable: string, cacheControl: string): string[] {
  return [`set ${variable} ${quoted(cacheControl)};`, `if ($http_range) { set ${variable} ${REVALIDATE}; }`];
}

/** Whether a `Cache-Control` lets nobody use a stored answer unasked. */
function isCautious(cacheControl: string): boolean {
  return cacheControl.split(',').some((each) => [NO_STORE, REVALIDATE].includes(each.trim().toLowerCase()));
}

function unversionedLines(location: ResolvedLocation): string[] {
  const { unversionedCacheControl } = location;
  if (isCautious(unversionedCacheControl)) return headerLines(location, quoted(unversionedCacheControl));
  return [
    ...expiryLines(CACHE_CONTROL_VARIABLE, unversionedCacheControl),
    ...headerLines(location, CACHE_CONTROL_VARIABLE),
  ];
}

/** The headers of an answer. */
export function headerLines(
  { headers }: Pick<ResolvedLocation, 'headers'>,
  cacheControl: string,
  always = '',
): string[] {
  return [
    `add_header Cache-Control ${cacheControl}${always};`,
    'add_header X-Content-Type-Options nosniff always;',
    ...headers.map(
      ([name, value]) => `add_header ${parameter('header name', name)} ${quoted(value)} always;`,
    ),
  ];
}
