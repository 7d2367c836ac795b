import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, type AnyNode, type Expression, type Token } from 'acorn';
import type { ExecutionContext } from 'ava';
import { findScriptReferences } from '../../../src/assets/references/script/script-references.ts';
import { ScriptScanner } from '../../../src/assets/references/script/scanner.ts';
import { decodeText } from '../../../src/assets/references/source-text.ts';

const MODULES = fileURLToPath(new URL('../../../node_modules/', import.meta.url));

/** What was compared, and what a parser refuses. */
export interface Comparison {
  scripts: number;
  megabytes: number;
  references: number;
  readonly refused: string[];
}

/** Compares what is read in the scripts of some packages with what a whole parser reads there. */
export async function compareWithParser(
  t: ExecutionContext,
  folders: readonly string[],
): Promise<Comparison> {
  const comparison: Comparison = { scripts: 0, megabytes: 0, references: 0, refused: [] };
  const texts = new Set<string>();
  for (const folder of folders) {
    for (const file of await readdir(join(MODULES, folder), { recursive: true })) {
      const name = join(folder, file);
      if (!/\.[cm]?js$/.test(name) || name.startsWith('.')) continue;
      const bytes = await readFile(join(MODULES, name)).catch(ignoreFolder);
      if (bytes === undefined) continue;
      const text = decodeText(bytes);
      if (texts.has(text)) continue;
      texts.add(text);
      const expected = parsed(text);
      if (expected === undefined) {
        comparison.refused.push(name);
        continue;
      }
      const references = knownReferences(text);
      // The titles of thousands of assertions take longer than the work.
      if (references.join('\n') !== expected.references.join('\n'))
        t.deepEqual(references, expected.references, name);
      const literals = scannedLiterals(text);
      if (literals.join('\n') !== expected.literals.join('\n'))
        t.deepEqual(literals, expected.literals, name);
      comparison.scripts += 1;
      comparison.megabytes += bytes.length / 1e6;
      comparison.references += references.length;
    }
  }
  return comparison;
}

/** Some packages have a folder with the name of a script. */
function ignoreFolder(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EISDIR') throw error;
}

/** The references whose targets are known: where they stand, and what they name. */
function knownReferences(text: string): string[] {
  return findScriptReferences(text)
    .filter(({ kind }) => kind !== 'unknown-import' && kind !== 'computed-url')
    .map(({ offset, specifier }) => lineOf(offset, specifier));
}

/** Within an `import()` the address of a module begins with a dot. */
function lineOf(offset: number, specifier: string): string {
  return `${offset} ${specifier.replace(/^\.\//, '')}`;
}

/** The strings and the regular expressions, which are where a misreading shows. */
function scannedLiterals(text: string): string[] {
  const literals: string[] = [];
  const scanner = new ScriptScanner(text);
  while (scanner.next()) {
    const { type, start, end } = scanner;
    if (type === 'string' || (type === 'value' && text[start] === '/')) literals.push(`${start} ${end}`);
  }
  if (scanner.brokenAt !== undefined) literals.push(`broken at ${scanner.brokenAt}`);
  return literals;
}

/** The same by a whole parser; `undefined` if it refuses the text as a module and as a script. */
function parsed(text: string): { references: string[]; literals: string[] } | undefined {
  for (const sourceType of ['module', 'script'] as const) {
    try {
      const literals: string[] = [];
      const onToken = ({ type, start, end }: Token): void => {
        if (type.label === 'string' || type.label === 'regexp') literals.push(`${start} ${end}`);
      };
      const options = { ecmaVersion: 'latest', allowReturnOutsideFunction: true } as const;
      return { references: referencesOf(parse(text, { ...options, sourceType, onToken })), literals };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

function referencesOf(program: AnyNode): string[] {
  const found: (readonly [offset: number, specifier: string])[] = [];
  const waiting: unknown[] = [program];
  // Many millions of nodes: nothing is made for each of them.
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (Array.isArray(node)) for (const part of node) waiting.push(part);
    else if (isNode(node)) {
      found.push(...referencesAt(node));
      for (const name in node) {
        const part = node[name as keyof AnyNode] as unknown;
        if (typeof part === 'object' && part !== null) waiting.push(part);
      }
    }
  }
  return found.toSorted(([a], [b]) => a - b).map(([offset, specifier]) => lineOf(offset, specifier));
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function referencesAt(node: AnyNode): (readonly [offset: number, specifier: string])[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return node.source ? [[node.source.start + 1, String(node.source.value)]] : [];
    case 'ImportExpression':
      return operandsOf(node.source).flatMap((operand) => known(operand.start, operand));
    case 'NewExpression': {
      const [first, second, ...others] = node.arguments;
      const callee = codeOf(node.callee).replace(/^(?:globalThis|self|window)\./, '');
      const isWorker = callee === 'Worker' || callee === 'SharedWorker';
      if (isWorker) return first === undefined ? [] : known(first.start, first, false);
      const isOfModule = callee === 'URL' && codeOf(second) === 'import.meta.url' && others.length === 0;
      return isOfModule ? known(node.start, first) : [];
    }
    case 'CallExpression': {
      const [first, second] = node.arguments;
      const callee = codeOf(node.callee).replace(/^(?:globalThis|self|window)\./, '');
      if (callee === 'importScripts') return node.arguments.flatMap((each) => known(each.start, each));
      if (callee === 'URL.parse' && codeOf(second) === 'import.meta.url') return known(node.start, first);
      if (callee !== 'import.meta.resolve' || second !== undefined) return [];
      return known(node.start, first).filter(([, specifier]) => /^\.{0,2}\//.test(specifier));
    }
    default:
      return [];
  }
}

/** What a conditional chooses from. */
function operandsOf(node: Expression): Expression[] {
  return node.type === 'ConditionalExpression'
    ? [...operandsOf(node.consequent), ...operandsOf(node.alternate)]
    : [node];
}

/** A dotted name. */
function codeOf(node: AnyNode | undefined): string {
  if (node?.type === 'Identifier') return node.name;
  if (node?.type === 'MetaProperty') return `${node.meta.name}.${node.property.name}`;
  return node?.type === 'MemberExpression' && !node.computed
    ? `${codeOf(node.object)}.${codeOf(node.property)}`
    : '';
}

/** What a string or a template says, with `*` for substitutions, unless it begins with one. */
function known(
  offset: number,
  node: AnyNode | undefined,
  mayBeOpen = true,
): (readonly [offset: number, specifier: string])[] {
  if (node?.type === 'Literal' && typeof node.value === 'string') return [[offset, node.value]];
  if (node?.type !== 'TemplateLiteral') return [];
  const specifier = node.quasis.map(({ value }) => value.cooked ?? '').join('*');
  return specifier.startsWith('*') || (!mayBeOpen && specifier.includes('*')) ? [] : [[offset, specifier]];
}
