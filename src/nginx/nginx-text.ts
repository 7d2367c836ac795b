import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';

const BARE_WORD = /^[A-Za-z0-9_./:@=^~+-]+$/;

/**
 * Writes one parameter of a directive, in quotes where it needs them.
 *
 * @throws {@link StaticUrlError} `NGINX_INEXPRESSIBLE` for a `$`, which nginx takes for a variable and cannot escape,
 *   and for control characters
 */
export function parameter(name: string, value: string): string {
  refuseInexpressible(name, value);
  return BARE_WORD.test(value) ? value : quoted(value);
}

/** Writes a parameter that holds variables or a regular expression of our own making. */
export function quoted(value: string): string {
  return `"${value.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`)}"`;
}

/**
 * Refuses what nginx's configuration language cannot say.
 *
 * @throws {@link StaticUrlError} `NGINX_INEXPRESSIBLE`
 */
export function refuseInexpressible(name: string, value: string): void {
  const reason = inexpressible(value);
  if (reason === undefined) return;
  throw new StaticUrlError('NGINX_INEXPRESSIBLE', `Nginx cannot take the ${name} ${quote(value)}: ${reason}`);
}

/** Why nginx's configuration language cannot say a value; `undefined` when it can. */
export function inexpressible(value: string): string | undefined {
  if (/\p{Cc}/u.test(value)) return 'it has a line break or another control character. Choose another.';
  if (value.includes('$')) return '"$" starts a variable there and cannot be escaped. Choose another.';
  return undefined;
}

/** A string as a regular expression (PCRE) that matches just it. */
export function literalPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

/** Indents every line that has something on it. */
function indent(text: string, spaces = 4): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(spaces));
}

/** A block: `head { … }`. */
export function block(head: string, lines: readonly string[]): string {
  return `${head} {\n${indent(lines.join('\n'))}\n}`;
}

/** A directive whose parameters go over several lines, each as long as fits. */
export function directive(name: string, parameters: readonly string[], width = 100): string {
  const lines: string[] = [];
  let line = name;
  for (const each of parameters) {
    if (line.length + each.length + 1 > width) {
      lines.push(line);
      line = '   ';
    }
    line += ` ${each}`;
  }
  return [...lines, `${line};`].join('\n');
}

/** A prefix as part of the name of a named location: different for different prefixes. */
export function identifier(prefix: string): string {
  return prefix
    .slice(1, -1)
    .replaceAll(/[^A-Za-z0-9]/gu, (character) => `_${character.codePointAt(0)?.toString(16)}_`);
}
