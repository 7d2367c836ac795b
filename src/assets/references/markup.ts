import { findCssReferences } from './css.ts';
import { findInlineImportMapReferences } from './inline-import-map.ts';
import { findScriptReferences } from './script/script-references.ts';
import { findAttributeUrls, styleValues } from './markup-attributes.ts';
import { readMarkup, type StartTag } from './markup-reader.ts';
import { isModuleImport, type Reference, uncertain } from './reference.ts';
import { inlineLanguage, type InlineLanguage } from './script-types.ts';

/** Markup without one of these refers to nothing but parts of itself; most icons are so. */
const MAY_REFER =
  /(?:href|src|srcset|srcdoc|poster|data|background)\s*=\s*(?:"\s*[^"#\s]|'\s*[^'#\s]|[^"'#\s])|(?:url|image-set|src)\(\s*(?:["']\s*)?[^"'#\s]|@import|<(?:[\w-]+:)?script|xml-stylesheet|http-equiv|\\/i;

/** Elements whose content a browser may never show: what is in them is fetched sometimes, or not at all. */
const INERT: ReadonlySet<string> = new Set(['template', 'noscript']);
/** Documents in documents are read no deeper. */
const DEEPEST = 4;

type Find = (text: string) => Reference[];

interface Inline {
  readonly find: Find;
  readonly offset: number;
  readonly isInert: boolean;
  text: string;
}

/**
 * Finds what a document refers to: relative `src`, `href`, `srcset` and the like, and what its styles, its scripts and
 * the documents in it refer to.
 *
 * @param xml - whether it is XML (SVG, XHTML), whose names keep their case
 */
export function findMarkupReferences(text: string, xml: boolean, depth = 0): Reference[] {
  if (!MAY_REFER.test(text)) return [];
  const references: Reference[] = [];
  const hidden = xml ? declaredEntities(text) : NONE;
  let base: { readonly href: string; readonly before: number } | undefined;
  let inline: Inline | undefined;
  let inert = 0;
  const add = (found: readonly Reference[], isInert = inert > 0): void => {
    for (const each of found) references.push(isInert ? uncertain(each) : each);
  };
  const endInline = (): void => {
    if (inline === undefined) return;
    const { find, offset, isInert, text: content } = inline;
    add(
      find(content).map((each) => ({ ...each, offset: offset + each.offset })),
      isInert,
    );
    add(entityUses(content, hidden, offset), isInert);
    inline = undefined;
  };
  readMarkup(text, xml, {
    onStartTag({ element, attributes, start: offset, end }) {
      const href = element === 'base' ? attributes.get('href') : undefined;
      if (href !== undefined) base ??= { href, before: references.length };
      add(findAttributeUrls(element, attributes).map((url) => ({ ...url, offset })));
      for (const style of styleValues(attributes)) add(entityUses(style, hidden, offset));
      const srcdoc = element === 'iframe' && depth < DEEPEST ? attributes.get('srcdoc') : undefined;
      if (srcdoc !== undefined)
        add(findMarkupReferences(srcdoc, false, depth + 1).map((each) => ({ ...each, offset })));
      const find = inlineFinder(element, attributes);
      if (find) inline = { find, offset: end, isInert: inert > 0, text: '' };
      if (INERT.has(element)) inert += 1;
    },
    onText(piece) {
      if (inline) inline.text += piece;
    },
    onInstruction(content, offset) {
      const href = /^xml-stylesheet\s(?:[^]*?\s)?href\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(content);
      const specifier = href?.[1] ?? href?.[2];
      if (specifier !== undefined) add([{ kind: 'resource', specifier, offset }]);
    },
    onEndTag(element) {
      endInline();
      if (INERT.has(element)) inert = Math.max(0, inert - 1);
    },
  });
  endInline();
  return base === undefined ? references : basedOn(base.href, base.before, references);
}

const NONE: ReadonlySet<string> = new Set();

/** The entities that a document type declaration declares, and that may stand for a reference. */
function declaredEntities(xml: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, name, quoted, value = quoted ?? ''] of xml.matchAll(ENTITY_DECLARATION))
    if (/[(&@/]/.test(value)) names.add(`&${name};`);
  return names;
}

const ENTITY_DECLARATION = /<!ENTITY\s+([\w:.-]+)\s+(?:"([^"]*)"|'([^']*)')/g;

/**
 * What a style or a script refers to by entities of the document. They are not expanded: each is told of as a reference
 * to what is not there, as are those that stand for URLs, so that none is missed.
 */
function entityUses(text: string, hidden: ReadonlySet<string>, offset: number): Reference[] {
  if (hidden.size === 0) return [];
  const used = new Set(text.match(/&[\w:.-]+;/g));
  return [...used]
    .filter((entity) => hidden.has(entity))
    .map((specifier) => ({ kind: 'resource', specifier, offset }));
}

/** A document is no module that others import, so it does not join a group: it fetches what its scripts import. */
function findInlineScript(text: string): Reference[] {
  const references: Reference[] = [];
  for (const { kind, specifier, offset } of findScriptReferences(text)) {
    if (!isModuleImport({ kind })) references.push({ kind, specifier, offset });
    else if (/^\.{0,2}\//.test(specifier))
      references.push({ kind: kind === 'import-glob' ? 'resource-glob' : 'resource', specifier, offset });
  }
  return references;
}

const FINDERS: Readonly<Record<InlineLanguage, Find>> = {
  css: findCssReferences,
  javascript: findInlineScript,
  'import-map': findInlineImportMapReferences,
};

function inlineFinder(element: string, attributes: StartTag['attributes']): Find | undefined {
  const language = inlineLanguage(element, attributes);
  return language && FINDERS[language];
}

/** The longest base URL that is followed; each reference gets a copy of it. */
const LONGEST_BASE = 256;

/**
 * Puts a document's `<base href>` before relative URLs. What stands before the base may be fetched by its own URL already,
 * or only later; links are followed later.
 *
 * @param before - how many references stand before it
 */
function basedOn(base: string, before: number, references: readonly Reference[]): Reference[] {
  const path = base
    .slice(0, LONGEST_BASE)
    .replace(/[?#].*$/s, '')
    .replace(ORIGIN, '$&/');
  const folder = path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  if (folder === '' || base.length > LONGEST_BASE) return references.map(uncertainIf(folder !== ''));
  return references.map((reference, at) => {
    const { kind, specifier } = reference;
    if (kind === 'unknown-import' || kind === 'unread' || ABSOLUTE.test(specifier)) return reference;
    if (at < before && kind !== 'link') return uncertain(reference);
    return { ...reference, specifier: `${folder}${specifier.trimStart()}` };
  });
}

function uncertainIf(isUncertain: boolean): (reference: Reference) => Reference {
  return (reference) => (isUncertain ? uncertain(reference) : reference);
}

const ORIGIN = /^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/\\]*$/i;
const ABSOLUTE = /^[\0- ]*(?:[/\\#]|[a-z][a-z0-9+.-]*:|$)/i;
