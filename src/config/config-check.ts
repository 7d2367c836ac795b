import { dirname, resolve } from 'node:path';
import { StaticUrlError } from '../core/errors.ts';
import { didYouMean, isPlainObject, quote, requiredPath } from '../core/options.ts';

/** As messages of the API name an option, and those here a place. */
const OPTION = /\bthe option ("[^"]+")/gi;

/** Looks at the values of one file. `undefined` is as good as nothing. */
export class ConfigCheck {
  readonly #folder: string;
  readonly #shown: string;

  constructor(file: string, shown: string) {
    this.#folder = dirname(file);
    this.#shown = shown;
  }

  paths(place: string, value: unknown): string[] | undefined {
    if (value === undefined) return undefined;
    if (typeof value === 'string' || value instanceof URL) return [this.#resolve(place, value)];
    if (!Array.isArray(value) || value.length === 0)
      throw this.#wrong(place, 'a folder or a list of folders', value);
    return value.map((each, index) => this.#resolve(`${place}[${index}]`, each));
  }

  path(place: string, value: unknown): string | undefined {
    return value === undefined ? undefined : this.#resolve(place, value);
  }

  text(place: string, value: unknown, resolveOption: (text: string) => string): string | undefined {
    if (value === undefined) return undefined;
    const text = this.#text(place, value);
    return this.#placed(place, () => resolveOption(text));
  }

  texts(
    place: string,
    value: unknown,
    resolveOption: (texts: Readonly<Record<string, string>>) => unknown,
  ): Record<string, string> | undefined {
    if (value === undefined) return undefined;
    if (!isPlainObject(value)) throw this.#wrong(place, 'a plain object of texts', value);
    const entries = Object.entries(value).map(([name, each]) => {
      const step = /^[a-z$_][\w$]*$/i.test(name) ? `.${name}` : `[${quote(name).replaceAll('"', "'")}]`;
      const text = this.#text(place + step, each);
      this.#placed(place + step, () => resolveOption({ [name]: text }));
      return [name, text] as const;
    });
    const texts = Object.fromEntries(entries);
    // Each is right by itself; one may be there twice.
    this.#placed(place, () => resolveOption(texts));
    return texts;
  }

  number(place: string, value: unknown, resolveOption: (value: unknown) => number): number | undefined {
    return value === undefined ? undefined : this.#placed(place, () => resolveOption(value));
  }

  boolean(place: string, value: unknown): boolean | undefined {
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.#wrong(place, 'true or false', value);
  }

  choice<Choice extends string>(
    place: string,
    value: unknown,
    choices: readonly Choice[],
  ): Choice | undefined {
    if (value === undefined) return undefined;
    const choice = choices.find((each) => each === value);
    if (choice !== undefined) return choice;
    const advice = typeof value === 'string' ? didYouMean(value, choices) : '';
    throw this.#wrong(place, choices.map(quote).join(' or '), value, advice);
  }

  /** Lets the API look at a value, and says its message with the place in the file. */
  #placed<Value>(place: string, resolveOption: () => Value): Value {
    try {
      return resolveOption();
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).replaceAll(OPTION, '$1');
      const placed = reason.startsWith(`"${place}" `) ? reason : `"${place}": ${reason}`;
      const message = `${this.#shown}: ${placed}`;
      throw error instanceof StaticUrlError
        ? new StaticUrlError(error.code, message, { cause: error })
        : new TypeError(message, { cause: error });
    }
  }

  #resolve(place: string, value: unknown): string {
    return this.#placed(place, () => resolve(this.#folder, requiredPath(`option "${place}"`, value)));
  }

  #text(place: string, value: unknown): string {
    if (typeof value === 'string' && value !== '') return value;
    throw this.#wrong(place, 'a text that is not empty', value);
  }

  #wrong(place: string, expected: string, value: unknown, advice = ''): TypeError {
    return new TypeError(`${this.#shown}: "${place}" is ${expected}, not ${quote(value)}.${advice}`);
  }
}
