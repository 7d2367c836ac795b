import type { XXHashAPI } from 'xxhash-wasm';
import { hexadecimal } from '../../core/hash.ts';
import { pathOfUrl, redirectPages, type ResolvedRedirect } from '../files/redirect-pages.ts';
import { robotsText, sitemapFiles, type MadeFile, type SitemapPage } from '../files/sitemap.ts';
import { hostFiles } from '../hosting/index.ts';
import type { Phase, SiteFolder } from '../landing/index.ts';
import { writeStaged } from '../rendering/page-writer.ts';
import type { ResolvedSite } from '../resolve-site.ts';
import { pathOfName, urlOf, type SitePlace } from '../routes/site-place.ts';
import type { PlannedSite } from './planned-site.ts';

/** Puts the files into the plan that no app renders: redirects, the sitemap, `robots.txt`. */
export class FileMaker {
  readonly #site: ResolvedSite;
  readonly #folder: SiteFolder;
  readonly #plan: PlannedSite;
  readonly #hashes: XXHashAPI;

  constructor(site: ResolvedSite, folder: SiteFolder, plan: PlannedSite, hashes: XXHashAPI) {
    this.#site = site;
    this.#folder = folder;
    this.#plan = plan;
    this.#hashes = hashes;
  }

  /** Where hosts redirect themselves, no page stands in their way: Netlify would serve it instead. */
  addRedirects(redirects: readonly ResolvedRedirect[]): void {
    for (const file of redirectPages(redirects)) {
      const owner = `the redirect ${file.name}`;
      if (this.#site.hostFiles) this.#plan.reserve(file.name, owner);
      else this.add(file, 'page', owner);
    }
  }

  /**
   * Once all other files are there.
   *
   * @param assetsFolder - where assets are in the site: `static/`
   */
  addHostFiles(redirects: readonly ResolvedRedirect[], assetsFolder: string | undefined): void {
    const { place, headers } = this.#site;
    const pages = [...this.#plan.files.values()].flatMap(({ name, record: { page } }) =>
      page === undefined ? [] : [{ path: pathOfPage(page.url, place), file: name, headers: page.headers }],
    );
    const { files, problems } = hostFiles({
      headers,
      pages,
      files: this.#plan.files.keys(),
      ...(assetsFolder !== undefined && { assetPath: `/${assetsFolder}` }),
      redirects: redirects.map(({ from, to, toPath, status }) => ({ from, to: toPath ?? to, status })),
      origin: urlOf(place, '/'),
    });
    for (const problem of problems) this.#plan.findings.push({ kind: 'HOST_FILES', ...problem });
    for (const [name, text] of files) this.add({ name, text }, 'file', 'the option "hostFiles"');
  }

  /** Once all pages are there. */
  addSitemap(): void {
    const name = sitemapName(this.#site);
    if (name === undefined) return;
    const pages: SitemapPage[] = [];
    for (const { record } of this.#plan.files.values()) {
      const { page } = record;
      if (page?.inSitemap !== true) continue;
      const { url, lastModified } = page;
      pages.push({ url, lastModified: lastModified === undefined ? undefined : new Date(lastModified) });
    }
    pages.sort((one, other) => (one.url < other.url ? -1 : 1));
    for (const file of sitemapFiles(pages, name, (each) => this.#urlOfFile(each)))
      this.add(file, 'entry', 'the sitemap');
  }

  addRobots(): void {
    const { robots } = this.#site;
    if (robots === false) return;
    const sitemap = sitemapName(this.#site);
    const text =
      robots === true
        ? robotsText(sitemap === undefined ? undefined : this.#urlOfFile(sitemap))
        : `${robots.trimEnd()}\n`;
    this.add({ name: 'robots.txt', text }, 'entry', 'the option "robots"');
  }

  add({ name, text, redirect }: MadeFile, phase: Phase, owner: string): void {
    if (!this.#plan.reserve(name, owner)) return;
    const bytes = Buffer.from(text);
    const digest = hexadecimal(this.#hashes.h64Raw(bytes));
    const said = redirect === undefined ? undefined : { redirect };
    const before = this.#folder.previous.get(name);
    if (before?.digest === digest && this.#folder.isAsWritten(name)) {
      const { size, mtimeMs } = before;
      this.#plan.add({ name, record: { phase, digest, size, mtimeMs, ...said }, staged: undefined });
      return;
    }
    const staged = this.#folder.stagedPath(name);
    const mtimeMs = writeStaged(staged, bytes);
    this.#plan.add({ name, record: { phase, digest, size: bytes.length, mtimeMs, ...said }, staged });
  }

  #urlOfFile(file: string): string {
    return urlOf(this.#site.place, pathOfName(file));
  }
}

function sitemapName({ sitemap }: ResolvedSite): string | undefined {
  if (sitemap === false) return undefined;
  return sitemap === true ? 'sitemap.xml' : sitemap.replace(/^\//, '');
}

/** Its path in the site. */
function pathOfPage(url: string, place: SitePlace): string {
  return pathOfUrl(url, place) ?? '/';
}
