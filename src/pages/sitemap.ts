import { readFile } from 'node:fs/promises';
import { Parser } from 'htmlparser2';

/** How long a sitemap may be (sitemaps.org 0.9). */
export const MOST_SITEMAP_BYTES: number = 50 * 1024 * 1024;

/** What a sitemap names. */
export interface Sitemap {
  /** The URLs of pages. */
  readonly pages: readonly string[];
  /** The URLs of further sitemaps, where it is an index of them. */
  readonly sitemaps: readonly string[];
}

/** Reads a sitemap, or an index of sitemaps; one of plain text has a URL on each line. */
export function parseSitemap(text: string): Sitemap {
  if (!text.trimStart().startsWith('<'))
    return { pages: text.split(/\s+/).filter((line) => line !== ''), sitemaps: [] };
  const found = { url: [] as string[], sitemap: [] as string[] };
  const open: string[] = [];
  let location = '';
  const parser = new Parser(
    {
      onopentag: (name) => {
        open.push(name);
        location = '';
      },
      ontext: (piece) => (location += piece),
      onclosetag: (name) => {
        open.pop();
        const parent = open.at(-1);
        if (name === 'loc' && (parent === 'url' || parent === 'sitemap')) found[parent].push(location.trim());
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(text);
  return { pages: found.url, sitemaps: found.sitemap };
}

/** Whether a sitemap is named by a URL or a path of the site, not by a file. */
function isOfSite(sitemap: string | URL): boolean {
  return /^(?:https?:|\/)/.test(String(sitemap));
}

/** An index may name sitemaps that name sitemaps, or itself. */
const MOST_SITEMAPS = 1000;

/**
 * All pages of a sitemap and of those that it names.
 *
 * @param ask - gives the text of a sitemap of the site
 */
export async function* pagesOfSitemap(
  sitemap: string | URL,
  ask: (url: string) => Promise<string>,
): AsyncGenerator<string> {
  const known = new Set<string | URL>([sitemap]);
  for (const each of known) {
    const { pages, sitemaps } = parseSitemap(
      isOfSite(each) ? await ask(String(each)) : await readFile(fileOf(each), 'utf8'),
    );
    yield* pages;
    for (const further of sitemaps) if (known.size < MOST_SITEMAPS) known.add(further);
  }
}

function fileOf(sitemap: string | URL): string | URL {
  return String(sitemap).startsWith('file:') ? new URL(sitemap) : sitemap;
}
