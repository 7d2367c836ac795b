import type { Kind } from './option-kinds.ts';
import { didYouMean, isPlainObject, quote } from './text.ts';

/** One option of a function, said once: checks, flags, the configuration, help and documentation come from here. */
export type Spec<Value> = Kind<Value> & {
  /** The flag on the command line: `'--max-age <seconds>'`. Absent for what only code can give. */
  readonly flag?: string;
  /** The first sentence of the option's TSDoc; a test compares the two. */
  readonly help: string;
  /** Taken when the option is not given. */
  readonly default?: Value;
  /** How help and documentation say the default, where it is no plain value: `'a year'`. */
  readonly defaultText?: string;
  /** Whether the function cannot do without it. */
  readonly required?: true;
};

/**
 * The specs of all options of an interface. The compiler keeps it complete: an option that must be given is `required`,
 * any other has a `default`, unless it is one of the `Open`, which stay `undefined`.
 */
export type Table<Options, Open extends keyof Options = never> = {
  readonly [Name in keyof Options]-?: Spec<NonNullable<Options[Name]>> &
    ({} extends Pick<Options, Name>
      ? Name extends Open
        ? { readonly default?: never }
        : { readonly default: NonNullable<Options[Name]> }
      : { readonly required: true });
};

/** Options with everything decided. */
export type Resolved<Options, Open extends keyof Options = never> = {
  readonly [Name in keyof Options]-?: Name extends Open
    ? NonNullable<Options[Name]> | undefined
    : NonNullable<Options[Name]>;
};

/** Any table, for code that treats all options alike. */
export type AnyTable = Readonly<Record<string, Spec<unknown>>>;

/**
 * Checks and defaults what a function is given. Each option is read once.
 *
 * @param caller - the function, as messages name it: `'openAssets()'`
 * @throws TypeError for a wrong shape, an unknown name or a missing option; RangeError for a wrong range
 */
export function resolveOptions<Options, Open extends keyof Options = never>(
  caller: string,
  options: unknown,
  table: Table<Options, Open>,
): Resolved<Options, Open> {
  // The table has a spec for each name of the interface, and each value has passed its check or is the default.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return resolveNames(caller, options, table) as Resolved<Options, Open>;
}

function resolveNames(caller: string, options: unknown, table: AnyTable): Readonly<Record<string, unknown>> {
  const known = Object.keys(table);
  checkNames(caller, options, known);
  const given: Readonly<Record<string, unknown>> = { ...Object(options) };
  const missing = known.filter((name) => table[name]?.required && given[name] === undefined);
  if (missing.length > 0) throw missingOptions(caller, missing);
  return Object.fromEntries(
    Object.entries(table).map(([name, spec]) => {
      const value = given[name];
      if (value === undefined) return [name, spec.default];
      if (!spec.check(value)) throw spec.refusal(value, name);
      return [name, value];
    }),
  );
}

function missingOptions(caller: string, missing: readonly string[]): Error {
  const list = missing.map(quote).join(' and ');
  return new TypeError(`${caller} needs the option${missing.length > 1 ? 's' : ''} ${list}.`);
}

/**
 * Refuses options that are no plain object, or have a name that is not known.
 *
 * @throws TypeError with the unknown name and the known one nearest to it
 */
export function checkNames(caller: string, options: unknown, known: readonly string[]): void {
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
