import { candidateUrls, isFetchedRelation } from '../../assets/index.ts';
import { ElementTable } from './element-table.ts';
import type { LinkKind } from './link-text.ts';
import type { Attribute } from './tag-reader.ts';

/** Attributes that have one URL, by element in lower case, and what the URL is. */
const URLS: Readonly<Record<string, Readonly<Record<string, LinkKind>>>> = {
  a: { href: 'link', 'xlink:href': 'link' },
  area: { href: 'link' },
  link: { href: 'relation' },
  iframe: { src: 'frame' },
  frame: { src: 'frame' },
  form: { action: 'form' },
  script: { src: 'asset', href: 'asset', 'xlink:href': 'asset' },
  img: { src: 'asset' },
  source: { src: 'asset' },
  video: { src: 'asset', poster: 'asset' },
  audio: { src: 'asset' },
  track: { src: 'asset' },
  embed: { src: 'asset' },
  input: { src: 'asset' },
  object: { data: 'asset' },
  body: { background: 'asset' },
  use: { href: 'asset', 'xlink:href': 'asset' },
  image: { href: 'asset', 'xlink:href': 'asset' },
  feimage: { href: 'asset', 'xlink:href': 'asset' },
};

/** What else is read of an element. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  a: ['name'],
  base: ['href'],
  form: ['method'],
  img: ['srcset'],
  link: ['rel', 'imagesrcset'],
  meta: ['http-equiv', 'content', 'name'],
  script: ['type'],
  source: ['srcset'],
  style: [],
  template: [],
};

/** The elements that are looked at, and of each the attributes. */
export const ELEMENTS: ElementTable = new ElementTable(
  new Map(
    [...Object.keys(URLS), ...Object.keys(OTHERS)].map((element) => [
      element,
      new Set([...Object.keys(URLS[element] ?? {}), ...(OTHERS[element] ?? [])]),
    ]),
  ),
);

/** The value of an attribute; an empty string where there is none. */
export function valueOf(attributes: readonly Attribute[], name: string): string {
  return attributes.find((each) => each.name === name)?.value ?? '';
}

/** Tells of each URL in the attributes of a tag, but for those in styles. */
export function forEachUrl(
  element: string,
  attributes: readonly Attribute[],
  tell: (url: string, line: number, kind: LinkKind) => void,
): void {
  if (attributes.length === 0) return;
  const urls = URLS[element];
  for (const { name, value, line } of attributes) {
    if (name === 'srcset' || name === 'imagesrcset') {
      for (const url of candidateUrls(value)) tell(url, line, 'asset');
      continue;
    }
    const kind = urls?.[name];
    if (kind === 'relation') tellRelation(attributes, (of) => tell(value, line, of));
    else if (kind === 'form') {
      if (/^(?:get)?$/i.test(valueOf(attributes, 'method').trim())) tell(value, line, kind);
    } else if (kind !== undefined && !(kind === 'asset' && value.trim() === '')) tell(value, line, kind);
  }
  if (element === 'meta' && /^\s*refresh\s*$/i.test(valueOf(attributes, 'http-equiv'))) {
    const content = attributes.find(({ name }) => name === 'content');
    const url = refreshUrl(content?.value ?? '');
    if (url !== undefined && content) tell(url, content.line, 'refresh');
  }
}

function tellRelation(attributes: readonly Attribute[], tell: (kind: LinkKind) => void): void {
  const relations = valueOf(attributes, 'rel');
  if (isFetchedRelation(relations)) tell('asset');
  // These name hosts, or nothing at all.
  else if (!/^\s*(?:(?:preconnect|dns-prefetch)\b.*)?$/i.test(relations)) tell('relation');
}

/** HTML Living Standard §4.2.5.3, refresh state: `5; url=/new`. */
function refreshUrl(content: string): string | undefined {
  const [, quoted, plain] =
    /^[\d.]+\s*(?:[;,]\s*)?(?:url\s*=\s*)?(?:["']([^"']*)|(\S[^]*))/i.exec(content.trim()) ?? [];
  return quoted ?? plain;
}
