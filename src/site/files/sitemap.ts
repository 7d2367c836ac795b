/** The most URLs that one sitemap may have (sitemaps.org 0.9). */
const MOST_URLS = 50_000;

/** A page as a sitemap has it. */
export interface SitemapPage {
  readonly url: string;
  readonly lastModified: Date | undefined;
}

/** A file that the export makes itself. */
export interface MadeFile {
  /** Relative to the site's folder. */
  readonly name: string;
  readonly text: string;
  /** Of a page that stands for a redirect. */
  readonly redirect?: { readonly to: string; readonly status: number };
}

/**
 * The sitemap of some pages: one file, or past 50,000 pages an index and its parts.
 *
 * @param name - of the file: `sitemap.xml`
 * @param urlOfFile - the URL of a file of the site
 */
export function sitemapFiles(
  pages: readonly SitemapPage[],
  name: string,
  urlOfFile: (file: string) => string,
): MadeFile[] {
  if (pages.length <= MOST_URLS) return [{ name, text: urlSet(pages) }];
  const extension = /\.[^./]+$/.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - extension.length);
  const parts: MadeFile[] = [];
  for (let start = 0; start < pages.length; start += MOST_URLS)
    parts.push({
      name: `${stem}-${parts.length + 1}${extension}`,
      text: urlSet(pages.slice(start, start + MOST_URLS)),
    });
  const entries = parts.map((part) => `  <sitemap><loc>${escaped(urlOfFile(part.name))}</loc></sitemap>\n`);
  return [...parts, { name, text: document('sitemapindex', entries) }];
}

function urlSet(pages: readonly SitemapPage[]): string {
  return document(
    'urlset',
    pages.map(({ url, lastModified }) => {
      const modified = lastModified === undefined ? '' : `<lastmod>${lastModified.toISOString()}</lastmod>`;
      return `  <url><loc>${escaped(url)}</loc>${modified}</url>\n`;
    }),
  );
}

function document(element: string, entries: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${element} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join('')}</${element}>\n`;
}

function escaped(url: string): string {
  return url
    .replaceAll('&', '&amp;')
    .replaceAll("'", '&apos;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** `robots.txt` (RFC 9309) that allows all. */
export function robotsText(sitemapUrl: string | undefined): string {
  const sitemap = sitemapUrl === undefined ? '' : `\nSitemap: ${sitemapUrl}\n`;
  return `User-agent: *\nAllow: /\n${sitemap}`;
}
