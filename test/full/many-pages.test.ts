import test from 'ava';
import { runForValue } from '../helpers/run-node.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** What the process of an export found out. */
interface Found {
  readonly count: number;
  readonly rendered: number[];
  readonly written: number[];
  readonly sitemaps: string[];
  /** The most memory in each export, in bytes: a benchmark holds its limit. */
  readonly most: readonly number[];
  readonly refused: string;
}

test('50,001 pages are exported with a sitemap of two parts, and told where "maxPages" is less', async (t) => {
  t.timeout(1_800_000);
  const folder = await temporaryFolder(t);
  const found = await runForValue<Found>(`
    const { createSite, route } = await import(${JSON.stringify(new URL('../../src/site/index.ts', import.meta.url).href)});
    const { readdirSync } = await import('node:fs');
    const text = '<!doctype html><title>page</title><a href="/page/0">first</a>' + '<p>text</p>'.repeat(50);
    const open = (options) => createSite({
      app: (request, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.end(text + request.url);
      },
      origin: 'https://www.example.com',
      out: ${JSON.stringify(`${folder}/site`)},
      sitemap: true,
      deadlineSeconds: 1800,
      routes: [route('/page/:number', {
        async *params() { for (let number = 0; number < 50_001; number += 1) yield number; },
        lastModified: () => '2026-01-01',
      })],
      ...options,
    });
    const most = [];
    const look = () => { most[reports.length] = Math.max(most[reports.length] ?? 0, process.memoryUsage.rss()); };
    const reports = [];
    reports.push(await open().export({ onProgress: look }));
    const refused = await open({ maxPages: 50_000 }).export().then(() => 'exported', (error) => error.code);
    const site = ${JSON.stringify(`${folder}/site`)};
    console.log(JSON.stringify({
      count: readdirSync(site + '/page').length,
      rendered: reports.map(({ pages }) => pages.rendered),
      written: reports.map(({ files }) => files.written),
      sitemaps: readdirSync(site).filter((name) => name.startsWith('sitemap')).toSorted(),
      most,
      refused,
    }));`);
  t.log(`${found.most.map((bytes) => Math.round(bytes / 1024 / 1024)).join(', ')} MB`);
  t.like(found, {
    count: 50_001,
    rendered: [50_001],
    written: [50_004],
    sitemaps: ['sitemap-1.xml', 'sitemap-2.xml', 'sitemap.xml'],
    refused: 'SITE_URLS',
  });
});
