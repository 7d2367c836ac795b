const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** In milliseconds, by their names in the singular: those that the package "ms" knows, which serve-static reads with. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ...named(1, '', 'ms', 'msec', 'millisecond'),
  ...named(SECOND, 's', 'sec', 'second'),
  ...named(MINUTE, 'm', 'min', 'minute'),
  ...named(HOUR, 'h', 'hr', 'hour'),
  ...named(DAY, 'd', 'day'),
  ...named(7 * DAY, 'w', 'week'),
  ...named(365.25 * DAY, 'y', 'yr', 'year'),
]);

function named(milliseconds: number, ...names: readonly string[]): [string, number][] {
  return names.map((name) => [name, milliseconds]);
}

/**
 * Reads the option `maxAge`: milliseconds, or a string such as `'1d'` or `'2 hours'`.
 *
 * @returns milliseconds; `undefined` for what is neither
 */
export function readMaxAge(value: unknown): number | undefined {
  if (typeof value === 'number') return value >= 0 ? value : undefined;
  const [, number, unit = ''] = /^(\d+|\d*\.\d+) *([a-z]*)$/.exec(String(value).toLowerCase()) ?? [];
  const milliseconds = UNITS.get(unit) ?? UNITS.get(unit.replace(/s$/, ''));
  return number === undefined || milliseconds === undefined ? undefined : Number(number) * milliseconds;
}
