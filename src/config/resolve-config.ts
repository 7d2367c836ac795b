import { importsOption } from '../assets/options.ts';
import { keepOption, olderThanOption } from '../releases/index.ts';
import { checkOptions } from '../core/options.ts';
import { parsePrefix } from '../core/prefix.ts';
import { UNKNOWN_VERSION_ANSWERS } from '../http/unknown-version.ts';
import {
  cacheControlOption,
  headerList,
  mediaTypesOption,
  openFilesOption,
  secondsOption,
} from '../nginx/index.ts';
import { ConfigCheck } from './config-check.ts';
import type { StaticUrlConfig } from './define-config.ts';

type Path = 'releases' | 'manifest' | 'current';

/** {@link StaticUrlConfig} found right, with absolute paths. What is not in the file is `undefined`. */
export type ResolvedConfig = {
  readonly [Name in keyof Omit<StaticUrlConfig, 'roots' | Path>]-?: StaticUrlConfig[Name] | undefined;
} & {
  readonly [Name in Path]: string | undefined;
} & {
  readonly roots: readonly string[] | undefined;
  /** The file's name in messages. */
  readonly name: string;
};

const KNOWN: readonly (keyof StaticUrlConfig)[] = [
  'prefix',
  'roots',
  'releases',
  'manifest',
  'current',
  'modules',
  'imports',
  'dotfiles',
  'wellKnown',
  'compress',
  'headers',
  'cors',
  'gzipStatic',
  'symlinks',
  'unversionedCacheControl',
  'maxAgeSeconds',
  'unknownVersion',
  'mediaTypes',
  'maxOpenFiles',
  'keep',
  'olderThanSeconds',
];

/**
 * Validates what a configuration file exports.
 *
 * @param file - its absolute path
 * @param shown - the file's name in messages
 * @throws TypeError that names the file and the place in it: `static-url.config.js: "roots[1]" is …, not ….`
 * @throws {@link StaticUrlError} `NGINX_INEXPRESSIBLE`, with the same names
 */
export function resolveConfig(config: unknown, file: string, shown: string): ResolvedConfig {
  checkOptions(shown, config, KNOWN);
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(config ?? {}));
  const check = new ConfigCheck(file, shown);
  const cors = check.boolean('cors', given['cors']);
  return {
    name: shown,
    prefix: check.text('prefix', given['prefix'], (prefix) => parsePrefix(prefix).href),
    roots: check.paths('roots', given['roots']),
    releases: check.path('releases', given['releases']),
    manifest: check.path('manifest', given['manifest']),
    current: check.path('current', given['current']),
    modules: check.choice('modules', given['modules'], ['group', 'importmap']),
    imports: check.texts('imports', given['imports'], importsOption),
    dotfiles: check.boolean('dotfiles', given['dotfiles']),
    wellKnown: check.boolean('wellKnown', given['wellKnown']),
    compress: check.boolean('compress', given['compress']),
    headers: check.texts('headers', given['headers'], (headers) => headerList(headers, cors ?? false)),
    cors,
    gzipStatic: check.boolean('gzipStatic', given['gzipStatic']),
    symlinks: check.choice('symlinks', given['symlinks'], ['inside', 'follow', 'refuse']),
    unversionedCacheControl: check.text(
      'unversionedCacheControl',
      given['unversionedCacheControl'],
      (value) => cacheControlOption('unversionedCacheControl', value, value),
    ),
    maxAgeSeconds: check.number('maxAgeSeconds', given['maxAgeSeconds'], (value) =>
      secondsOption('maxAgeSeconds', value, 0),
    ),
    unknownVersion: check.choice('unknownVersion', given['unknownVersion'], UNKNOWN_VERSION_ANSWERS),
    mediaTypes: check.texts('mediaTypes', given['mediaTypes'], mediaTypesOption),
    maxOpenFiles: check.number('maxOpenFiles', given['maxOpenFiles'], openFilesOption),
    keep: check.number('keep', given['keep'], keepOption),
    olderThanSeconds: check.number('olderThanSeconds', given['olderThanSeconds'], olderThanOption),
  };
}
