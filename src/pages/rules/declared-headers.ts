import { optionError } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import { FIELD_VALUE, isToken } from '../../http/headers.ts';
import type { PageHeaders } from '../options.ts';
import { matchUrls, type UrlMatcher } from './url-patterns.ts';

/** A header of stored pages, with its values. */
export interface DeclaredHeader {
  /** As it was first written. */
  readonly name: string;
  /** For the pages of some URLs, in order: the first that fits counts. */
  readonly values: readonly { readonly urls: UrlMatcher; readonly value: string }[];
  /** For all other pages. */
  readonly otherwise: string | undefined;
}

/** What is decided by who answers, for each answer. */
const DECIDED: readonly string[] = [
  'accept-ranges',
  'age',
  'cache-control',
  'cache-status',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'set-cookie',
  'transfer-encoding',
  'vary',
];

/**
 * The headers that pages have, each with its values by URL.
 *
 * @throws TypeError for what is no header, or not to be declared, or a pattern that nginx could not be told
 */
export function declaredHeaders(
  headers: Readonly<Record<string, string>> | readonly PageHeaders[],
): readonly DeclaredHeader[] {
  const list: readonly PageHeaders[] = isList(headers) ? headers : [{ headers }];
  const byName = new Map<string, DeclaredHeader>();
  for (const each of list) {
    const urls = each.urls === undefined ? undefined : matchUrls([each.urls].flat(), 'headers');
    for (const [name, value] of Object.entries(each.headers)) {
      checkHeader(name, value);
      const known = byName.get(name.toLowerCase()) ?? { name, values: [], otherwise: undefined };
      // Behind one that is for all, none counts.
      if (known.otherwise !== undefined) continue;
      byName.set(
        name.toLowerCase(),
        urls === undefined
          ? { ...known, otherwise: value }
          : { ...known, values: [...known.values, { urls, value }] },
      );
    }
  }
  return [...byName.values()];
}

function isList(
  headers: Readonly<Record<string, string>> | readonly PageHeaders[],
): headers is readonly PageHeaders[] {
  return Array.isArray(headers);
}

function checkHeader(name: string, value: unknown): void {
  if (!isToken(name)) throw refuseHeaders(`has ${quote(name)}, which is no name of a header (RFC 9110).`);
  if (DECIDED.includes(name.toLowerCase()))
    throw refuseHeaders(`has ${quote(name)}, which is decided anew for each answer. Leave it out.`);
  if (!FIELD_VALUE.check(value))
    throw refuseHeaders(`gives ${quote(name)} the value ${quote(value)}, which no header can have.`);
}

function refuseHeaders(words: string): Error {
  return optionError('headers', (naming) => `${naming('headers')} ${words}`);
}

/** The headers of the page of a path, without query. */
export function headersOf(path: string, headers: readonly DeclaredHeader[]): [name: string, value: string][] {
  return headers.flatMap(({ name, values, otherwise }): [string, string][] => {
    const value = values.find(({ urls }) => urls.matches(path))?.value ?? otherwise;
    return value === undefined ? [] : [[name, value]];
  });
}
