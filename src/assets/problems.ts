import { readFileSync } from 'node:fs';
import { optionError, StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { describeReadError } from '../files/scan-folder.ts';
import { nameSuggester } from './name-suggester.ts';
import type { ReferenceProblem } from './references/link-references.ts';
import type { SourceFile } from './sources/source-file.ts';
import { positionsIn, decodeText } from './references/source-text.ts';

/** How many problems one error or warning names; the rest are counted. */
const NAMED = 10;

/** Said of what a browser may resolve to something else. */
const CUSTOM_PROPERTY =
  ' As it stands in a custom property, it is resolved against each stylesheet that uses it.';

const ENTITY = /&[\w:.-]+;/;

/** A problem for people: where it is, what it is, what would help. */
export interface DescribedProblem {
  readonly kind: ReferenceProblem['kind'];
  readonly asset: string;
  readonly line: number;
  readonly column: number;
  /** The reference as it stands in the file; empty for a syntax error. */
  readonly specifier: string;
  /** One sentence or two, beginning with file and line. */
  readonly message: string;
}

/**
 * Describes what is wrong with the references of source files, with line and column.
 *
 * @throws {@link StaticUrlError} `FILE_UNREADABLE`, `FILE_CHANGED`
 */
export function describeProblems(
  problems: readonly ReferenceProblem[],
  sources: ReadonlyMap<string, SourceFile>,
): DescribedProblem[] {
  const described: DescribedProblem[] = [];
  const suggest = nameSuggester(sources);
  let read = { file: '', positionOf: positionsIn('') };
  for (const problem of problems) {
    const { kind, asset, reference } = problem;
    const file = sources.get(asset)?.file ?? asset;
    // The problems of one file stand together.
    if (read.file !== file) read = { file, positionOf: positionsIn(readText(file)) };
    const { specifier, offset } = reference;
    const position = read.positionOf(offset);
    const told = explain(problem, suggest);
    const message = `${file}:${position.line}:${position.column}: ${told}${reference.kind === 'custom-property' ? CUSTOM_PROPERTY : ''}`;
    described.push({ kind, asset, ...position, specifier: kind === 'syntax' ? '' : specifier, message });
  }
  return described;
}

function readText(file: string): string {
  try {
    return decodeText(readFileSync(file));
  } catch (error) {
    throw describeReadError('file', file, error);
  }
}

/** As the option "together" names it. */
function folderOf(asset: string): string {
  return asset.slice(0, asset.lastIndexOf('/') + 1) || './';
}

function explain(
  { kind, asset, reference, target }: ReferenceProblem,
  suggest: (target: string) => string,
): string {
  const specifier = kind === 'syntax' ? reference.specifier : quote(reference.specifier);
  switch (kind) {
    case 'missing':
      return `The reference ${specifier} leads to ${quote(target)}, which is not there.${ENTITY.test(target ?? '') ? ' Entities of a document are not expanded; write it out.' : suggest(target ?? '')}`;
    case 'above-root':
      return `The reference ${specifier} climbs above the root, where no static URL leads. Move the file below the root.`;
    case 'unservable':
      return `The reference ${specifier} names no file that a server would send. Correct it; "%" itself is written "%25".`;
    case 'escapes-version':
      return `The reference ${specifier} does not stay within the version, so it is not cached for long. Make it relative.`;
    case 'no-match':
      return `The reference ${specifier} matches no file. Correct it, or add the files.`;
    case 'folder':
      return `The reference ${specifier} names a folder, so what is fetched below it is not known and not covered. Name each file, or fetch them by URLs that the page is given.`;
    case 'unknown-import':
      return `What the import of ${specifier} loads is not known, so a module may be loaded by two URLs and run twice. Write it as a string, or as a template that begins with one.`;
    case 'computed-url':
      return `What the URL of ${specifier} leads to is not known, so no version covers it. If it is a file of this folder, list the folder in "together", such as ${quote(folderOf(asset))}; if it comes from a page, give the page url() or worker().`;
    case 'chunk-map':
      return `Webpack makes the URLs of its chunks here, so no version covers them. List the folder of its output in "together", such as ${quote(folderOf(asset))}, and build with output.publicPath: 'auto'.`;
    case 'based-chunk':
      return `Vite resolves ${specifier} against its "base", so it is asked for without a version and not cached for long. Build with base: './'.`;
    case 'unknown-query':
      return `The query or fragment of the import ${specifier} is not known, so no import map has its URL, and a module may be loaded by two URLs and run twice. Write it out, or leave it out.`;
    case 'worker-address':
      return `The worker ${specifier} is resolved against the page, so no version covers it and what it imports. Write new Worker(new URL("./w.js", import.meta.url)), or take the URL that the page is given by worker().`;
    case 'unmapped-name':
      return `The name ${specifier} is not in "imports", so no import map tells a browser what it stands for. Add it, or import a relative URL.`;
    case 'syntax':
      return `This is not valid ${specifier}, so its references from here on may be missed. Correct it, or move it out of the root.`;
  }
}

/**
 * The error for problems that must not pass.
 *
 * @param problems - at least one
 */
export function problemError(problems: readonly DescribedProblem[]): Error {
  const messages = summary(problems.map(({ message }) => message));
  const { asset } = problems.find(({ kind }) => kind === 'missing') ?? {};
  if (asset === undefined) return new StaticUrlError('REFERENCE_BROKEN', messages);
  return optionError(
    'optional',
    (name) =>
      `${messages}\nIf a file works without what it names, list it in ${name('optional')}, such as ${quote(asset)}.`,
    (message) => new StaticUrlError('REFERENCE_BROKEN', message),
  );
}

/** The first of some messages, a line each, and how many more there are. */
export function summary(messages: readonly string[]): string {
  const more = messages.length - NAMED;
  const rest = more > 0 ? [`… and ${more} more; "static-url check" lists them all.`] : [];
  return [...messages.slice(0, NAMED), ...rest].join('\n');
}

/** What "static-url check" tells of, but no page breaks by. */
const HARMLESS: ReadonlySet<ReferenceProblem['kind']> = new Set([
  'escapes-version',
  'no-match',
  'folder',
  'unknown-import',
  'unknown-query',
  'worker-address',
  'computed-url',
  'chunk-map',
  'unmapped-name',
]);

/**
 * Whether a problem is worth no more than a warning: so are source maps, what is resolved elsewhere, and what files name
 * that do without.
 */
export function isHarmless(problem: ReferenceProblem): boolean {
  const { kind, reference, isOptional } = problem;
  return (
    isOptional ||
    HARMLESS.has(kind) ||
    reference.kind === 'source-map' ||
    reference.kind === 'custom-property' ||
    reference.kind === 'uncertain' ||
    isBrokenScript(problem)
  );
}

/** Nobody knows for certain what some browser makes of a script. */
function isBrokenScript({ kind, reference }: ReferenceProblem): boolean {
  return kind === 'syntax' && reference.specifier !== 'JSON';
}

/** What must not pass: even when not strict, a reference that no release could ever answer. */
export function fatalProblems(
  problems: readonly ReferenceProblem[],
  sources: ReadonlyMap<string, SourceFile>,
  strict: boolean,
): DescribedProblem[] {
  const fatal = problems.filter((each) => !isHarmless(each) && (strict || each.kind === 'above-root'));
  return describeProblems(fatal, sources);
}

/** What is told to who edits the files: what must not pass when strict, and scripts that do not parse. */
export function pressingProblems(
  problems: readonly ReferenceProblem[],
  sources: ReadonlyMap<string, SourceFile>,
): DescribedProblem[] {
  return describeProblems(
    problems.filter((each) => !isHarmless(each) || isBrokenScript(each)),
    sources,
  );
}
