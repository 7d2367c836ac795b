import { inspect } from 'node:util';
import { distance } from './edit-distance.ts';

/** What a terminal may obey or a log may break at, and JSON leaves as it is: C1 controls, separators, text direction. */
const UNESCAPED_BY_JSON = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** A value as it stands in messages: a string is quoted, with control characters escaped; anything else is named. */
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

/** `' Did you mean "…"?'` when one of the names is near, else an empty string. */
export function didYouMean(name: string, known: readonly string[]): string {
  let nearest: string | undefined;
  let least = Infinity;
  for (const each of known) {
    const away = distance(name.toLowerCase(), each.toLowerCase());
    if (away < least) [nearest, least] = [each, away];
  }
  if (nearest === undefined || least > Math.max(2, Math.floor(nearest.length / 3))) return '';
  return ` Did you mean ${quote(nearest)}?`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A length as people read it, in powers of 1000: `1.2 MB`. */
export function byteText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // What would be rounded to 1000 takes the next unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** A number with its noun: `1 file`, `2 files`. */
export function countText(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
