import { readFile } from 'node:fs/promises';
import { Parser } from 'htmlparser2';
import { quote } from '../core/text.ts';
import type { App } from '../render/index.ts';
import type { PageMaker } from './page-render.ts';

/** How long a sitemap may be (sitemaps.org 0.9). */
const MOST_SITEMAP_BYTES = 50 * 1024 * 1024;

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

/**
 * The text of a sitemap that the app serves.
 *
 * @throws TypeError for one of no site, and where the app has none
 */
export async function askForSitemap(
  url: string,
  app: App,
  maker: PageMaker,
  sites: readonly string[],
): Promise<string> {
  const { href, origin, pathname, search } = new URL(url, sites[0]);
  if (!sites.includes(origin))
    throw new TypeError(
      `The sitemap ${quote(href)} is on none of the sites. Download it, and pass the file.`,
    );
  const key = { site: origin, target: pathname + search };
  const { head, body } = await maker.ask(app, key, {}, MOST_SITEMAP_BYTES);
  if (head.status === 200) return body.toString();
  throw new TypeError(`Cannot read the sitemap ${quote(href)}: the app answers ${head.status}.`);
}
