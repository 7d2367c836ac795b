import { readImportArgument } from './import-argument.ts';
import type { Reference } from '../reference.ts';
import { literalAt, rangesOf, type ScriptToken, type TokenRange } from './tokens.ts';

/** A function whose arguments may refer to something. */
export type Callee = 'import' | 'URL' | 'resolve' | 'importScripts' | 'Worker';

/** A call that is being read. */
export interface Call {
  readonly callee: Callee;
  /** Where it begins: at `new`, `URL`, `import`. */
  readonly start: number;
  /** How many brackets are open in it. */
  readonly depth: number;
  /** Its first token. */
  readonly from: number;
  /** The innermost `import()` around it. */
  readonly loader: Call | undefined;
  /** The addresses in it that are known: an `import()` loads what they lead to. */
  readonly addresses: Reference[];
}

/** How far the two ways of preloading are apart at most. */
const PRELOADING_LENGTH = 200;
/** What is shown of code at most. */
const SHOWN_CODE = 80;

/** What a call refers to, whose arguments are the tokens from its first to the end of the list. */
export function readCall(text: string, call: Call, tokens: readonly ScriptToken[]): Reference[] {
  const ranges = rangesOf(text, tokens, call.from);
  if (call.callee === 'import') return importReferences(text, call, tokens, ranges[0] ?? [0, 0]);
  const literals = ranges.map(([from, to]) => literalAt(text, tokens, from, to));
  if (call.callee === 'Worker') return workerReferences(text, call, tokens, ranges[0] ?? [0, 0]);
  if (call.callee === 'importScripts') {
    return ranges.flatMap(([from], at) => {
      const specifier = literals[at];
      const offset = tokens[from]?.start ?? 0;
      return specifier === undefined ? [] : [{ kind: 'resource', specifier, offset }];
    });
  }
  const [specifier] = literals;
  const isOfModule = call.callee === 'resolve' ? ranges.length === 1 : isModuleUrl(text, tokens, ranges);
  if (!isOfModule) return [];
  const reference =
    specifier === undefined
      ? undefined
      : call.callee === 'URL'
        ? addressOf(specifier, call)
        : resolvedAddress(specifier, call);
  if (reference === undefined) return call.callee === 'URL' ? computedUrl(text, call, tokens, ranges[0]) : [];
  call.loader?.addresses.push(reference);
  return [reference];
}

/** `new URL(name, import.meta.url)`. */
function computedUrl(
  text: string,
  { start, loader }: Call,
  tokens: readonly ScriptToken[],
  [from, to]: TokenRange = [0, 0],
): Reference[] {
  // A string without a value is no URL.
  if (tokens[from]?.type === 'string' && to === from + 1) return [];
  const code = codeOf(text, tokens, from, to);
  // An import() tells of it, and what `import.meta.resolve` takes is an absolute URL.
  if (loader !== undefined || isPreloading(text, start)) return [];
  return [{ kind: 'computed-url', specifier: code, offset: start }];
}

/** Whether it is the fallback of `import.meta.resolve(name)`, as in the code by which Vite preloads what it lists. */
function isPreloading(text: string, start: number): boolean {
  return text.slice(Math.max(0, start - PRELOADING_LENGTH), start).includes('import.meta.resolve(');
}

/**
 * The first argument of `new Worker()`. A browser resolves it against the page or the worker that runs the script (HTML
 * Living Standard §10.2.6.3), not against the script, unless it is the address of a module.
 */
function workerReferences(
  text: string,
  { start, addresses }: Call,
  tokens: readonly ScriptToken[],
  [from, to]: TokenRange,
): Reference[] {
  const specifier = literalAt(text, tokens, from, to);
  const offset = tokens[from]?.start ?? start;
  if (specifier !== undefined && !specifier.includes('*'))
    return [{ kind: 'worker-address', specifier, offset }];
  const code = codeOf(text, tokens, from, to);
  // An object URL has its bytes already.
  if (
    addresses.length > 0 ||
    code === '' ||
    /\b(?:createObjectURL|import\.meta\.url)\b|^["'`]data:/.test(code)
  )
    return [];
  return [{ kind: 'computed-url', specifier: code, offset: start }];
}

/** The code of some tokens, as far as it is shown. */
function codeOf(text: string, tokens: readonly ScriptToken[], from: number, to: number): string {
  return text.slice(tokens[from]?.start ?? 0, tokens[to - 1]?.end ?? 0).slice(0, SHOWN_CODE);
}

function importReferences(
  text: string,
  { addresses }: Call,
  tokens: readonly ScriptToken[],
  [from, to]: readonly [number, number],
): Reference[] {
  const references: Reference[] = [];
  let next = 0;
  for (const { kind, specifier, start, end } of readImportArgument(text, tokens, from, to)) {
    while ((addresses[next]?.offset ?? Infinity) < start) next++;
    const isAddress = (addresses[next]?.offset ?? Infinity) < end;
    if (kind !== 'unknown-import') references.push({ kind, specifier, offset: start });
    else if (!isAddress) references.push({ kind, specifier: specifier.slice(0, SHOWN_CODE), offset: start });
  }
  return references;
}

/** Whether the second and last argument is `import.meta.url`. */
function isModuleUrl(
  text: string,
  tokens: readonly ScriptToken[],
  ranges: readonly (readonly [number, number])[],
): boolean {
  const [from, to] = ranges[1] ?? [0, 0];
  if (ranges.length !== 2 || tokens[from]?.type !== 'import') return false;
  const words = tokens.slice(from, Math.min(to, from + 6)).map(({ start, end }) => text.slice(start, end));
  return words.join('') === 'import.meta.url';
}

/** `import.meta.resolve()`: a bare name is the import map's. */
function resolvedAddress(specifier: string, call: Call): Reference | undefined {
  if (/^\.{0,2}\//.test(specifier)) return addressOf(specifier, call);
  return call.loader && { kind: 'dynamic-import', specifier, offset: call.start };
}

function addressOf(specifier: string, { start: offset, loader }: Call): Reference | undefined {
  // With nothing known at its start it may lead anywhere.
  if (specifier.startsWith('*')) return undefined;
  const path = specifier.replace(/[?#].*$/s, '');
  const isFolder = /(?:^|[\\/])\.{0,2}$/.test(path);
  const isGlob = specifier.includes('*');
  if (loader === undefined || isFolder)
    return { kind: isFolder ? 'folder' : isGlob ? 'resource-glob' : 'resource', specifier, offset };
  const relative = /^\.{0,2}\/|^[a-z][a-z0-9+.-]*:/i.test(specifier) ? specifier : `./${specifier}`;
  return { kind: isGlob ? 'import-glob' : 'dynamic-import', specifier: relative, offset };
}
