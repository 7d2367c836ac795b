import { endOfString } from './script/lexemes.ts';

/** A member of an object in JSON whose value is a string. */
export interface StringMember {
  readonly name: string;
  readonly value: string;
  /** Where its value stands. */
  readonly offset: number;
}

/** The members with strings for values, in a text that is valid JSON; its parser does not tell where they stand. */
export function* stringMembers(text: string): Generator<StringMember> {
  let name: string | undefined;
  let isNamed = false;
  for (let at = 0, end = 0; at < text.length; at = end) {
    const isString = text[at] === '"';
    end = isString ? endOfString(text, at).end : at + 1;
    if (isString) {
      const value: string = JSON.parse(text.slice(at, end));
      if (isNamed && name !== undefined) yield { name, value, offset: at };
      name = isNamed ? undefined : value;
    }
    if (!/\s/.test(text.charAt(at))) isNamed = text[at] === ':';
  }
}

/** Where the parser of JSON gave up: by position, by what stands around it, or else it is the end. */
export function jsonErrorOffset(text: string, error: unknown): number {
  const message = String(error);
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  const excerpt = /"([^]*)"(?:\.\.\.)? is not valid JSON/.exec(message)?.[1];
  return excerpt === undefined ? text.length : Math.max(0, text.indexOf(excerpt));
}
