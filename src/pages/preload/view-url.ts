import { isPlainObject, quote } from '../../core/text.ts';
import type { QueryRule } from '../rules/query-rule.ts';

/** Parameters of a view: `'a=b&c=d'`, `URLSearchParams`, or an object by their names, such as `request.query`. */
export type ViewQuery = string | URLSearchParams | Readonly<Record<string, unknown>>;

/**
 * The live URL of a view: its query and all pieces merged, of which later ones count over earlier ones, in the order that
 * pages have, without trackers.
 *
 * @throws TypeError for what is no URL or no query
 */
export function viewUrl(url: unknown, pieces: readonly unknown[], rule: Pick<QueryRule, 'inOrder'>): string {
  if (!(url instanceof URL) && (typeof url !== 'string' || url === ''))
    throw new TypeError(`A view is named by a path such as "/menu/" or a URL, not by ${quote(url)}.`);
  const [text = ''] = String(url).split('#');
  const end = text.indexOf('?');
  const own = end === -1 ? [] : [text.slice(end)];
  let parameters: readonly Parameter[] = [];
  for (const piece of [...own, ...pieces]) {
    const added = parametersOf(piece);
    const names = new Set(added.map(([name]) => name));
    parameters = [...parameters.filter(([name]) => !names.has(name)), ...added];
  }
  return (end === -1 ? text : text.slice(0, end)) + rule.inOrder(parameters);
}

type Parameter = readonly [name: string, value: string];

function parametersOf(piece: unknown): Parameter[] {
  if (typeof piece === 'string') return [...new URLSearchParams(piece)];
  if (piece instanceof URLSearchParams) return [...piece];
  if (isPlainObject(piece)) return Object.entries(piece).flatMap(([name, value]) => valuesOf(name, value));
  throw new TypeError(
    `A view's query is a string such as "a=b", URLSearchParams, or an object by its parameters' names, not ${quote(piece)}.`,
  );
}

/** As parsers of queries nest them, which visitors may ask for: `a[b]=c`. */
function valuesOf(name: string, value: unknown): Parameter[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each) => valuesOf(name, each));
  if (isPlainObject(value))
    return Object.entries(value).flatMap(([inner, each]) => valuesOf(`${name}[${inner}]`, each));
  if (typeof value === 'string') return [[name, value]];
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return [[name, `${value}`]];
  throw new TypeError(`The parameter ${quote(name)} of a view is a string or a number, not ${quote(value)}.`);
}
