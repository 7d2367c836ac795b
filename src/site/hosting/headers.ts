import { optionError } from '../../core/errors.ts';
import { validated, type Kind } from '../../core/option-kinds.ts';
import { isPlainObject, quote } from '../../core/text.ts';
import { FIELD_VALUE, isToken } from '../../http/headers.ts';
import { isDecodable } from './host-path.ts';

/** Headers that hosts send with the files of some paths. */
export interface SiteHeaders {
  /** A path of the site; one `*`, at its end, stands for any end: `/feed.xml`, `/blog/*`, `/*`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The option `headers`. */
export const HEADERS_KIND: Kind<readonly SiteHeaders[]> = validated({ kind: 'none' }, (value, option) => {
  const refuse = (words: string): Error => optionError(option, (naming) => `${naming(option)} ${words}`);
  if (!Array.isArray(value)) throw refuse(`is a list of { path, headers }, not ${quote(value)}.`);
  for (const each of value) {
    if (!isPlainObject(each) || !isPlainObject(each['headers']))
      throw refuse(`has ${quote(each)}. Write { path: "/*", headers: { "X-Frame-Options": "DENY" } }.`);
    const { path, headers } = each;
    if (typeof path !== 'string' || !/^\/[^\s*]*\*?$/.test(path) || !isDecodable(path))
      throw refuse(
        `has the path ${quote(path)}. Write a path of the site, perhaps with a "*" at its end: "/blog/*".`,
      );
    for (const [name, text] of Object.entries(headers)) {
      if (!isToken(name)) throw refuse(`has ${quote(name)}, which is no name of a header (RFC 9110).`);
      if (!FIELD_VALUE.check(text))
        throw refuse(`gives ${quote(name)} the value ${quote(text)}, which no header can have.`);
    }
  }
});

/** The headers of a path: of several entries that fit all count, the later over the earlier. Names in lower case. */
export function headersFor(path: string, rules: readonly SiteHeaders[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { path: pattern, headers } of rules) {
    const fits = pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
    if (!fits) continue;
    for (const [name, value] of Object.entries(headers)) found.set(name.toLowerCase(), value);
  }
  return found;
}
