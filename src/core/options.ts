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
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function') return 'a function';
  return inspect(value);
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
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${caller} takes its options as an object, not ${describe(options)}.`);
  }
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
  return value instanceof URL ? fileURLToPath(value) : requiredText(name, value);
}
