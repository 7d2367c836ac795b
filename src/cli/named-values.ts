import { InvalidArgumentError } from 'commander';
import { quote } from '../core/options.ts';

/** What a flag gives that may be given again, each time for another name. */
export type NamedValues = Readonly<Record<string, string>>;

/**
 * Makes the parser of a flag that takes a name and its value. One name twice is an error, for the second value would
 * silently take the place of the first.
 *
 * @param separator - what stands between name and value
 * @param example - of a whole argument
 */
export function namedValueFlag(
  separator: string,
  example: string,
): (text: string, previous?: NamedValues) => NamedValues {
  return (text, previous = {}) => {
    const end = text.indexOf(separator);
    if (end < 1) throw new InvalidArgumentError(`Write it such as ${quote(example)}.`);
    const name = text.slice(0, end).trim();
    if (Object.keys(previous).some((other) => areOne(other, name)))
      throw new InvalidArgumentError(`${quote(name)} is given twice. Keep one.`);
    return { ...previous, [name]: text.slice(end + separator.length).trim() };
  };
}

/** Adds values to those below them, in whose place they stand where the names are the same. */
export function mergeByName(below: NamedValues, above: NamedValues): NamedValues {
  const names = Object.keys(above);
  const kept = Object.entries(below).filter(([name]) => !names.some((other) => areOne(name, other)));
  return Object.fromEntries([...kept, ...Object.entries(above)]);
}

/** Headers and file extensions are the same in either case. */
function areOne(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase();
}
