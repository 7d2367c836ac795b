import { pbkdf2Sync } from 'node:crypto';
import { alternate, type Candidate } from './alternate.ts';
import { temporaryFolder } from './folder.ts';
import { comparisonRows, type BenchContext, type Report } from './report.ts';
import { exportAnew, writePageTemplate } from './site-program.ts';
import { versionsOf } from './versions.ts';

const PAGES = 5000;
const VIEW_MILLISECONDS = 2;

/** An export whose pages burn CPU, by two worker threads, by one and by the main thread. */
export async function benchSiteParallel(context: BenchContext): Promise<Report> {
  const rounds = context.rounds ?? 5;
  const folder = await temporaryFolder(context);
  const template = await writePageTemplate(folder);
  const iterations = iterationsOf(VIEW_MILLISECONDS);
  const candidate = (name: string, parallel: number): Candidate => ({
    name,
    measure: async () => {
      const order = { template, pages: PAGES, concurrency: 16, parallel, iterations };
      const { milliseconds } = await exportAnew('export-site.js', folder, order);
      return PAGES / (milliseconds / 1000);
    },
  });
  const comparison = await alternate(
    candidate('parallel: 1', 1),
    [{ ...candidate('parallel: 2', 2), asked: { atLeast: 1.7 } }, candidate('parallel: 0', 0)],
    rounds,
    context.progress,
  );
  return {
    name: 'site-parallel',
    title: `${PAGES} pages of 8 KB whose view burns ${VIEW_MILLISECONDS} ms of CPU, ${rounds} rounds`,
    versions: versionsOf(['express']),
    tables: [{ title: 'export', unit: 'pages/s', rows: comparisonRows(comparison) }],
    notes: [
      `What a view burns is always the same work, ${iterations} iterations of PBKDF2, not a time: two threads that share a processor gain nothing by it.`,
      'The start of the threads, which import the app each, is in it.',
    ],
  };
}

/** How many iterations of PBKDF2 take so long on this processor when nothing disturbs it. */
function iterationsOf(milliseconds: number): number {
  const iterations = 20_000;
  const times = Array.from({ length: 10 }, () => {
    const start = performance.now();
    pbkdf2Sync('note', 'salt', iterations, 32, 'sha256');
    return performance.now() - start;
  });
  return Math.round((iterations * milliseconds) / Math.min(...times));
}
