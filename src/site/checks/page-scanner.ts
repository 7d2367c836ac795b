import { findCssReferences } from '../../assets/index.ts';
import { isPlainObject } from '../../core/text.ts';
import type { ElementTable } from './element-table.ts';
import { LineCounter } from './line-counter.ts';
import { ELEMENTS, forEachUrl, valueOf } from './link-attributes.ts';
import { LinkResolver, type SiteBase } from './link-target.ts';
import { encodeLinks, type Link, type LinkKind } from './link-text.ts';
import { addIds, hasId } from './page-ids.ts';
import { TagReader, type Attribute, type TagListener } from './tag-reader.ts';
import type { TargetTable } from './target-table.ts';

/** What a scanner has found in a page. */
export interface ScannedPage {
  /** For `decodeLinks()`. */
  readonly links: string;
  /** Whether the page asks search engines to leave it out. */
  readonly noindex: boolean;
}

/** A link before it is given the number of its target, which only those that stay are. */
type FoundLink = Omit<Link, 'target'> & { readonly target: string };

/** Finds the links of an HTML page as it is rendered. */
export class PageScanner implements TagListener {
  readonly elements: ElementTable = ELEMENTS;
  readonly #reader: TagReader = new TagReader(this);
  readonly #resolver: LinkResolver;
  readonly #targets: TargetTable;
  readonly #self: string;
  readonly #links: FoundLink[] = [];
  readonly #ids = new Set<string>();
  #hasBase = false;
  #noindex = false;
  #templates = 0;
  /** What the text is of that is being read. */
  #inline: { readonly element: 'style' | 'importmap'; readonly line: number; text: string } | undefined;

  /** @param url - the canonical URL of the page, absolute */
  constructor(url: string, base: SiteBase, targets: TargetTable) {
    this.#resolver = new LinkResolver(url, base);
    this.#targets = targets;
    this.#self = `${this.#resolver.page}#`;
  }

  write(chunk: Uint8Array | string): void {
    this.#reader.write(chunk);
  }

  end(): ScannedPage {
    this.#reader.end();
    // A link to an id of its own page is proved here; what is left is looked up when all pages are there.
    const links: Link[] = [];
    for (const { target, line, kind } of this.#links)
      if (!this.#isOwnId(target)) links.push({ target: this.#targets.intern(target), line, kind });
    return { links: encodeLinks(links), noindex: this.#noindex };
  }

  #isOwnId(target: string): boolean {
    return target.startsWith(this.#self) && hasId(this.#ids, target.slice(this.#self.length));
  }

  onRawText(_element: string, text: string): void {
    if (this.#inline) this.#inline.text += text;
  }

  onTag(element: string, attributes: readonly Attribute[], line: number): void {
    addIds(this.#ids, element, attributes);
    for (const { name, value, line: at } of attributes)
      if (name === 'style' && value.includes('(')) this.#addStyle(`a{${value}}`, at);
    switch (element) {
      case 'template':
        this.#templates += 1;
        break;
      case 'base':
        this.#obeyBase(attributes);
        break;
      case 'style':
        this.#inline = { element, line, text: '' };
        break;
      case 'script':
        if (/^\s*importmap\s*$/i.test(valueOf(attributes, 'type')))
          this.#inline = { element: 'importmap', line, text: '' };
        break;
      case 'meta':
        if (/^\s*robots\s*$/i.test(valueOf(attributes, 'name')))
          this.#noindex ||= /(?:^|[\s,])(?:noindex|none)(?:$|[\s,])/i.test(valueOf(attributes, 'content'));
        break;
      default:
    }
    forEachUrl(element, attributes, this.#add);
  }

  onEnd(element: string): void {
    if (element === 'template') this.#templates = Math.max(0, this.#templates - 1);
    else this.#endInline();
  }

  readonly #add = (url: string, line: number, kind: LinkKind): void => {
    const target = this.#resolver.resolve(url);
    if (target === undefined) return;
    // Which part of an asset is meant, is its own matter.
    const hash = kind === 'asset' ? target.indexOf('#') : -1;
    this.#links.push({
      target: hash === -1 ? target : target.slice(0, hash),
      line,
      kind: this.#templates > 0 ? 'inert' : kind,
    });
  };

  /** Only the first counts (HTML Living Standard §4.2.3). */
  #obeyBase(attributes: readonly Attribute[]): void {
    const href = attributes.find(({ name }) => name === 'href');
    if (href === undefined || this.#hasBase || this.#templates > 0) return;
    this.#hasBase = true;
    this.#resolver.rebase(href.value);
  }

  #addStyle(css: string, line: number): void {
    const lines = new LineCounter(css, line);
    for (const { specifier, offset } of findCssReferences(css))
      if (!specifier.startsWith('#')) this.#add(specifier, lines.at(offset), 'asset');
  }

  #endInline(): void {
    const inline = this.#inline;
    this.#inline = undefined;
    if (inline?.element === 'style') this.#addStyle(inline.text, inline.line);
    else if (inline) for (const url of importMapUrls(inline.text)) this.#add(url, inline.line, 'asset');
  }
}

/** The URLs of an import map (HTML Living Standard §8.1.5.3), without those of folders. */
function importMapUrls(text: string): string[] {
  let map: unknown;
  try {
    map = JSON.parse(text);
  } catch {
    return [];
  }
  if (!isPlainObject(map)) return [];
  const { imports, scopes } = map;
  const maps = [imports, ...(isPlainObject(scopes) ? Object.values(scopes) : [])];
  return maps
    .filter(isPlainObject)
    .flatMap((each) => Object.values(each))
    .filter((url) => typeof url === 'string')
    .filter((url) => !url.endsWith('/'));
}
