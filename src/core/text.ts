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
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : ` Did you mean ${quote(nearest)}?`;
}

/** How much is compared for one mistake, in pairs of characters: an answer to a request may wait for it. */
const MOST_COMPARED = 10_000_000;

/**
 * The nearest of some names, not further away than a third of its length.
 *
 * @param distanceOf - how many characters are to be changed, added or removed: at least what two lengths differ by
 */
export function nearestName(
  name: string,
  known: readonly string[],
  distanceOf: (one: string, other: string) => number = distance,
): string | undefined {
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  let least = Infinity;
  let compared = 0;
  for (const each of known) {
    const other = each.toLowerCase();
    const most = Math.min(least - 1, Math.max(2, Math.floor(other.length / 3)));
    if (Math.abs(wanted.length - other.length) > most) continue;
    compared += wanted.length * other.length;
    if (compared > MOST_COMPARED) break;
    const away = distanceOf(wanted, other);
    if (away <= most) [nearest, least] = [each, away];
  }
  return nearest;
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
