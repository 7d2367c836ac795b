import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Argument } from '../core/option-kinds.ts';
import type { Spec } from '../core/options.ts';
import { quote } from '../core/text.ts';

/** A flag whose value a command finds by the option's name in the API. */
export class Flag extends Option {
  readonly #name: string;

  constructor(name: string, flags: string, help?: string) {
    super(flags, help);
    this.#name = name;
  }

  override attributeName(): string {
    return this.#name;
  }
}

/** The flag of an option. */
export function flagOf(name: string, spec: Spec<unknown> & { readonly flag: string }): Flag {
  const flag = new Flag(name, spec.flag, helpOf(spec));
  const { argument } = spec;
  if (argument.kind === 'choice') flag.choices(argument.choices);
  else if (argument.kind !== 'switch') flag.argParser((text, previous) => parse(argument, text, previous));
  return flag;
}

/** A hidden flag that takes back what the configuration says: `--no-header` for `--header`. */
export function negationOf(flag: Option): Option {
  return new Flag(flag.attributeName(), `--no-${flag.long?.slice(2)}`).hideHelp();
}

/** The second value of a flag that takes one would silently replace the first. */
export function refuseRepeats(command: Command, flag: Flag): void {
  let isGiven = false;
  command.on(`option:${flag.name()}`, () => {
    if (isGiven) command.error(`error: option '${flag.flags}' is given twice. Keep one.`);
    isGiven = true;
  });
}

/** Whether a flag may be given again, each time for another name or another item. */
export function isRepeatable({ argument }: Spec<unknown>): boolean {
  return argument.kind === 'pairs' || argument.kind === 'paths' || argument.kind === 'strings';
}

function helpOf({ help, default: value, defaultText, argument }: Spec<unknown>): string {
  if (argument.kind === 'switch' || value === false) return help;
  if (argument.kind === 'pairs') return `${help} Such as ${quote(argument.example)}; may be given again.`;
  return value === undefined && defaultText === undefined
    ? help
    : `${help} (default: ${defaultText ?? String(value)})`;
}

/** Reads what a flag is given. Ranges are the option's own to check. */
function parse(argument: Argument, text: string, previous: unknown): unknown {
  switch (argument.kind) {
    case 'path':
      return nonEmpty(text);
    case 'paths':
    case 'strings':
      return [...(Array.isArray(previous) ? previous : []), nonEmpty(text)];
    case 'number':
      if (/^\d+$/.test(text)) return Number(text);
      throw new InvalidArgumentError(`It is a whole number of ${argument.unit}.`);
    case 'duration':
      return seconds(text);
    case 'pairs':
      return addPair(Object(previous), text, argument);
    case 'string':
    case 'switch':
    case 'choice':
    case 'none':
      return text;
  }
}

/** An empty path, as a script's unset variable makes it, would silently mean the working folder. */
export function nonEmpty(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('It is empty. Is the variable it comes from set?');
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A duration, such as `12h`, `30d` or `2w`, in seconds. */
function seconds(text: string): number {
  const [, number, unit = ''] = /^(\d+)([smhdw])$/.exec(text) ?? [];
  const total = Number(number) * (SECONDS[unit] ?? Number.NaN);
  if (Number.isSafeInteger(total)) return total;
  throw new InvalidArgumentError('It is a whole number with a unit: 90s, 30m, 12h, 30d or 2w.');
}

/** What a flag of names and values gives. */
export type Pairs = Readonly<Record<string, string>>;

function addPair(
  previous: Pairs,
  text: string,
  { separator, example }: Extract<Argument, { kind: 'pairs' }>,
): Pairs {
  const end = text.indexOf(separator);
  if (end < 1) throw new InvalidArgumentError(`Write it such as ${quote(example)}.`);
  const name = text.slice(0, end).trim();
  if (Object.keys(previous).some((other) => isSameName(other, name)))
    throw new InvalidArgumentError(`${quote(name)} is given twice. Keep one.`);
  return { ...previous, [name]: text.slice(end + separator.length).trim() };
}

/** Adds pairs to those below them, which they replace where the names are the same. */
export function mergePairs(below: Pairs, above: Pairs): Pairs {
  const names = Object.keys(above);
  const kept = Object.entries(below).filter(([name]) => !names.some((other) => isSameName(name, other)));
  return Object.fromEntries([...kept, ...Object.entries(above)]);
}

/** Headers and file extensions are the same in either case. */
function isSameName(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase();
}
