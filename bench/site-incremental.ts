import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { alternate, type Candidate } from './alternate.ts';
import { temporaryFolder } from './folder.ts';
import { comparisonRows, type BenchContext, type Report } from './report.ts';
import { exportSite, writePageTemplate } from './site-program.ts';
import { versionsOf } from './versions.ts';

const PAGES = 10_000;

/** An export of a site of which nothing has changed, against the export that wrote it. */
export async function benchSiteIncremental(context: BenchContext): Promise<Report> {
  const rounds = context.rounds ?? 3;
  const folder = await temporaryFolder(context);
  const template = await writePageTemplate(folder);
  const parent = join(folder, 'www');
  const order = { template, pages: PAGES, concurrency: 16, out: join(parent, 'site'), dated: true };
  const exportPages = async (asked: number): Promise<number> => {
    const { milliseconds, rendered } = await exportSite('export-site.js', order);
    if (rendered !== asked) throw new Error(`The app was asked for ${rendered} pages, not ${asked}.`);
    return milliseconds;
  };
  const full: Candidate = {
    name: 'into an empty folder',
    measure: async () => {
      await rm(parent, { recursive: true, force: true });
      return exportPages(PAGES);
    },
  };
  const again: Candidate = {
    name: 'again, nothing changed',
    asked: { atMost: 0.1 },
    measure: () => exportPages(0),
  };
  const comparison = await alternate(full, [again], rounds, context.progress);
  return {
    name: 'site-incremental',
    title: `${PAGES} pages of 8 KB whose route has lastModified, ${rounds} rounds`,
    versions: versionsOf(['express']),
    tables: [{ title: 'export', unit: 'ms', rows: comparisonRows(comparison) }],
    notes: ['Each export is a process of its own, timed inside from its start to its end.'],
  };
}
