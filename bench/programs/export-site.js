// Exports an Express app by static-url: node export-site.js <order>. Prints what it took.
import { createSite, route } from 'static-url/site';
import { readPages } from './site-pages.js';

const [text] = process.argv.slice(2);
process.env.BENCH_SITE = text;
const order = JSON.parse(text);
const { slugs } = readPages(order);
const appModule = new URL('site-app.js', import.meta.url);
const { default: app } = await import(appModule);

const start = performance.now();
const site = createSite({
  app,
  appModule,
  routes: [
    route('/notes/:slug', {
      params: slugs,
      ...(order.dated && { lastModified: () => '2026-10-01' }),
    }),
  ],
  out: order.out,
  origin: 'https://www.example.com',
  trailingSlash: 'always',
  concurrency: order.concurrency,
  parallel: order.parallel ?? 0,
});
const { pages } = await site.export();
await site.close();
const milliseconds = performance.now() - start;
if (pages.count !== order.pages) throw new Error(`${pages.count} pages are in the site.`);
console.log(
  JSON.stringify({
    milliseconds,
    rendered: pages.rendered,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
