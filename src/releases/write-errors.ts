import { describeWriteError as describe } from '../files/disk-access.ts';

/** The error to throw for one that came up while a releases folder was written. */
export function describeWriteError(error: unknown, releases: string): unknown {
  return describe(error, releases, {
    full: 'Free a little by hand, then more with "static-url prune", and try again.',
    split: 'Keep the whole releases folder on one.',
  });
}
