import { findCssReferences } from './css.ts';
import type { Reference, ReferenceKind } from './reference.ts';

/** Attributes that name what is fetched, by element in lower case; `*` for all. */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  '*': ['src', 'poster', 'xlink:href'],
  link: ['href'],
  use: ['href'],
  image: ['href'],
  feimage: ['href'],
  script: ['href'],
  object: ['data'],
  body: ['background'],
};
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

/** What a template engine will replace. */
const PLACEHOLDER = /\{\{|\{%|<%|\$\{/;

/** Finds the URLs in the attributes of a tag. */
export function findAttributeUrls(
  element: string,
  attributes: Readonly<Record<string, string>>,
): Omit<Reference, 'offset'>[] {
  const urls: Omit<Reference, 'offset'>[] = [];
  const add = (kind: ReferenceKind, specifier: string): void => {
    if (!PLACEHOLDER.test(specifier)) urls.push({ kind, specifier });
  };
  const isLink = LINKS.has(element) || (element === 'link' && !isFetchedRelation(attributes['rel'] ?? ''));
  for (const name of [...(RESOURCES['*'] ?? []), ...(RESOURCES[element] ?? [])]) {
    const value = attributes[name];
    if (value !== undefined) add(isLink ? 'link' : 'resource', value);
  }
  if (LINKS.has(element) && attributes['href'] !== undefined) add('link', attributes['href']);
  for (const name of CANDIDATE_LISTS)
    for (const url of candidateUrls(attributes[name] ?? '')) add('resource', url);
  for (const name of STYLES) {
    const value = attributes[name];
    if (!value?.includes('(')) continue;
    const css = name === 'style' ? `a{${value}}` : `a{${name}:${value}}`;
    for (const { kind, specifier } of findCssReferences(css)) add(kind, specifier);
  }
  return urls;
}

/** The values of the attributes that hold CSS. */
export function styleValues(attributes: Readonly<Record<string, string>>): string[] {
  return STYLES.map((name) => attributes[name] ?? '').filter((value) => value !== '');
}

/** The URLs of a `srcset` (HTML Living Standard §4.8.4.2.1). */
export function candidateUrls(srcset: string): string[] {
  const urls: string[] = [];
  const candidate = /[\s,]*(\S+)/y;
  // Descriptors last to the next comma that is not in parentheses.
  const descriptor = /[^,(]+|\([^)]*\)?/y;
  for (let found = candidate.exec(srcset); found !== null; found = candidate.exec(srcset)) {
    const [, token = ''] = found;
    urls.push(token.replace(/,+$/, ''));
    if (token.endsWith(',')) continue;
    descriptor.lastIndex = candidate.lastIndex;
    let end = descriptor.lastIndex;
    while (descriptor.test(srcset)) end = descriptor.lastIndex;
    candidate.lastIndex = end;
  }
  return urls;
}
