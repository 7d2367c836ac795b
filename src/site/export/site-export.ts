import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type XXHashAPI } from 'xxhash-wasm';
import { StaticUrlError } from '../../core/errors.ts';
import { countText, quote } from '../../core/text.ts';
import { pruneReleases } from '../../releases/index.ts';
import { sourcesOf } from '../../serve/index.ts';
import { checkSite, type TargetTable } from '../checks/index.ts';
import { pathOfRedirect, resolveRedirects, type ResolvedRedirect } from '../files/redirect-pages.ts';
import { type SiteFolder } from '../landing/index.ts';
import type { SiteAssets } from '../options.ts';
import type { ExportOptions, ExportProgress } from './options.ts';
import { type SiteRendering } from '../rendering/open-rendering.ts';
import type { ResolvedSite } from '../resolve-site.ts';
import { listPages } from '../routes/list-pages.ts';
import type { PageOrder } from '../routes/page-order.ts';
import { urlOf, urlOfFile } from '../routes/site-place.ts';
import { SiteCheckError, type ExportReport, type SiteFinding } from '../site.ts';
import { Compressor } from './compress-files.ts';
import { dependsOn } from './export-settings.ts';
import { FileMaker } from './made-files.ts';
import { PageExport, type PagesDone } from './render-pages.ts';
import { PlannedSite } from './planned-site.ts';
import { stageCopies } from './stage-copies.ts';
import { assetsFolderOf, listAssets, listCopies, type StaticFile } from './static-files.ts';

/** Where the pages of an export come from. */
export interface PageSource {
  readonly rendering: SiteRendering;
  readonly targets: TargetTable;
  /** Whether pages of the last export may be kept. */
  readonly keepsUnchanged: boolean;
}

/** One export. */
export class SiteExport {
  readonly #site: ResolvedSite;
  readonly #folder: SiteFolder;
  readonly #rendering: SiteRendering;
  readonly #targets: TargetTable;
  readonly #keepsUnchanged: boolean;
  readonly #assets: SiteAssets | undefined;
  readonly #options: ExportOptions;
  readonly #hashes: XXHashAPI;
  readonly #plan: PlannedSite;
  readonly #began = performance.now();
  readonly #maker: FileMaker;

  constructor(
    site: ResolvedSite,
    folder: SiteFolder,
    { rendering, targets, keepsUnchanged }: PageSource,
    assets: SiteAssets | undefined,
    options: ExportOptions,
    hashes: XXHashAPI,
  ) {
    this.#site = site;
    this.#folder = folder;
    this.#rendering = rendering;
    this.#targets = targets;
    this.#keepsUnchanged = keepsUnchanged;
    this.#assets = assets;
    this.#options = options;
    this.#hashes = hashes;
    this.#plan = new PlannedSite(folder.staging, (file) => urlOfFile(site.place, file));
    this.#maker = new FileMaker(site, folder, this.#plan, hashes);
  }

  async run(): Promise<ExportReport> {
    const orders = await this.#listPages();
    const given = resolveRedirects(this.#site.redirects, this.#site.place);
    this.#maker.addRedirects(given);
    this.#maker.addRobots();
    const copies = await this.#listStatic();
    // Before a long run rather than after it.
    await this.#askForForeign();
    const done = await new PageExport({
      site: this.#site,
      folder: this.#folder,
      rendering: this.#rendering,
      plan: this.#plan,
      targets: this.#targets,
      keepsUnchanged: this.#keepsUnchanged,
      checkDeterminism: this.#options.checkDeterminism === true,
      onProgress: (count, total) => this.#tell('rendering', count, total),
    }).render(orders);
    const redirects = resolveRedirects([...this.#site.redirects, ...done.redirects], this.#site.place);
    this.#maker.addRedirects(redirects.slice(given.length));
    this.#maker.addSitemap();
    await this.#stage(copies);
    if (this.#site.hostFiles) this.#maker.addHostFiles(redirects, this.#assetsFolder);
    const findings = await this.#check(redirects, done.redirectingRoutes);
    const landed = await this.#folder.land(this.#plan.files, {
      settings: JSON.stringify({
        depends: dependsOn(this.#site, this.#assets),
        targets: this.#targets.all(),
      }),
      onProgress: (count: number, total: number) => this.#tell('landing', count, total),
    });
    await this.#pruneOwnReleases();
    return this.#report(done, redirects, findings, landed);
  }

  async #listPages(): Promise<PageOrder[]> {
    const orders: PageOrder[] = [];
    for await (const order of listPages(this.#site)) {
      if (this.#plan.reserve(order.file, this.#ownerOf(order))) orders.push(order);
      if (orders.length % 1000 === 0) this.#tell('listing URLs', orders.length, 0);
    }
    if (orders.length === 0)
      throw new StaticUrlError(
        'SITE_URLS',
        'The routes give no page: an empty site would take the place of the one before. Is a list of parameters empty that should not be?',
      );
    return orders;
  }

  /** The URL of a page whose file its route names, by the pattern: two of them may have one file. */
  #ownerOf({ file, url, target }: PageOrder): string | undefined {
    const asked = urlOf(this.#site.place, target);
    const isNamed =
      url !== urlOfFile(this.#site.place, file) || asked.replace(/\/$/, '') !== url.replace(/\/$/, '');
    return isNamed ? asked : undefined;
  }

  /** Keeps the places of assets and copied files. */
  async #listStatic(): Promise<StaticFile[]> {
    if (this.#options.excludeStatic === true) {
      this.#keepStatic();
      return [];
    }
    const files = listCopies(this.#site);
    const assets = this.#assets;
    const folder = this.#assetsFolder;
    if (assets !== undefined && folder !== undefined)
      files.push(...(await listAssets(assets, folder, this.#site, this.#folder.releases)));
    return files.filter(({ name, source }) => this.#plan.reserve(name, source));
  }

  /** Where assets are in the site: `static/`. */
  get #assetsFolder(): string | undefined {
    return this.#assets === undefined ? undefined : assetsFolderOf(this.#assets, this.#site);
  }

  /** What was copied before stays as it is. */
  #keepStatic(): void {
    for (const [name, record] of this.#folder.previous)
      if (record.source !== undefined && this.#folder.isAsWritten(name))
        this.#plan.place({ name, record, staged: undefined }, 'an earlier export');
  }

  /** Releases of a site are kept as those of a server are. */
  async #pruneOwnReleases(): Promise<void> {
    const sources = this.#assets === undefined ? undefined : sourcesOf(this.#assets);
    if (sources === undefined || sources.releases !== undefined || this.#options.excludeStatic === true)
      return;
    await pruneReleases({ releases: this.#folder.releases });
  }

  async #stage(copies: readonly StaticFile[]): Promise<void> {
    let done = 0;
    await stageCopies(copies, this.#folder, this.#plan, this.#hashes, () =>
      this.#tell('copying', (done += 1), copies.length),
    );
    if (this.#site.compress)
      await new Compressor(this.#folder, this.#plan, this.#hashes).compress((count, total) =>
        this.#tell('compressing', count, total),
      );
  }

  async #check(
    redirects: readonly ResolvedRedirect[],
    redirectingRoutes: ReadonlySet<string>,
  ): Promise<SiteFinding[]> {
    this.#tell('checking', 0, 0);
    const { files } = this.#plan;
    const { place, base, headers, isExcluded } = this.#site;
    const found = await checkSite({
      base,
      targets: this.#targets,
      has: (file: string) => files.has(file),
      files: () => files.keys(),
      *pages() {
        for (const [file, { record }] of files)
          if (record.page !== undefined) yield { file, record: record.page };
      },
      redirects: new Map(redirects.map((each) => [pathOfRedirect(each, place), each.to])),
      readText: async (file: string) =>
        readFile(files.get(file)?.staged ?? join(this.#folder.out, file), 'utf8'),
      entryFiles: this.#entryFiles(),
      appRoutes: this.#rendering
        .appRoutes()
        .filter((label) => !redirectingRoutes.has(label) && !isExcluded(label)),
      declaredHeaders: headers,
    });
    const findings = [...this.#plan.findings, ...found].filter(
      ({ kind }) =>
        !(kind === 'ASSET_BROKEN' && this.#options.excludeStatic === true) &&
        // With files for hosts they are not lost.
        !(kind === 'HEADER_LOST' && this.#site.hostFiles),
    );
    if (this.#site.strict && findings.some(({ severity }) => severity === 'error'))
      throw new SiteCheckError(findings);
    return findings;
  }

  /** Pages that nobody links to, and rightly so. */
  #entryFiles(): string[] {
    return [...this.#plan.files.values()]
      .filter(
        ({ record }) => record.phase === 'entry' || (record.page !== undefined && record.page.status !== 200),
      )
      .map(({ name }) => name);
  }

  /** @throws {@link StaticUrlError} `SITE_OUT_REFUSED` */
  async #askForForeign(): Promise<void> {
    const { force = false, confirmDelete } = this.#options;
    // Also what is not asked about: the folder deletes what it has been asked for.
    const files = await this.#folder.foreignFiles();
    if (force || files.length === 0) return;
    if ((await confirmDelete?.(files)) === true) return;
    const { out } = this.#folder;
    const shown = files.slice(0, 10).map((file) => `\n  ${quote(file)}`);
    throw new StaticUrlError(
      'SITE_OUT_REFUSED',
      `${countText(files.length, 'file')} in ${quote(out)} ${files.length === 1 ? 'is' : 'are'} not the site's, and would be deleted or replaced. To keep what is yours, move it away or name it in "keep". To delete it all, use "force" (--force). ${files.length > 10 ? 'The first ten' : 'Found'}:${shown.join('')}`,
    );
  }

  #tell(stage: ExportProgress['stage'], done: number, total: number): void {
    this.#options.onProgress?.({ stage, done, total });
  }

  #report(
    { rendered }: PagesDone,
    redirects: readonly ResolvedRedirect[],
    findings: readonly SiteFinding[],
    landed: { readonly written: number; readonly deleted: number },
  ): ExportReport {
    let [pages, bytes] = [0, 0];
    for (const { record } of this.#plan.files.values()) {
      bytes += record.size;
      if (record.page !== undefined) pages += 1;
    }
    return {
      out: this.#folder.out,
      pages: { count: pages, rendered },
      redirects: redirects.length,
      files: { count: this.#plan.files.size, bytes, ...landed },
      findings,
      seconds: (performance.now() - this.#began) / 1000,
    };
  }
}
