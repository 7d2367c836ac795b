import test from 'ava';
import { robotsText, sitemapFiles } from '../../../src/site/files/sitemap.ts';

/** As many pages as are asked for. */
function pages(count: number): { url: string; lastModified: undefined }[] {
  return Array.from({ length: count }, (_, index) => ({
    url: `https://www.example.com/${index}`,
    lastModified: undefined,
  }));
}

const urlOfFile = (file: string): string => `https://www.example.com/${file}`;

test('sitemapFiles() gives one file for 50,000 pages', (t) => {
  const [file, ...others] = sitemapFiles(pages(50_000), 'sitemap.xml', urlOfFile);
  t.is(file?.name, 'sitemap.xml');
  t.is(file?.text.match(/<url>/g)?.length, 50_000);
  t.deepEqual(others, []);
});

test('sitemapFiles() gives an index and its parts past 50,000 pages', (t) => {
  const files = sitemapFiles(pages(50_001), 'maps/all.xml', urlOfFile);
  t.deepEqual(
    files.map(({ name, text }) => [name, text.match(/<url>/g)?.length ?? 0]),
    [
      ['maps/all-1.xml', 50_000],
      ['maps/all-2.xml', 1],
      ['maps/all.xml', 0],
    ],
  );
  t.is(
    files[2]?.text,
    `<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <sitemap><loc>https://www.example.com/maps/all-1.xml</loc></sitemap>
  <sitemap><loc>https://www.example.com/maps/all-2.xml</loc></sitemap>
</sitemapindex>
`,
  );
});

test('robotsText() names the sitemap where there is one', (t) => {
  t.is(robotsText(undefined), 'User-agent: *\nAllow: /\n');
  t.is(
    robotsText('https://www.example.com/sitemap.xml'),
    'User-agent: *\nAllow: /\n\nSitemap: https://www.example.com/sitemap.xml\n',
  );
});
