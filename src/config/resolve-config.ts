import { dirname, resolve } from 'node:path';
import { checkOptions, didYouMean, isPlainObject, quote } from '../core/options.ts';
import { parsePrefix } from '../core/prefix.ts';
import type { StaticUrlConfig } from './define-config.ts';

/** {@link StaticUrlConfig} found right, with absolute paths. What is not in the file is `undefined`. */
export type ResolvedConfig = {
  readonly [Name in keyof Omit<StaticUrlConfig, 'roots'>]-?: StaticUrlConfig[Name] | undefined;
} & {
  readonly roots: readonly string[] | undefined;
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
 */
export function resolveConfig(config: unknown, file: string, shown: string): ResolvedConfig {
  checkOptions(shown, config, KNOWN);
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(config ?? {}));
  const check = new ConfigCheck(file, shown);
  return {
    prefix: check.prefix(given['prefix']),
    roots: check.paths('roots', given['roots']),
    releases: check.path('releases', given['releases']),
    manifest: check.path('manifest', given['manifest']),
    current: check.path('current', given['current']),
    modules: check.choice('modules', given['modules'], ['group', 'importmap']),
    imports: check.texts('imports', given['imports']),
    dotfiles: check.boolean('dotfiles', given['dotfiles']),
    wellKnown: check.boolean('wellKnown', given['wellKnown']),
    compress: check.boolean('compress', given['compress']),
    headers: check.texts('headers', given['headers']),
    cors: check.boolean('cors', given['cors']),
    gzipStatic: check.boolean('gzipStatic', given['gzipStatic']),
    symlinks: check.choice('symlinks', given['symlinks'], ['follow', 'refuse']),
    unversionedCacheControl: check.text('unversionedCacheControl', given['unversionedCacheControl']),
    maxAgeSeconds: check.number('maxAgeSeconds', given['maxAgeSeconds']),
    unknownVersion: check.choice('unknownVersion', given['unknownVersion'], ['current-bytes', 'not-found']),
    mediaTypes: check.texts('mediaTypes', given['mediaTypes']),
    maxOpenFiles: check.number('maxOpenFiles', given['maxOpenFiles']),
    keep: check.number('keep', given['keep']),
    olderThanSeconds: check.number('olderThanSeconds', given['olderThanSeconds']),
  };
}

/** Looks at the values of one file. `undefined` is as good as nothing. */
class ConfigCheck {
  readonly #folder: string;
  readonly #shown: string;

  constructor(file: string, shown: string) {
    this.#folder = dirname(file);
    this.#shown = shown;
  }

  prefix(value: unknown): string | undefined {
    const prefix = this.text('prefix', value);
    try {
      return prefix === undefined ? undefined : parsePrefix(prefix).href;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new TypeError(`${this.#shown}: "prefix": ${reason}`, { cause: error });
    }
  }

  paths(place: string, value: unknown): string[] | undefined {
    if (value === undefined) return undefined;
    if (typeof value === 'string') return [this.#resolve(place, value)];
    if (!Array.isArray(value) || value.length === 0)
      throw this.#wrong(place, 'a folder or a list of folders', value);
    return value.map((each, index) => this.#resolve(`${place}[${index}]`, each));
  }

  path(place: string, value: unknown): string | undefined {
    return value === undefined ? undefined : this.#resolve(place, value);
  }

  text(place: string, value: unknown): string | undefined {
    return value === undefined ? undefined : this.#text(place, value);
  }

  texts(place: string, value: unknown): Record<string, string> | undefined {
    if (value === undefined) return undefined;
    if (!isPlainObject(value)) throw this.#wrong(place, 'a plain object of texts', value);
    const entries = Object.entries(value).map(([name, each]) => {
      const step = /^[a-z$_][\w$]*$/i.test(name) ? `.${name}` : `[${quote(name).replaceAll('"', "'")}]`;
      return [name, this.#text(place + step, each)] as const;
    });
    return Object.fromEntries(entries);
  }

  /** Its range is the command's to check. */
  number(place: string, value: unknown): number | undefined {
    if (value === undefined || typeof value === 'number') return value;
    throw this.#wrong(place, 'a number', value);
  }

  boolean(place: string, value: unknown): boolean | undefined {
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.#wrong(place, 'true or false', value);
  }

  choice<Choice extends string>(
    place: string,
    value: unknown,
    choices: readonly Choice[],
  ): Choice | undefined {
    if (value === undefined) return undefined;
    const choice = choices.find((each) => each === value);
    if (choice !== undefined) return choice;
    const advice = typeof value === 'string' ? didYouMean(value, choices) : '';
    throw this.#wrong(place, choices.map(quote).join(' or '), value, advice);
  }

  #resolve(place: string, value: unknown): string {
    return resolve(this.#folder, this.#text(place, value));
  }

  #text(place: string, value: unknown): string {
    if (typeof value === 'string' && value !== '') return value;
    throw this.#wrong(place, 'a text that is not empty', value);
  }

  #wrong(place: string, expected: string, value: unknown, advice = ''): TypeError {
    return new TypeError(`${this.#shown}: "${place}" is ${expected}, not ${quote(value)}.${advice}`);
  }
}
