import { type Import, parse } from 'es-module-lexer';
import { findImportedScripts, readImportArgument } from './import-calls.ts';
import type { Reference } from './reference.ts';
import { literalValue } from './script-literal.ts';
import { SourceSyntaxError } from './source-text.ts';
import { findWorkerAddresses } from './worker-addresses.ts';

const MAY_REFER = /\bimport\b|\bfrom\b/;

/**
 * Finds what a script refers to: static and dynamic `import` with a literal, a template or a choice of both, `export …
 * from`, `new URL('…', import.meta.url)`, `URL.parse('…', import.meta.url)`, `import.meta.resolve('…')`, `importScripts` of a worker,
 * and the literal of `new Worker('…')`.
 *
 * @throws {@link SourceSyntaxError}
 */
export function findScriptReferences(text: string): Reference[] {
  const references: Reference[] = [];
  if (MAY_REFER.test(text)) {
    const computed: ComputedImport[] = [];
    for (const each of lex(text)) {
      if (each.type === 'import-meta') {
        const around = computed.at(-1);
        const isLoaded = around !== undefined && each.start >= around.start && each.end <= around.end;
        const reference = addressReference(text, each, isLoaded);
        if (reference) references.push(reference);
        if (reference && isLoaded) around.addresses.push(reference);
      } else if (
        each.specifier !== undefined &&
        !(each.type === 'dynamic' && each.specifier.startsWith('*'))
      ) {
        const kind = each.type !== 'dynamic' ? 'import' : each.glob ? 'import-glob' : 'dynamic-import';
        references.push({ kind, specifier: each.specifier, offset: each.start });
      } else computed.push({ start: each.start, end: each.end, addresses: [] });
    }
    for (const each of computed) references.push(...computedReferences(text, each));
  }
  if (text.includes('importScripts')) references.push(...findImportedScripts(text));
  references.push(...findWorkerAddresses(text));
  return references;
}

function lex(text: string): readonly Import[] {
  try {
    return parse(text)[0];
  } catch (error) {
    const offset = error instanceof Error && 'idx' in error && typeof error.idx === 'number' ? error.idx : 0;
    // The lexer says 0 of something that is still open at the end.
    throw new SourceSyntaxError('JavaScript', offset === 0 ? text.length : Math.min(offset, text.length), {
      cause: error,
    });
  }
}

/** The argument of an `import()` that is neither a string nor a template. */
interface ComputedImport {
  readonly start: number;
  readonly end: number;
  /** The addresses in it that are known: it loads what they lead to. */
  readonly addresses: Reference[];
}

/** What is shown of code at most. */
const SHOWN_CODE = 80;

function computedReferences(text: string, { start, end, addresses }: ComputedImport): Reference[] {
  return readImportArgument(text.slice(start, end)).flatMap((operand) => {
    const [from, to] = [start + operand.start, start + operand.end];
    const isUnknown = operand.kind === 'unknown-import';
    if (isUnknown && addresses.some(({ offset }) => offset >= from && offset < to)) return [];
    const specifier = isUnknown ? operand.specifier.slice(0, SHOWN_CODE) : operand.specifier;
    return [{ kind: operand.kind, specifier, offset: from }];
  });
}

/** Between two tokens: white space and comments, such as those that bundlers read. */
const GAP = String.raw`(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n\r]*[\n\r])*`;
const LITERAL = String.raw`("(?:[^"\\\n\r]|\\[^])*"|'(?:[^'\\\n\r]|\\[^])*'|\`(?:[^\`\\]|\\[^])*\`)`;
const URL_CLASS = String.raw`(?:(?:globalThis|self|window)\.)?URL`;
const NEW_URL = new RegExp(
  String.raw`(?:\bnew${GAP}${URL_CLASS}|(?<![\w$.])${URL_CLASS}${GAP}\.${GAP}parse)${GAP}\(${GAP}${LITERAL}${GAP},${GAP}$`,
);
const URL_OF_MODULE = new RegExp(String.raw`^${GAP}\.${GAP}url${GAP},?${GAP}\)`);
const RESOLVE = new RegExp(String.raw`^${GAP}\.${GAP}resolve${GAP}\(${GAP}${LITERAL}${GAP},?${GAP}\)`);
const LONGEST_CALL = 4096;

/**
 * `new URL('…', import.meta.url)`, `URL.parse()` of the same and `import.meta.resolve('…')`: the lexer knows where
 * `import.meta` really is, so its surroundings are code.
 *
 * @param isLoaded - whether it stands in an `import()`
 */
function addressReference(text: string, { start, end }: Import, isLoaded: boolean): Reference | undefined {
  const after = text.slice(end, end + LONGEST_CALL);
  const resolved = RESOLVE.exec(after)?.[1];
  if (resolved !== undefined) {
    const specifier = literalValue(resolved);
    if (specifier === undefined) return undefined;
    if (/^\.{0,2}\//.test(specifier)) return addressOf(specifier, start, isLoaded);
    // A bare name is the import map's.
    return isLoaded ? { kind: 'dynamic-import', specifier, offset: start } : undefined;
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
