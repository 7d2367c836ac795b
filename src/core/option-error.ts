/** How a message names an option: `the option "keep"` in the API, `--keep` on the command line. */
export type Naming = (option: string) => string;

/** An error about an option, which can be said in other words than those of the API. */
export interface OptionError extends Error {
  /** The option's name in the API. */
  readonly option: string;
  readonly inWords: (naming: Naming) => string;
}

/**
 * An error about an option.
 *
 * @param words - the message, with each option named as its reader knows it
 * @param create - makes the error: a `TypeError` unless told otherwise
 */
export function optionError(
  option: string,
  words: (naming: Naming) => string,
  create: (message: string) => Error = (message) => new TypeError(message),
): OptionError {
  const message = words((name) => `the option "${name}"`);
  const error = create(message.charAt(0).toUpperCase() + message.slice(1));
  // Not shown where the error is printed.
  return Object.defineProperties(Object.assign(error, { option, inWords: words }), {
    inWords: { enumerable: false },
  });
}

/** Whether an error tells which option it is about. */
export function isOptionError(error: unknown): error is OptionError {
  return error instanceof Error && 'option' in error && 'inWords' in error;
}
