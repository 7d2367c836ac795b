import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import type { UrlMatcher } from '../pages/rules/index.ts';
import { block, quoted } from './nginx-text.ts';

/** What a request is compared with, and what the variable is then: the first that fits. */
export type Entry = readonly [pattern: string, value: string];

/** For what is empty, which nginx tries no pattern on, or a tab, which nginx takes for a header's value. */
export function nothing(value: string): Entry[] {
  return [
    ['', value],
    [String.raw`~^\t+$`, value],
  ];
}

/** A `map`: the value of a variable by that of others. */
export function map(
  source: string,
  variable: string,
  otherwise: string,
  entries: readonly Entry[],
  comment?: string,
): string {
  const text = block(`map ${source} ${variable}`, [
    `default ${entryValue(otherwise)};`,
    ...entries.map(([pattern, value]) => `${entryPattern(pattern)} ${entryValue(value)};`),
  ]);
  return comment === undefined ? text : `${comment}\n${text}`;
}

/** The most that nginx reads for one word of its configuration is 4096 bytes. */
const LONGEST_WORD = 4000;

function entryPattern(pattern: string): string {
  const written = quoted(pattern);
  if (written.length <= LONGEST_WORD) return written;
  throw new StaticUrlError(
    'NGINX_INEXPRESSIBLE',
    `Nginx cannot take ${quote(`${pattern.slice(0, 60)}…`)}: it has ${written.length} characters, and ${LONGEST_WORD} fit. Use "*" for names that begin alike, or shorter patterns.`,
  );
}

function entryValue(value: string): string {
  return /^[\w.$]+$/.test(value) ? value : quoted(value);
}

/** Patterns of URLs, which all give one value. */
export function entriesOf({ patterns }: UrlMatcher, value: string): Entry[] {
  return patterns.map(({ source, ignoreCase }) => [`~${ignoreCase ? '*' : ''}${source}`, value]);
}
