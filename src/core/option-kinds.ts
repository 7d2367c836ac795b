import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { optionError } from './errors.ts';
import { isPlainObject, quote } from './text.ts';

/** How an option's value is written on the command line. */
export type Argument =
  | { readonly kind: 'switch' | 'path' | 'paths' | 'string' | 'strings' | 'duration' | 'none' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'number'; readonly unit: string }
  | {
      /** A name and its value; given again for another. */
      readonly kind: 'pairs';
      readonly separator: string;
      readonly example: string;
    };

/** What values an option takes. */
export interface Kind<Value> {
  readonly check: (value: unknown) => value is Value;
  /** The error for a value that is refused. */
  readonly refusal: (value: unknown, option: string) => Error;
  readonly argument: Argument;
}

/**
 * A kind of option.
 *
 * @param what - how a message goes on behind "is": `'true or false'`
 */
export function expected<Value>(
  argument: Argument,
  what: string,
  check: (value: unknown) => value is Value,
): Kind<Value> {
  const refusal = (value: unknown, option: string): Error =>
    optionError(option, (name) => `${name(option)} is ${what}, not ${quote(value)}.`);
  return { argument, check, refusal };
}

/** A kind of option whose values are checked by what throws for a wrong one. */
export function validated<Value>(
  argument: Argument,
  validate: (value: unknown, option: string) => unknown,
): Kind<Value> {
  const refusal = (value: unknown, option: string): Error | undefined => {
    try {
      validate(value, option);
    } catch (error) {
      return error instanceof Error ? error : new TypeError(String(error));
    }
    return undefined;
  };
  return {
    argument,
    check: (value): value is Value => refusal(value, '') === undefined,
    refusal: (value, option) => refusal(value, option) ?? new TypeError(`Cannot take ${quote(value)}.`),
  };
}

export const BOOLEAN: Kind<boolean> = expected(
  { kind: 'switch' },
  'true or false',
  (value) => typeof value === 'boolean',
);

export const STRING: Kind<string> = expected(
  { kind: 'string' },
  'a non-empty string',
  (value): value is string => typeof value === 'string' && value !== '',
);

/** What code alone can give. */
export function callback<Callback extends (...values: never[]) => unknown>(): Kind<Callback> {
  return expected({ kind: 'none' }, 'a function', (value): value is Callback => typeof value === 'function');
}

/** What code alone can give, checked by its shape. */
export function inCode<Value>(what: string, isFit: (value: unknown) => boolean): Kind<Value> {
  return expected({ kind: 'none' }, what, (value): value is Value => isFit(value));
}

function orList(words: readonly string[]): string {
  return words
    .map(quote)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');
}

/** One of a few words. */
export function choice<Word extends string>(...words: readonly Word[]): Kind<Word> {
  return expected({ kind: 'choice', choices: words }, orList(words), (value): value is Word =>
    words.some((word) => word === value),
  );
}

/** A whole number of something, from a least one to a greatest. */
export function wholeNumber(unit: string, least: number, greatest: number = Infinity): Kind<number> {
  const range = greatest === Infinity ? `${least}` : `${least} to ${greatest}`;
  const isFit = (value: number): boolean => Number.isInteger(value) && value >= least && value <= greatest;
  return numberKind(
    { kind: 'number', unit },
    `a whole number of ${unit} from ${range}${greatest === Infinity ? ' on' : ''}`,
    isFit,
  );
}

/** A switch, or how many of something it stands for. */
export function switchOrNumber(unit: string, least: number): Kind<boolean | number> {
  const { argument, check } = wholeNumber(unit, least);
  return {
    ...numberKind(argument, `true, false or a whole number of ${unit} from ${least} on`, check),
    check: (value): value is boolean | number => BOOLEAN.check(value) || check(value),
  };
}

/** A number of something, not below zero. */
export function amount(unit: string, argument: Argument = { kind: 'number', unit }): Kind<number> {
  return numberKind(argument, `a number of ${unit} from 0 on`, (value) => value >= 0);
}

function numberKind(argument: Argument, what: string, isFit: (value: number) => boolean): Kind<number> {
  return {
    argument,
    check: (value): value is number => typeof value === 'number' && isFit(value),
    refusal: (value, option) =>
      optionError(
        option,
        (name) => `${name(option)} is ${what}, not ${quote(value)}.`,
        (message) => (typeof value === 'number' ? new RangeError(message) : new TypeError(message)),
      ),
  };
}

/** A path, or a `file:` URL. */
export const PATH: Kind<string | URL> = validated({ kind: 'path' }, (value, option) =>
  pathOf(value, (problem) => optionError(option, (name) => `${name(option)} ${problem}`)),
);

/** A path or a `file:` URL, or a list of them that is not empty. */
export const PATHS: Kind<string | URL | readonly (string | URL)[]> = validated(
  { kind: 'paths' },
  (value, option) => {
    if (!Array.isArray(value)) {
      if (PATH.check(value)) return value;
      throw PATH.refusal(value, option);
    }
    if (value.length === 0) {
      throw optionError(
        option,
        (name) => `${name(option)} is an empty list. Name the folder that holds the files.`,
      );
    }
    for (const [index, each] of value.entries())
      pathOf(each, (problem) =>
        optionError(option, (name) => `Item ${index + 1} of ${name(option)} ${problem}`),
      );
    return value;
  },
);

/**
 * A path as it was given, or that of a `file:` URL.
 *
 * @param name - what it is, as messages begin: `'root'`
 * @throws TypeError for what is neither
 */
export function requirePath(name: string, value: unknown): string {
  return pathOf(value, (problem) => new TypeError(`The ${name} ${problem}`));
}

/**
 * An absolute path, from one that may be relative to the working folder, or a `file:` URL.
 *
 * @param name - what it is, as messages begin: `'root'`
 * @throws TypeError for what is neither
 */
export function absolutePath(name: string, value: unknown): string {
  return resolve(requirePath(name, value));
}

function pathOf(value: unknown, refuse: (problem: string) => Error): string {
  if (value instanceof URL) return pathOfUrl(value, refuse);
  if (typeof value !== 'string' || value === '')
    throw refuse(`is a non-empty path or a "file:" URL, not ${quote(value)}.`);
  if (value.includes('\0')) throw refuse(`is ${quote(value)}: no path may have a NUL character.`);
  return value;
}

function pathOfUrl(url: URL, refuse: (problem: string) => Error): string {
  // Its scheme alone: a URL of another one may hold a password.
  if (url.protocol !== 'file:')
    throw refuse(`is a path or a "file:" URL, not a URL of ${quote(url.protocol)}.`);
  let path: string;
  try {
    path = fileURLToPath(url);
  } catch (error) {
    throw refuse(
      `is ${quote(url.href)}, which is no path of this host: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  if (path.includes('\0')) throw refuse(`is ${quote(path)}: no path may have a NUL character.`);
  return path;
}

/** Whether a value is a list of strings alone. */
export function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** A plain object of strings by name, each pair checked. */
export function strings(
  argument: Argument,
  contents: string,
  validate: (values: Readonly<Record<string, string>>, option: string) => unknown,
): Kind<Readonly<Record<string, string>>> {
  return validated(argument, (value, option) => {
    if (!isPlainObject(value))
      throw optionError(
        option,
        (name) => `${name(option)} is a plain object of ${contents}, not ${quote(value)}.`,
      );
    const entries = Object.entries(value).map(([name, each]): [string, string] => {
      if (typeof each === 'string' && each !== '') return [name, each];
      throw optionError(
        option,
        (naming) =>
          `${naming(option)} gives ${quote(name)} the value ${quote(each)}. Give it a non-empty string.`,
      );
    });
    validate(Object.fromEntries(entries), option);
  });
}

/** Returns a string that is not empty. */
export function requireString(name: string, value: unknown): string {
  if (STRING.check(value)) return value;
  throw new TypeError(`The ${name} is a non-empty string, not ${quote(value)}.`);
}
