import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

/** What a terminal may obey or a log may break at, and JSON leaves as it is: C1 controls, separators, text direction. */
const UNESCAPED_BY_JSON = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** Text as it stands in messages: quoted, with control characters escaped. */
export function quote(value: unknown): string {
  if (typeof value !== 'string') return describe(value);
  return JSON.stringify(value).replaceAll(
    UNESCAPED_BY_JSON,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return inspect(value);
  const { name }: { readonly name?: unknown } = isPlainObject(value) ? {} : Object(value.constructor);
  return typeof name === 'string' && /^\w+$/.test(name) ? `an object of class ${name}` : 'an object';
}

/** Whether a value holds its settings as properties of its own: no array, `Map`, `Headers` or other object of a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Not compared with Object.prototype: each realm, such as one of `node:vm`, has its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** `' Did you mean "…"?'` when one of the names is near, else an empty text. */
export function didYouMean(name: string, known: readonly string[]): string {
  // Only a mistake pays for the library: importing this package must load no dependency.
  const load = createRequire(import.meta.url);
  const { distance }: typeof import('fastest-levenshtein') = load('fastest-levenshtein');
  let nearest: string | undefined;
  let least = Infinity;
  for (const each of known) {
    const away = distance(name.toLowerCase(), each.toLowerCase());
    if (away < least) [nearest, least] = [each, away];
  }
  if (nearest === undefined || least > Math.max(2, Math.floor(nearest.length / 3))) return '';
  return ` Did you mean ${quote(nearest)}?`;
}

/**
 * Refuses an options argument that is no plain object or has a name that is not known.
 *
 * @throws TypeError naming the function, the unknown option and the known name nearest to it
 */
export function checkOptions(caller: string, options: unknown, known: readonly string[]): void {
  if (options === undefined) return;
  if (!isPlainObject(options))
    throw new TypeError(`${caller} takes its options as a plain object, not ${quote(options)}.`);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new TypeError(
      `${caller} has no option ${quote(name)}.${didYouMean(name, known) || ` It has ${known.map(quote).join(', ')}.`}`,
    );
  }
}

/** Returns a boolean option, or its default when it is not given. */
export function booleanOption(name: string, value: unknown, defaultValue: boolean): boolean {
  if (value === undefined) return defaultValue;
  if (typeof value === 'boolean') return value;
  throw new TypeError(`The option "${name}" is true or false, not ${quote(value)}.`);
}

/** Returns an option that is one of a few words, or its default when it is not given. */
export function choiceOption<Choice extends string>(
  name: string,
  value: unknown,
  choices: readonly Choice[],
  defaultValue: Choice,
): Choice {
  if (value === undefined) return defaultValue;
  const choice = choices.find((each) => each === value);
  if (choice !== undefined) return choice;
  throw new TypeError(`The option "${name}" is ${choices.map(quote).join(' or ')}, not ${quote(value)}.`);
}

/** Returns a text that is not empty. */
export function requiredText(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new TypeError(`The ${name} is a text that is not empty, not ${quote(value)}.`);
}

/** Returns a path, given as a text that is not empty or as a `file:` URL. */
export function requiredPath(name: string, value: unknown): string {
  const path = value instanceof URL ? pathOf(name, value) : requiredText(name, value);
  if (!path.includes('\0')) return path;
  throw new TypeError(`The ${name} ${quote(path)} has a NUL character, which no path may have.`);
}

function pathOf(name: string, url: URL): string {
  // Its scheme alone: a URL of another one may hold a password.
  if (url.protocol !== 'file:')
    throw new TypeError(`The ${name} is a path or a "file:" URL, not a URL of ${quote(url.protocol)}.`);
  try {
    return fileURLToPath(url);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TypeError(`The ${name} ${quote(url.href)} is no path of this host: ${reason}.`, {
      cause: error,
    });
  }
}
