import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { alternate, type Candidate } from './alternate.ts';
import { temporaryFolder, writeAsset } from './folder.ts';
import { numberIn, runProgram } from './node-program.ts';
import { comparisonRows, row, type BenchContext, type Report } from './report.ts';
import { versionsOf } from './versions.ts';

const PACKAGE = new URL('../dist/', import.meta.url).href;
/** A package that has dependencies: proof that they would be seen. */
const CONTROL = 'express';

/** What importing `static-url` costs and loads, in fresh processes. */
export async function benchImport(context: BenchContext): Promise<Report> {
  const rounds = context.rounds ?? 21;
  const empty = join(await temporaryFolder(context), 'empty.mjs');
  await writeAsset(empty, '');
  const baseline = timed('an empty module', pathToFileURL(empty).href);
  const candidates = [timed("import('static-url')", 'static-url'), timed("import('express')", 'express')];
  for (const { measure } of [baseline, ...candidates]) await measure();
  const comparison = await alternate(baseline, candidates, rounds, context.progress);

  const files = await loadedFiles('static-url');
  const foreign = files.filter((url) => !url.startsWith(PACKAGE));
  const control = await loadedFiles(CONTROL);
  if (files.length === 0 || !control.some((url) => url.includes('/node_modules/'))) {
    throw new Error('Cannot tell which files an import loads: no file was seen where there must be some.');
  }
  return {
    name: 'import',
    title: `in fresh processes, timed inside, ${rounds} rounds`,
    versions: versionsOf(['express']),
    tables: [
      { title: 'time of import()', unit: 'ms', rows: comparisonRows(comparison) },
      {
        title: "loaded by import('static-url')",
        unit: 'files',
        rows: [
          row('of the package itself', files.length - foreign.length),
          row('of dependencies', foreign.length, { atMost: 0 }),
          row(`(import('${CONTROL}') loads)`, control.length),
        ],
      },
    ],
    notes: foreign.map((url) => `A dependency's file: ${url}`),
  };
}

function timed(name: string, specifier: string): Candidate {
  return {
    name,
    measure: async () => numberIn(await runProgram('time-import.js', [specifier]), 'milliseconds'),
  };
}

async function loadedFiles(specifier: string): Promise<string[]> {
  const answer = await runProgram('loaded-files.js', [specifier]);
  if (typeof answer === 'object' && answer && 'files' in answer && Array.isArray(answer.files)) {
    return answer.files.map(String);
  }
  throw new Error(`The program "loaded-files.js" answered ${JSON.stringify(answer)}.`);
}
