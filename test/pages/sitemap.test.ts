import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { parseSitemap } from '../../src/pages/sitemap.ts';
import type { Resource, PublishOptions } from '../../src/pages.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { startPages, type PagesApp } from './pages-app.ts';

const XML = 'http://www.sitemaps.org/schemas/sitemap/0.9';
const urlset = (...urls: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="${XML}">${urls.map((url) => `<url><loc>${url}</loc></url>`).join('\n')}</urlset>`;
const index = (...urls: readonly string[]): string =>
  `<sitemapindex xmlns="${XML}">${urls.map((url) => `<sitemap><loc>${url}</loc></sitemap>`).join('')}</sitemapindex>`;

test('parseSitemap() reads pages, entities, CDATA, and of images and other languages nothing', (t) => {
  const text = `<?xml version="1.0"?>
    <urlset xmlns="${XML}" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">
      <!-- <url><loc>https://example.com/comment</loc></url> -->
      <url><loc>
        https://example.com/a?b=1&amp;c=%C3%A9
      </loc><lastmod>2026-01-01</lastmod><image:image><image:loc>https://example.com/a.png</image:loc></image:image></url>
      <url><xhtml:link rel="alternate" hreflang="de" href="https://example.com/de"/><loc><![CDATA[https://example.com/b]]></loc></url>
    </urlset>`;
  t.deepEqual(parseSitemap(text), {
    pages: ['https://example.com/a?b=1&c=%C3%A9', 'https://example.com/b'],
    sitemaps: [],
  });
});

test('parseSitemap() reads an index of sitemaps, and plain text', (t) => {
  t.deepEqual(parseSitemap(index('https://example.com/1.xml', 'https://example.com/2.xml')), {
    pages: [],
    sitemaps: ['https://example.com/1.xml', 'https://example.com/2.xml'],
  });
  t.deepEqual(parseSitemap('\uFEFFhttps://example.com/a\r\n\nhttps://example.com/b\n'), {
    pages: ['https://example.com/a', 'https://example.com/b'],
    sitemaps: [],
  });
  t.deepEqual(parseSitemap(''), { pages: [], sitemaps: [] });
  t.deepEqual(parseSitemap(`\uFEFF${urlset('https://example.com/a')}`).pages, ['https://example.com/a']);
});

interface Mapped extends PagesApp {
  /** The sitemaps that the app serves, by path. */
  readonly sitemaps: Map<string, string>;
  /** What is stored when this has been published. */
  readonly publish: (...given: (Resource | PublishOptions)[]) => Promise<string[]>;
}

async function startMapped(t: ExecutionContext): Promise<Mapped> {
  const sitemaps = new Map<string, string>();
  const site: PagesApp = await startPages(
    t,
    (app) => {
      app.use(({ path }, response) => {
        const sitemap = sitemaps.get(path);
        if (sitemap !== undefined) response.type('xml').send(sitemap);
        else if (path.endsWith('.xml')) response.sendStatus(404);
        else response.send(path);
      });
    },
    { app: () => site.app, urls: [/^\/[^.]*$/] },
  );
  const publish: Mapped['publish'] = async (...given) => {
    await site.pages.publish(...given);
    const stored: string[] = [];
    for await (const { target } of site.pages.list()) stored.push(target);
    return stored.toSorted();
  };
  return { ...site, sitemaps, publish };
}

test('publish() takes the sitemap that the app serves, by path, by URL, and beside other resources', async (t) => {
  const { url, sitemaps, publish, pages } = await startMapped(t);
  sitemaps.set('/sitemap.xml', urlset(`${url}/a`, `${url}/b`));
  t.deepEqual(await publish({ sitemap: '/sitemap.xml' }), ['/a', '/b']);
  await pages.clear();
  t.deepEqual(await publish('/c', '/a', { sitemap: new URL(`${url}/sitemap.xml`) }), ['/a', '/b', '/c']);
});

test('publish() follows an index of sitemaps, also one that names itself', async (t) => {
  const { url, sitemaps, publish } = await startMapped(t);
  sitemaps.set('/sitemap.xml', index(`${url}/1.xml`, `${url}/2.xml`, `${url}/sitemap.xml`));
  sitemaps.set('/1.xml', urlset(`${url}/a`));
  sitemaps.set('/2.xml', index(`${url}/3.xml`, `${url}/1.xml`));
  sitemaps.set('/3.xml', urlset(`${url}/b`));
  t.deepEqual(await publish({ sitemap: `${url}/sitemap.xml` }), ['/a', '/b']);
});

test('publish() takes a sitemap from a file, by a relative path and by a file: URL, of XML and of plain text', async (t) => {
  const { url, publish, pages } = await startMapped(t);
  const folder = await temporaryFolder(t, { 'map.xml': urlset(`${url}/a`), 'map.txt': `${url}/b\n/c\n` });
  t.deepEqual(await publish({ sitemap: relative(process.cwd(), join(folder, 'map.xml')) }), ['/a']);
  await pages.clear();
  t.deepEqual(await publish({ sitemap: pathToFileURL(join(folder, 'map.txt')) }), ['/b', '/c']);
  t.deepEqual(await publish({ sitemap: pathToFileURL(join(folder, 'map.xml')).href }), ['/a', '/b', '/c']);
  await t.throwsAsync(publish({ sitemap: './missing.xml' }), { code: 'ENOENT' });
});

test('publish() takes a sitemap that is longer than a page may be', async (t) => {
  const site: PagesApp = await startPages(
    t,
    (app) => {
      app.get('/sitemap.xml', (_request, response) =>
        response.type('xml').send(urlset('/a', `/${'b'.repeat(2000)}`)),
      );
      app.get('/a', (_request, response) => response.send('a'));
    },
    { app: () => site.app, maxPageBytes: 1000 },
  );
  const { results } = await site.pages.publish({ sitemap: '/sitemap.xml' });
  t.deepEqual(results.map(({ result, code = '' }) => `${result} ${code}`).toSorted(), [
    'kept PATH',
    'published ',
  ]);
});

test('publish() names pages of a sitemap that are of no site, and rejects where a sitemap cannot be had', async (t) => {
  const { url, sitemaps, pages, asked } = await startMapped(t);
  sitemaps.set('/sitemap.xml', urlset('https://elsewhere.example/a', `${url}/a`));
  const { results } = await pages.publish({ sitemap: '/sitemap.xml' });
  t.deepEqual(
    results.map((each) => [each.url, each.code]),
    [
      ['https://elsewhere.example/a', 'SITE'],
      [`${url}/a`, undefined],
    ],
  );
  await t.throwsAsync(pages.publish({ sitemap: '/none.xml' }), {
    instanceOf: TypeError,
    message: /none\.xml.* 404/,
  });
  asked.length = 0;
  await t.throwsAsync(pages.publish({ sitemap: 'https://elsewhere.example/sitemap.xml' }), {
    instanceOf: TypeError,
    message: /elsewhere\.example/,
  });
  t.deepEqual(asked, [], 'the app is asked for its own sitemaps alone');
});
