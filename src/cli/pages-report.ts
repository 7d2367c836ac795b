import { StaticUrlError } from '../core/errors.ts';
import { countText, quote } from '../core/text.ts';
import type { PageResult, PagesReport } from '../pages/index.ts';
import type { Terminal } from './terminal.ts';

const WORDS = [
  ['published', 'published'],
  ['deleted', 'deleted'],
  ['missing', 'not there'],
  ['kept', 'not stored'],
] as const;

/**
 * Prints what became of pages: a line for each that needs one, and a summary.
 *
 * @throws {@link StaticUrlError} `CHECK_FAILED` when a page was neither stored nor removed
 */
export function printReport(terminal: Terminal, report: PagesReport, json: boolean): void {
  const { results } = report;
  terminal.write(json ? `${JSON.stringify(report)}\n` : reportText(results));
  const kept = count(results, 'kept');
  if (kept > 0)
    throw new StaticUrlError(
      'CHECK_FAILED',
      `${countText(kept, 'page')} of ${results.length} ${kept === 1 ? 'was' : 'were'} not stored; what was stored before is kept. "static-url pages why <url>" renders one again and says why.`,
    );
}

function reportText(results: readonly PageResult[]): string {
  const lines = results.filter(({ result }) => result !== 'published').map(lineOf);
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
