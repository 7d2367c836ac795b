import picomatch from 'picomatch';

/** How a pattern begins that takes files out again; `!(…)` is one of other names. */
const TAKES_OUT = /^!(?!\()/;

/**
 * Tells by their names the files that may refer to what is not there. A pattern with `/` at its end is of all files in a
 * folder.
 *
 * @param patterns - the option `optional`
 */
export function optionalFiles(patterns: readonly string[]): (name: string) => boolean {
  const whole = patterns.map((pattern) => pattern.replace(/\/$/, '/**'));
  // In a list picomatch would take a pattern that begins with "!" for all files but some.
  const ignore = whole.filter((each) => TAKES_OUT.test(each)).map((each) => each.slice(1));
  const taken = whole.filter((each) => !TAKES_OUT.test(each));
  return picomatch(taken, { dot: true, ignore });
}
