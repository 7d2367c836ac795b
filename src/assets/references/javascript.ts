import { parse, type Import } from 'es-module-lexer';
import { findImportedScripts } from './import-scripts.ts';
import type { Reference } from './reference.ts';
import { literalValue } from './script-literal.ts';
import { findSourceMap } from './source-map.ts';

/** A script that the lexer cannot read. */
export class ScriptSyntaxError extends SyntaxError {
  /** Where it gave up, counted in UTF-16 code units. */
  readonly offset: number;

  constructor(offset: number, options: ErrorOptions) {
    super('The script is not valid JavaScript.', options);
    this.offset = offset;
  }
}

const MAY_REFER = /\bimport\b|\bfrom\b/;

/**
 * Finds what a script refers to: static and dynamic `import` with a literal or a template, `export … from`,
 * `new URL('…', import.meta.url)`, `import.meta.resolve('…')`, and `importScripts` of a worker.
 *
 * @throws {@link ScriptSyntaxError}
 */
export function findScriptReferences(text: string): Reference[] {
  const references: Reference[] = [];
  if (MAY_REFER.test(text)) {
    let loaded = { start: 0, end: 0 };
    for (const each of lex(text)) {
      if (each.type === 'dynamic') loaded = each;
      const isLoaded = each.start >= loaded.start && each.end <= loaded.end;
      const reference =
        each.type === 'import-meta' ? addressReference(text, each, isLoaded) : importReference(each);
      if (reference) references.push(reference);
    }
  }
  if (text.includes('importScripts')) references.push(...findImportedScripts(text));
  return references;
}

function lex(text: string): readonly Import[] {
  try {
    return parse(text)[0];
  } catch (error) {
    const offset = error instanceof Error && 'idx' in error && typeof error.idx === 'number' ? error.idx : 0;
    // The lexer says 0 of something that is still open at the end.
    throw new ScriptSyntaxError(offset === 0 ? text.length : Math.min(offset, text.length), { cause: error });
  }
}

function importReference(each: Exclude<Import, { type: 'import-meta' }>): Reference | undefined {
  if (each.specifier === undefined) return undefined;
  const kind = each.type !== 'dynamic' ? 'import' : each.glob ? 'import-glob' : 'dynamic-import';
  return { kind, specifier: each.specifier, offset: each.start };
}

/** Between two tokens: white space and comments, such as those that bundlers read. */
const GAP = String.raw`(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n\r]*[\n\r])*`;
const LITERAL = String.raw`("(?:[^"\\\n\r]|\\[^])*"|'(?:[^'\\\n\r]|\\[^])*'|\`(?:[^\`\\]|\\[^])*\`)`;
const NEW_URL = new RegExp(
  String.raw`\bnew${GAP}(?:(?:globalThis|self|window)\.)?URL${GAP}\(${GAP}${LITERAL}${GAP},${GAP}$`,
);
const URL_OF_MODULE = new RegExp(String.raw`^${GAP}\.${GAP}url${GAP},?${GAP}\)`);
const RESOLVE = new RegExp(String.raw`^${GAP}\.${GAP}resolve${GAP}\(${GAP}${LITERAL}${GAP},?${GAP}\)`);
const LONGEST_CALL = 4096;

/**
 * `new URL('…', import.meta.url)` and `import.meta.resolve('…')`: the lexer knows where `import.meta` really is, so its
 * surroundings are code.
 *
 * @param isLoaded - whether it stands in an `import()`
 */
function addressReference(text: string, { start, end }: Import, isLoaded: boolean): Reference | undefined {
  const after = text.slice(end, end + LONGEST_CALL);
  const resolved = RESOLVE.exec(after)?.[1];
  if (resolved !== undefined) {
    const specifier = literalValue(resolved);
    // A bare name is the import map's.
    if (specifier === undefined || !/^\.{0,2}\//.test(specifier)) return undefined;
    return addressOf(specifier, start, isLoaded);
  }
  if (!URL_OF_MODULE.test(after)) return undefined;
  const from = Math.max(0, start - LONGEST_CALL);
  const match = NEW_URL.exec(text.slice(from, start));
  const specifier = match?.[1] === undefined ? undefined : literalValue(match[1]);
  return specifier === undefined ? undefined : addressOf(specifier, from + (match?.index ?? 0), isLoaded);
}

function addressOf(specifier: string, offset: number, isLoaded: boolean): Reference | undefined {
  // With nothing known at its start it may lead anywhere.
  if (specifier.startsWith('*')) return undefined;
  const path = specifier.replace(/[?#].*$/s, '');
  const isFolder = /(?:^|[\\/])\.{0,2}$/.test(path);
  const isGlob = specifier.includes('*');
  if (!isLoaded || isFolder) {
    return { kind: isFolder ? 'folder' : isGlob ? 'resource-glob' : 'resource', specifier, offset };
  }
  const relative = /^\.{0,2}\/|^[a-z][a-z0-9+.-]*:/i.test(specifier) ? specifier : `./${specifier}`;
  return { kind: isGlob ? 'import-glob' : 'dynamic-import', specifier: relative, offset };
}

/** The source map of a script, named in its last comment. */
export function findScriptSourceMap(text: string): Reference | undefined {
  return findSourceMap(text, /\/[/*][#@][ \t]*sourceMappingURL=([^\s*'"]+)[ \t]*(?:\*\/)?\s*$/);
}
