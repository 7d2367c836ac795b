import { dirname, resolve } from 'node:path';
import { StaticUrlError, isOptionError } from '../core/errors.ts';
import { PATH, PATHS, requirePath } from '../core/option-kinds.ts';
import { checkNames, type Spec } from '../core/options.ts';
import { isPlainObject } from '../core/text.ts';
import type { StaticUrlConfig } from './define-config.ts';
import { CONFIG_OPTIONS } from './options.ts';

/** {@link StaticUrlConfig} found right, with absolute paths. What is not in the file is not here. */
export interface ResolvedConfig {
  /** The file's name in messages. */
  readonly name: string;
  /** Its absolute path. */
  readonly file: string;
  readonly values: {
    readonly [Name in Exclude<keyof StaticUrlConfig, 'roots' | 'current'>]?: StaticUrlConfig[Name];
  } & {
    readonly roots?: readonly string[];
    readonly current?: string;
  };
}

/**
 * Checks what a configuration file exports.
 *
 * @param file - its absolute path
 * @param shown - the file's name in messages
 * @throws TypeError that names the file and the option: `static-url.config.js: "keep" is …, not ….`
 * @throws {@link StaticUrlError} `NGINX_INEXPRESSIBLE`, with the same names
 */
export function resolveConfig(config: unknown, file: string, shown: string): ResolvedConfig {
  checkNames(shown, config, Object.keys(CONFIG_OPTIONS));
  const given: Readonly<Record<string, unknown>> = { ...Object(config) };
  const values = Object.entries(CONFIG_OPTIONS)
    .filter(([name]) => given[name] !== undefined)
    .map(([name, spec]) => [name, resolveValue(name, given[name], spec, dirname(file), shown)]);
  return { name: shown, file, values: Object.fromEntries(values) };
}

function resolveValue(
  name: string,
  value: unknown,
  spec: Spec<unknown>,
  folder: string,
  shown: string,
): unknown {
  try {
    const absolute = absoluteValue(name, value, spec, folder);
    if (!spec.check(absolute)) throw spec.refusal(absolute, name);
    return absolute;
  } catch (error) {
    const reason = isOptionError(error)
      ? error.inWords((option) => JSON.stringify(option))
      : error instanceof Error
        ? error.message
        : String(error);
    const message = `${shown}: ${reason}`;
    throw error instanceof StaticUrlError
      ? new StaticUrlError(error.code, message, { cause: error })
      : new TypeError(message, { cause: error });
  }
}

/** Paths as seen from the folder of the configuration; all else as it is. */
function absoluteValue(name: string, value: unknown, { argument }: Spec<unknown>, folder: string): unknown {
  const absolute = (path: unknown): string => resolve(folder, requirePath(name, path));
  if (argument.kind === 'path') {
    if (!PATH.check(value)) throw PATH.refusal(value, name);
    return absolute(value);
  }
  if (name === 'site') return absoluteSite(value, absolute);
  if (argument.kind !== 'paths') return value;
  if (!PATHS.check(value)) throw PATHS.refusal(value, name);
  return [value].flat().map(absolute);
}

/** The paths of a site; what is none is found wrong later. */
function absoluteSite(value: unknown, absolute: (path: unknown) => string): unknown {
  if (!isPlainObject(value)) return value;
  const paths = Object.entries(value).map(([name, each]): [string, unknown] => {
    if (PATH.check(each) && (name === 'out' || name === 'passThrough' || name === 'appModule'))
      return [name, absolute(each)];
    if (name !== 'copies' || !Array.isArray(each)) return [name, each];
    return [
      name,
      each.map((copy: unknown) =>
        isPlainObject(copy) && PATH.check(copy['from']) ? { ...copy, from: absolute(copy['from']) } : copy,
      ),
    ];
  });
  return Object.fromEntries(paths);
}
