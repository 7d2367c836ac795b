import { alternate, type Candidate } from './alternate.ts';
import { findDjango } from './django.ts';
import { temporaryFolder } from './folder.ts';
import { comparisonRows, type BenchContext, type Report } from './report.ts';
import { exportAnew, writePageTemplate, type Exporter } from './site-program.ts';
import { versionsOf } from './versions.ts';

const PAGES = 5000;
const CONCURRENCY = 16;

/** Exports of the same light pages into an empty folder: static-url with Express, Hono, and what django-distill does. */
export async function benchSiteExport(context: BenchContext): Promise<Report> {
  const rounds = context.rounds ?? 5;
  const folder = await temporaryFolder(context);
  const template = await writePageTemplate(folder);
  const pagesPerSecond =
    (exporter: Exporter, concurrency = CONCURRENCY) =>
    async (): Promise<number> => {
      const order = { template, pages: PAGES, concurrency };
      const { milliseconds } = await exportAnew(exporter, folder, order);
      return PAGES / (milliseconds / 1000);
    };
  const site: Candidate = {
    name: 'static-url, Express 5',
    measure: pagesPerSecond('export-site.js'),
  };
  const hono: Candidate = { name: 'toSSG() of Hono', measure: pagesPerSecond('export-hono.js') };
  const django = findDjango();
  const distill: Candidate[] =
    django === undefined
      ? []
      : [
          {
            name: `as django-distill does it, Django ${django.version}`,
            measure: pagesPerSecond('export-distill.py', 1),
          },
          {
            name: `the same with ${CONCURRENCY} threads`,
            measure: pagesPerSecond('export-distill.py'),
          },
        ];
  const asked = { atLeast: 1 };
  const tables = [];
  for (const peer of [hono, ...distill]) {
    const comparison = await alternate(peer, [{ ...site, asked }], rounds, context.progress);
    tables.push({
      title: `against ${peer.name}`,
      unit: 'pages/s' as const,
      rows: comparisonRows(comparison),
    });
  }
  return {
    name: 'site-export',
    title: `${PAGES} pages of 8 KB into an empty folder of the same disk, ${CONCURRENCY} at a time, ${rounds} rounds`,
    versions: { ...versionsOf(['express', 'hono']), ...(django && { django: django.version }) },
    tables,
    notes: [
      'Each export is a process of its own, timed inside from its start to its end: imports are not in it.',
      'static-url also checks the links and ids of all pages, and lands them by renames.',
      ...(django === undefined ? ['Left out: Django, as python3-django is not installed.'] : []),
    ],
  };
}
