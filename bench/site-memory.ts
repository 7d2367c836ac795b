import { temporaryFolder } from './folder.ts';
import { row, type BenchContext, type Report } from './report.ts';
import { exportAnew, writePageTemplate } from './site-program.ts';
import { versionsOf } from './versions.ts';

const SIZES = [1000, 100_000] as const;
const MEGABYTE = 1e6;

/** The memory of an export of very many pages, beside that of one of few. */
export async function benchSiteMemory(context: BenchContext): Promise<Report> {
  const folder = await temporaryFolder(context);
  const template = await writePageTemplate(folder);
  const memory = [];
  const time = [];
  for (const pages of SIZES) {
    context.progress(`exporting ${pages} pages`);
    const name = `${pages.toLocaleString('en')} pages`;
    const order = { template, pages, concurrency: 16 };
    const { peakBytes, milliseconds } = await exportAnew('export-command.js', folder, order);
    memory.push(row(name, peakBytes / MEGABYTE, pages === SIZES[1] ? { atMost: 250 } : undefined));
    time.push(row(name, milliseconds));
  }
  return {
    name: 'site-memory',
    title: '"static-url export" of pages of 8 KB into an empty folder, 16 at a time, once',
    versions: versionsOf(['express']),
    tables: [
      { title: 'most resident memory of the process', unit: 'MB', rows: memory },
      { title: 'time of the export', unit: 'ms', rows: time },
    ],
    notes: ['The memory is that of the whole process, Node, Express and the list of parameters in it.'],
  };
}
