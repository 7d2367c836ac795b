import { Parser } from 'htmlparser2';
import { findCssReferences } from './css.ts';
import { findScriptReferences } from './javascript.ts';
import { findAttributeUrls, styleValues } from './markup-attributes.ts';
import { isModuleImport, type Reference } from './reference.ts';

/** Markup without one of these refers to nothing but parts of itself; most icons are so. */
const MAY_REFER =
  /(?:href|src|srcset|poster|data|background)\s*=\s*(?:"\s*[^"#\s]|'\s*[^'#\s]|[^"'#\s])|(?:url|image-set|src)\(\s*["']?\s*[^"'#\s]|@import|<(?:[\w-]+:)?script|xml-stylesheet|\\/i;
/** Types of scripts that a browser runs; all else is data (HTML Living Standard §4.12.1). */
const SCRIPT_TYPE = /^\s*(?:module|(?:text|application)\/(?:x-)?(?:java|ecma)script)?\s*$/i;

interface Inline {
  readonly find: (text: string) => Reference[];
  readonly offset: number;
  text: string;
}

/**
 * Finds what a document refers to: relative `src`, `href`, `srcset` and the like, and what its styles and scripts
 * refer to.
 *
 * @param xml - whether it is XML (SVG, XHTML), whose names keep their case
 * @throws {@link SourceSyntaxError} for a script in it
 */
export function findMarkupReferences(text: string, xml: boolean): Reference[] {
  if (!MAY_REFER.test(text)) return [];
  const references: Reference[] = [];
  const hidden = xml ? declaredEntities(text) : [];
  let base: string | undefined;
  let inline: Inline | undefined;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        // In XML an element is the same by any prefix, or by none.
        const element = (xml ? name.slice(name.indexOf(':') + 1) : name).toLowerCase();
        const offset = parser.startIndex;
        if (element === 'base') base ??= attributes['href'];
        for (const url of findAttributeUrls(element, attributes)) references.push({ ...url, offset });
        for (const style of styleValues(attributes)) references.push(...entityUses(style, hidden, offset));
        const find = inlineFinder(element, attributes);
        if (find) inline = { find, offset: parser.endIndex + 1, text: '' };
      },
      ontext(piece) {
        if (inline) inline.text += piece;
      },
      onprocessinginstruction(name, content) {
        const href = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(content);
        const specifier = href?.[1] ?? href?.[2];
        if (name === '?xml-stylesheet' && specifier !== undefined)
          references.push({ kind: 'resource', specifier, offset: parser.startIndex });
      },
      onclosetag() {
        if (inline) references.push(...findInline(inline), ...entityUses(inline.text, hidden, inline.offset));
        inline = undefined;
      },
    },
    { xmlMode: xml, decodeEntities: true, recognizeCDATA: true },
  );
  parser.end(text);
  return base === undefined ? references : references.map((each) => basedOn(base ?? '', each));
}

/** The names of the entities that a document type declaration declares, and that may stand for a reference. */
function declaredEntities(xml: string): string[] {
  const declarations = xml.matchAll(/<!ENTITY\s+([\w:.-]+)\s+(?:"[^"]*[(&@/][^"]*"|'[^']*[(&@/][^']*')/g);
  return [...declarations].map(([, name = '']) => `&${name};`);
}

/**
 * What a style or a script refers to by entities of the document. They are not expanded: each is told of as a reference
 * to what is not there, as are those that stand for URLs, so that none is missed.
 */
function entityUses(text: string, hidden: readonly string[], offset: number): Reference[] {
  return hidden
    .filter((entity) => text.includes(entity))
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

function inlineFinder(
  element: string,
  attributes: Readonly<Record<string, string>>,
): Inline['find'] | undefined {
  if (element === 'style') return findCssReferences;
  const isScript = element === 'script' && SCRIPT_TYPE.test(attributes['type'] ?? '');
  return isScript && attributes['src'] === undefined ? findInlineScript : undefined;
}

function findInline({ find, offset, text }: Inline): Reference[] {
  return find(text).map((each) => ({ ...each, offset: offset + each.offset }));
}

/** Puts a document's `<base href>` before a relative URL. */
function basedOn(base: string, reference: Reference): Reference {
  const { kind, specifier } = reference;
  if (
    kind === 'unknown-import' ||
    kind === 'unread' ||
    /^[\0- ]*(?:[/\\#]|[a-z][a-z0-9+.-]*:|$)/i.test(specifier)
  )
    return reference;
  const folder = base.replace(/[?#].*$/s, '').replace(/[^/\\]*$/, '');
  return { ...reference, specifier: `${folder}${specifier.trimStart()}` };
}
