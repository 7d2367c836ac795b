import { compile, pathToRegexp, type Key } from 'path-to-regexp';
import { quote } from '../../core/text.ts';
import type { RouteParams } from './route.ts';

/** The parameters of a page, by name, as they go into its path and its file. */
export type ParamValues = ReadonlyMap<string, string | readonly string[]>;

/** A path pattern, made ready to give paths. */
export interface PathPattern {
  /** @throws TypeError for parameters that do not fit */
  readonly valuesOf: (params: RouteParams | undefined) => ParamValues;
  /** The raw path, percent-encoded. */
  readonly pathOf: (values: ParamValues) => string;
}

/** Makes a pattern ready, which has been parsed before. */
export function compilePattern(pattern: string): PathPattern {
  const toPath = compile(pattern);
  const { keys } = pathToRegexp(pattern);
  return {
    valuesOf: (params) => valuesOf(keys, params),
    pathOf(values) {
      try {
        return encoded(toPath(Object.fromEntries([...values].map(([name, value]) => [name, copyOf(value)]))));
      } catch (error) {
        const [, missing] = /^Missing parameters: (.*)$/.exec(String(Object(error).message)) ?? [];
        if (missing === undefined) throw error;
        throw new TypeError(
          `they have no value for ${missing.split(', ').map(quote).join(' and ')}. Give it in "params".`,
          {
            cause: error,
          },
        );
      }
    },
  };
}

/** What stands in a pattern itself is as people write it; browsers ask for it percent-encoded. */
function encoded(path: string): string {
  return path.replaceAll(/[^!-~]+|["<>\\^`{|}]|%(?![\dA-Fa-f]{2})/g, encodeURIComponent);
}

function valuesOf(keys: readonly Key[], params: RouteParams | undefined): ParamValues {
  const values = new Map<string, string | readonly string[]>();
  for (const [index, { name, type }] of keys.entries()) {
    const value = valueOf(params, name, index);
    if (value === undefined || value === null) continue;
    values.set(name, type === 'wildcard' ? segmentsOf(name, value) : segmentOf(name, value));
  }
  if (Array.isArray(params) && params.length > keys.length)
    throw new TypeError(
      `There are ${params.length} parameters in the list, and the pattern has ${keys.length}.`,
    );
  return values;
}

/** An object is asked by name: it may be a row of a database, which has more, or has it by a getter. */
function valueOf(params: RouteParams | undefined, name: string, index: number): unknown {
  if (Array.isArray(params)) return params[index];
  if (typeof params === 'string' || typeof params === 'number') return index === 0 ? params : undefined;
  if (params === undefined) return undefined;
  if (typeof params === 'object' && params !== null) return Reflect.get(params, name);
  throw new TypeError(`Parameters are an object by name or a list in order, not ${quote(params)}.`);
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'string')
    throw new TypeError(`The parameter ${quote(name)} is a string or a number, not ${quote(value)}.`);
  if (/\p{Surrogate}/u.test(value))
    throw new TypeError(
      `The parameter ${quote(name)} has half a character (a lone surrogate), which no URL can say.`,
    );
  return value;
}

function segmentOf(name: string, value: unknown): string {
  const text = textOf(name, value);
  if (text.includes('/'))
    throw new TypeError(
      `The parameter ${quote(name)} is ${quote(text)}: a segment of a path has no "/". Write "*${name}" in the pattern for several segments.`,
    );
  refuseSegment(name, text);
  return text;
}

/** A wildcard takes a path, or a list of its segments. */
function segmentsOf(name: string, value: unknown): string[] {
  const segments = Array.isArray(value)
    ? value.map((each) => segmentOf(name, each))
    : textOf(name, value).split('/');
  for (const segment of segments) refuseSegment(name, segment);
  if (segments.length === 0) throw new TypeError(`The parameter ${quote(name)} is an empty list.`);
  return segments;
}

function refuseSegment(name: string, segment: string): void {
  if (segment === '')
    throw new TypeError(`The parameter ${quote(name)} is empty, or has an empty segment: no path has one.`);
  if (segment === '.' || segment === '..')
    throw new TypeError(
      `The parameter ${quote(name)} has the segment ${quote(segment)}, which would climb out of the site.`,
    );
}

/** The library takes lists that it could change. */
function copyOf(value: string | readonly string[]): string | string[] {
  return typeof value === 'string' ? value : [...value];
}

/** The parameters as they go into a name: those of a wildcard with `/` between them. */
export function nameValue(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : value.join('/');
}
