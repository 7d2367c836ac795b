import { InvalidArgumentError } from 'commander';

/** Makes the parser of a flag that takes a whole number; its range is the option's to check. */
export function wholeNumberFlag(unit: string): (text: string) => number {
  return (text) => {
    if (/^\d+$/.test(text)) return Number(text);
    throw new InvalidArgumentError(`It is a whole number of ${unit}.`);
  };
}
