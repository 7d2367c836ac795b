import { StaticUrlError } from '../core/errors.ts';
import { countText, quote } from '../core/text.ts';
import type { PageResult, PagesReport, PublishProgress } from '../pages/index.ts';
import { createProgressBar } from './progress-bar.ts';
import type { Terminal } from './terminal.ts';

/**
 * Runs what renders pages, shows how far it has come, and prints what became of them; also where servers of the store did
 * not answer for some.
 *
 * @throws what the run throws, or {@link printReport}
 */
export async function reportRun(
  terminal: Terminal,
  stage: string,
  json: boolean,
  run: (onProgress: (progress: PublishProgress) => void) => Promise<PagesReport>,
): Promise<void> {
  const bar = await createProgressBar(json ? undefined : terminal.progress);
  try {
    const report = await run((progress) => bar.show({ stage, ...progress }));
    bar.end();
    printReport(terminal, report, json);
  } catch (error) {
    bar.end();
    const { PagesUnreachableError } = await import('../pages/index.ts');
    if (error instanceof PagesUnreachableError) writeReport(terminal, error.report, json);
    throw error;
  }
}

const WORDS = [
  ['published', 'published'],
  ['deleted', 'deleted'],
  ['missing', 'not there'],
  ['kept', 'not stored'],
  ['outdated', 'to be rendered anew'],
] as const;

/** What is counted, and not told page by page. */
const EXPECTED: ReadonlySet<PageResult['result']> = new Set(['published', 'outdated']);

/**
 * Prints what became of pages: a line for each that needs one, and a summary.
 *
 * @throws {@link StaticUrlError} `CHECK_FAILED` when a page was neither stored nor removed
 */
export function printReport(terminal: Terminal, report: PagesReport, json: boolean): void {
  const { results } = report;
  writeReport(terminal, report, json);
  const kept = count(results, 'kept');
  if (kept > 0)
    throw new StaticUrlError(
      'CHECK_FAILED',
      `${countText(kept, 'page')} of ${results.length} ${kept === 1 ? 'was' : 'were'} not stored; what was stored before is kept. "static-url pages why <url>" renders one again and says why.`,
    );
}

function writeReport(terminal: Terminal, report: PagesReport, json: boolean): void {
  terminal.write(json ? `${JSON.stringify(report)}\n` : reportText(report.results));
}

function reportText(results: readonly PageResult[]): string {
  const lines = results.filter(({ result }) => !EXPECTED.has(result)).map(lineOf);
  const counts = WORDS.map(([result, word]) => [count(results, result), word] as const)
    .filter(([number]) => number > 0)
    .map(([number, word], index) => `${index === 0 ? countText(number, 'page') : number} ${word}`);
  return `${lines.join('')}${counts.length === 0 ? 'No page was affected' : counts.join(', ')}.\n`;
}

function lineOf({ url, result, code, detail }: PageResult): string {
  return `${result} ${quote(url)}${code === undefined ? '' : `: ${code}: ${detail}`}\n`;
}

function count(results: readonly PageResult[], result: PageResult['result']): number {
  return results.filter((each) => each.result === result).length;
}
