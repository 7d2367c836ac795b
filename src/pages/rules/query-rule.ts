import { optionError } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import { literalPattern, nameSet } from './name-set.ts';
import { QUERY_VALUE } from './path-rule.ts';

/** Parameters that senders of links add, and only scripts read. */
const TRACKERS: readonly string[] = 'utm_* fbclid gclid gbraid wbraid msclkid mc_cid mc_eid _ga _gl'.split(
  ' ',
);

/** What queries pages have. */
export interface QueryRule {
  /** The query of the page, empty or with its `?`; `undefined` where there is no such page. */
  pageQuery(query: string): string | undefined;
  /** Parameters as the query of a page has them: in their order, without trackers, with those that no page has last. */
  inOrder(parameters: readonly (readonly [name: string, value: string])[]): string;
  /** The same for nginx (PCRE). */
  readonly nginx: {
    /** A query of trackers alone, behind its path; `undefined` where there are no trackers. */
    readonly trackersOnly: string | undefined;
    /** Trackers before and behind the rest, which is captured by its name. */
    readonly trackersAround: ((capture: string) => string) | undefined;
    /** The query of a page, with its `?`; `undefined` where no page has any. */
    readonly pageQuery: string | undefined;
  };
}

/**
 * Decides what queries pages have.
 *
 * @param query - the parameters that pages are made of, in their order
 * @param ignoreQuery - those that are taken off from both ends
 */
export function queryRule(query: readonly string[], ignoreQuery: readonly string[] = TRACKERS): QueryRule {
  requireNames('query', query, /^[\w.~-]+$/, 'letters, digits and "-", ".", "_", "~"');
  requireNames('ignoreQuery', ignoreQuery, /^[\w.~-]+\*?$/, 'such characters, perhaps with a "*" at its end');
  const trackers = nameSet(ignoreQuery);
  const both = query.find((name) => trackers.has(name));
  if (both !== undefined) {
    throw optionError(
      'query',
      (name) =>
        `${name('query')} has ${quote(both)}, which ${name('ignoreQuery')} takes off. Name in ${name('ignoreQuery')} those that no page is made of.`,
    );
  }
  const order = new Map(query.map((name, index) => [name, index]));
  const placeOf = (name: string): number => order.get(name) ?? order.size;
  const isTracker = (pair: string): boolean => trackers.has(nameOf(pair));
  return {
    pageQuery(text) {
      if (text === '') return '';
      const pairs = text.slice(1).split('&');
      let [start, end] = [0, pairs.length];
      while (start < end && isTracker(pairs[start] ?? '')) start += 1;
      // Nothing is left, or the `&` behind the last one.
      if (start > 0 && (start === end || (start === end - 1 && pairs[start] === ''))) return '';
      while (end > start && isTracker(pairs[end - 1] ?? '')) end -= 1;
      const kept = pairs.slice(start, end);
      return isOrdered(kept, order) ? `?${kept.join('&')}` : undefined;
    },
    inOrder(parameters) {
      const pairs = parameters
        .filter(([name]) => !trackers.has(name))
        .toSorted(([a], [b]) => placeOf(a) - placeOf(b))
        .map(([name, value]) => `${encode(name)}=${encode(value)}`);
      return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
    },
    nginx: {
      ...trackerPatterns(trackers.pattern('[^=&]'), ignoreQuery.length > 0),
      pageQuery: pagePattern(query),
    },
  };
}

const VALUE = new RegExp(`^${QUERY_VALUE}$`);

/** Half a character, which has no code, becomes `U+FFFD`. */
function encode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString()).replaceAll("'", '%27');
}

function nameOf(pair: string): string {
  const equals = pair.indexOf('=');
  return equals === -1 ? pair : pair.slice(0, equals);
}

function isOrdered(pairs: readonly string[], order: ReadonlyMap<string, number>): boolean {
  let last = -1;
  return pairs.every((pair) => {
    const name = nameOf(pair);
    const index = order.get(name) ?? -1;
    const isNext = index > last && pair.length > name.length && VALUE.test(pair.slice(name.length + 1));
    last = index;
    return isNext;
  });
}

/** Each step is atomic or possessive, so that a long query costs no more than its length. */
function trackerPatterns(
  name: string,
  any: boolean,
): Pick<QueryRule['nginx'], 'trackersOnly' | 'trackersAround'> {
  if (!any) return { trackersOnly: undefined, trackersAround: undefined };
  const tracker = `${name}(?:=[^&]*+)?`;
  const other = `(?!${name}(?:[=&]|$))[^&]*+`;
  return {
    trackersOnly: `(?>${tracker}(?:&|$))++$`,
    trackersAround: (capture) =>
      `(?>${tracker}&)*+(?<${capture}>${other}(?>&${other})*+)(?>&${tracker}(?=&|$))*+$`,
  };
}

function pagePattern(query: readonly string[]): string | undefined {
  if (query.length === 0) return undefined;
  const parameters = query.map((name) => `(?:${literalPattern(name)}=${QUERY_VALUE}(?:&(?=.)|$))?`);
  return String.raw`\?(?=.)${parameters.join('')}$`;
}

function requireNames(option: string, names: readonly string[], pattern: RegExp, what: string): void {
  const wrong = names.find((name) => !pattern.test(name));
  if (wrong !== undefined)
    throw optionError(option, (name) => `${name(option)} has ${quote(wrong)}. A name is made of ${what}.`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw optionError(option, (name) => `${name(option)} has ${quote(twice)} twice. Keep one.`);
}
