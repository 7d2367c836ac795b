import { findCssReferences } from './css.ts';
import type { Reference, ReferenceKind } from './reference.ts';
import { isCssType, isJavaScript } from './script-types.ts';

/** Attributes that name what is fetched, by element. */
const RESOURCES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['link', ['href']],
  ['use', ['href']],
  ['image', ['href']],
  ['feimage', ['href']],
  ['script', ['href']],
  ['object', ['data']],
  // HTML Living Standard §15.3
  ...['body', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th'].map(
    (element) => [element, ['background']] as const,
  ),
]);
/** Attributes that name what is fetched by any element. */
const RESOURCES_OF_ALL = ['src', 'poster', 'xlink:href'];
const CANDIDATE_LISTS = ['srcset', 'imagesrcset'];
/** Elements whose URLs may be pages of the app. */
const LINKS: ReadonlySet<string> = new Set(['a', 'area', 'iframe', 'frame']);
/** What `<link rel>` is fetched for; all other relations are links. */
const FETCHED_RELATIONS =
  /(?:^|\s)(?:stylesheet|(?:shortcut )?icon|apple-touch-(?:icon|startup-image)\S*|mask-icon|manifest|preload|modulepreload|prefetch)(?:\s|$)/i;
/** Attributes that hold CSS: `style`, and SVG's presentation attributes that may have a URL. */
const STYLES = [
  'style',
  'clip-path',
  'cursor',
  'fill',
  'filter',
  'marker-start',
  'marker-mid',
  'marker-end',
  'mask',
  'stroke',
];

/** Whether `<link>` of these relations is fetched with the page. */
export function isFetchedRelation(relations: string): boolean {
  return FETCHED_RELATIONS.test(relations);
}

/** Finds the URLs in the attributes of a tag. */
export function findAttributeUrls(
  element: string,
  attributes: ReadonlyMap<string, string>,
): Omit<Reference, 'offset'>[] {
  const urls: Omit<Reference, 'offset'>[] = [];
  const add = (kind: ReferenceKind, specifier: string): void => {
    // What a template engine will replace may look so as well.
    if (!specifier.includes('${')) urls.push({ kind, specifier });
  };
  const kind = urlKind(element, attributes);
  for (const name of [...RESOURCES_OF_ALL, ...(RESOURCES.get(element) ?? [])]) {
    const value = attributes.get(name);
    if (value !== undefined) add(kind, value);
  }
  const href = LINKS.has(element) ? attributes.get('href') : undefined;
  if (href !== undefined) add('link', href);
  const refreshed = element === 'meta' ? refreshUrl(attributes) : undefined;
  if (refreshed !== undefined) add('link', refreshed);
  for (const name of CANDIDATE_LISTS)
    for (const url of candidateUrls(attributes.get(name) ?? '')) add('resource', url);
  for (const name of STYLES) {
    const value = attributes.get(name);
    if (!value?.includes('(')) continue;
    const css = name === 'style' ? `a{${value}}` : `a{${name}:${value}}`;
    for (const found of findCssReferences(css)) add(found.kind, found.specifier);
  }
  return urls;
}

/** What the URLs of an element are. */
function urlKind(element: string, attributes: ReadonlyMap<string, string>): ReferenceKind {
  if (LINKS.has(element)) return 'link';
  // What a browser does not fetch, a script of the page may.
  if (element === 'script') return isJavaScript(attributes) ? 'resource' : 'uncertain';
  if (element !== 'link') return 'resource';
  const relations = attributes.get('rel') ?? '';
  if (!isFetchedRelation(relations)) return 'link';
  if (/(?:^|\s)manifest(?:\s|$)/i.test(relations)) return 'web-manifest';
  const isStylesheet = /(?:^|\s)stylesheet(?:\s|$)/i.test(relations);
  return isStylesheet && !isCssType(attributes.get('type')) ? 'uncertain' : 'resource';
}

/** Where `<meta http-equiv="refresh">` leads (HTML Living Standard §4.2.5.3). */
function refreshUrl(attributes: ReadonlyMap<string, string>): string | undefined {
  if (attributes.get('http-equiv')?.toLowerCase() !== 'refresh') return undefined;
  const [, rest] = /^\s*[\d.]+(?:\s*[;,]\s*|\s+)(\S[^]*)$/.exec(attributes.get('content') ?? '') ?? [];
  const [, quote = '', url] = /^(?:url\s*=\s*)?(["']?)([^]*)$/i.exec(rest ?? '') ?? [];
  return url === undefined || url === '' || quote === '' ? url : url.split(quote, 1)[0];
}

/** The values of the attributes that hold CSS. */
export function styleValues(attributes: ReadonlyMap<string, string>): string[] {
  return STYLES.map((name) => attributes.get(name) ?? '').filter((value) => value !== '');
}

/** The URLs of a `srcset` (HTML Living Standard §4.8.4.2.1). */
export function candidateUrls(srcset: string): string[] {
  const urls: string[] = [];
  const candidate = /[\s,]*(\S+)/y;
  // Descriptors last to the next comma that is not in parentheses.
  const descriptor = /[^,(]+|\([^)]*\)?/y;
  for (let found = candidate.exec(srcset); found !== null; found = candidate.exec(srcset)) {
    const [, token = ''] = found;
    let last = token.length;
    while (token[last - 1] === ',') last--;
    urls.push(token.slice(0, last));
    if (last < token.length) continue;
    descriptor.lastIndex = candidate.lastIndex;
    let end = descriptor.lastIndex;
    while (descriptor.test(srcset)) end = descriptor.lastIndex;
    candidate.lastIndex = end;
  }
  return urls;
}
