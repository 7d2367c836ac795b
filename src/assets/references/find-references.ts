import { findChunkMap, findViteChunks } from './bundler-chunks.ts';
import { findCssReferences } from './css.ts';
import { findScriptReferences } from './script/script-references.ts';
import { findMarkupReferences } from './markup.ts';
import { hasPlaceholder, isModuleImport, leadsNowhere, type Reference } from './reference.ts';
import { findWebManifestReferences } from './web-manifest.ts';

type Finder = (text: string) => (Reference | undefined)[];

const css: Finder = (text) => [...findCssReferences(text), findCssSourceMap(text)];
const script: Finder = (text) => [
  ...withChunkMap(findScriptReferences(text), findChunkMap(text)),
  ...findViteChunks(text),
  findScriptSourceMap(text),
];

/** Whatever webpack makes the URL of is of its output too: the chunks, its workers. */
function withChunkMap(found: readonly Reference[], chunkMap: Reference | undefined): readonly Reference[] {
  if (chunkMap === undefined) return found;
  return [...found.filter(({ kind }) => kind !== 'computed-url'), chunkMap];
}

const FINDERS: ReadonlyMap<string, Finder> = new Map<string, Finder>(
  Object.entries({
    '.css': css,
    '.js': script,
    '.mjs': script,
    '.svg': (text) => findMarkupReferences(text, true),
    '.html': (text) => findMarkupReferences(text, false),
    '.htm': (text) => findMarkupReferences(text, false),
    '.xhtml': (text) => findMarkupReferences(text, true),
    '.webmanifest': findWebManifestReferences,
  }),
);

function finderOf(name: string): Finder | undefined {
  return FINDERS.get(name.slice(name.lastIndexOf('.')).toLowerCase());
}

/** Whether a file of this name can refer to others, so that its text has to be read. */
export function mayRefer(name: string): boolean {
  return finderOf(name) !== undefined;
}

/**
 * Finds what a file refers to, by the language that its extension stands for; without what leads out of the site for
 * certain.
 *
 * @param isWebManifest - whether it is a web app manifest whatever its extension
 */
export function findReferences(name: string, text: string, isWebManifest = false): Reference[] {
  const find = isWebManifest ? findWebManifestReferences : finderOf(name);
  const references: Reference[] = [];
  for (const each of find?.(text) ?? []) {
    if (each === undefined || (leadsNowhere(each.specifier) && !isName(each))) continue;
    if (hasPlaceholder(each.specifier) && each.kind !== 'unknown-import') continue;
    references.push({ ...each, specifier: detached(each.specifier) });
  }
  return references;
}

/** Whether it is a name for an import map that only looks like a fragment: `#app`. */
function isName(reference: Reference): boolean {
  return isModuleImport(reference) && reference.specifier.startsWith('#');
}

/** A copy: a part of a string keeps the whole string in memory for as long as it lives. */
function detached(part: string): string {
  return Buffer.from(part, 'utf16le').toString('utf16le');
}

/** Comments that name a source map stand at the end (ECMA-426 §11.1.2.1: only the last lines count). */
const TAIL_LENGTH = 4096;

/** The source map of a stylesheet, named in its last comment. */
export function findCssSourceMap(text: string): Reference | undefined {
  return findSourceMap(text, /\/\*[#@][ \t]*sourceMappingURL=([^\s*'"]+)[ \t]*\*\/\s*$/);
}

/** The source map of a script, named in its last comment. */
export function findScriptSourceMap(text: string): Reference | undefined {
  return findSourceMap(text, /\/[/*][#@][ \t]*sourceMappingURL=([^\s*'"]+)[ \t]*(?:\*\/)?\s*$/);
}

function findSourceMap(text: string, comment: RegExp): Reference | undefined {
  const start = Math.max(0, text.length - TAIL_LENGTH);
  const tail = text.slice(start);
  const match = tail.includes('sourceMappingURL') ? comment.exec(tail) : null;
  const specifier = match?.[1];
  if (match === null || specifier === undefined) return undefined;
  return { kind: 'source-map', specifier, offset: start + match.index };
}
