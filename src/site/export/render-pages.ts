import { StaticUrlError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { countText, quote } from '../../core/text.ts';
import { internalPages, type TargetTable } from '../checks/index.ts';
import type { FileRecord, PageRecord, SiteFolder } from '../landing/index.ts';
import type { PageTask, RenderedPage, RenderedRedirect } from '../rendering/page-task.ts';
import type { SiteRendering } from '../rendering/open-rendering.ts';
import type { ResolvedSite } from '../resolve-site.ts';
import { followedPage, type PageOrder } from '../routes/page-order.ts';
import type { SiteRedirect } from '../hosting/redirects.ts';
import { otherForm, redirectOf } from './app-redirects.ts';
import { PageFailures } from './page-failures.ts';
import type { PlannedSite } from './planned-site.ts';

/** What rendering needs, and where it puts what comes of it. */
export interface PagesWork {
  readonly site: ResolvedSite;
  readonly folder: SiteFolder;
  readonly rendering: SiteRendering;
  readonly plan: PlannedSite;
  readonly targets: TargetTable;
  /** Whether pages may be kept that have not changed. */
  readonly keepsUnchanged: boolean;
  readonly checkDeterminism: boolean;
  readonly onProgress: (done: number, total: number) => void;
}

/** What came of rendering. */
export interface PagesDone {
  readonly rendered: number;
  /** Redirects that the app answered with, as the site has them. */
  readonly redirects: readonly SiteRedirect[];
  /** The routes of the app that answered with them. */
  readonly redirectingRoutes: ReadonlySet<string>;
}

/** Renders pages, and those that they link to where links are followed. */
export class PageExport {
  readonly #work: PagesWork;
  readonly #failures = new PageFailures();
  readonly #redirects: SiteRedirect[] = [];
  readonly #redirectingRoutes = new Set<string>();
  /** Files that would be those of pages which are redirects, or nothing: links to them are not followed again. */
  readonly #pagelessFiles = new Set<string>();
  /** Pages with which the app sets a cookie. */
  readonly #cookies: PageOrder[] = [];
  #rendered = 0;
  #done = 0;
  #total = 0;

  constructor(work: PagesWork) {
    this.#work = work;
  }

  /**
   * @param orders - emptied: 100,000 of them and what came of them would be in memory at a time
   * @throws {@link StaticUrlError} `SITE_PAGE_FAILED` with all that failed
   */
  async render(orders: PageOrder[]): Promise<PagesDone> {
    const { rendering, onProgress } = this.#work;
    for (let batch = orders; batch.length > 0;) {
      this.#total += batch.length;
      const found: PageOrder[] = [];
      await inParallel(
        takenOut(batch),
        async (order) => {
          if (this.#failures.areMany) return;
          const record = this.#unchanged(order) ?? (await this.#render(order));
          if (record !== undefined) found.push(...this.#follow(record));
          onProgress((this.#done += 1), this.#total);
        },
        rendering.capacity,
      );
      batch = found;
    }
    this.#failures.throwAll();
    this.#tellCookies();
    return {
      rendered: this.#rendered,
      redirects: this.#redirects,
      redirectingRoutes: this.#redirectingRoutes,
    };
  }

  /** Keeps the page that stands in the site, where nothing of it can have changed. */
  #unchanged({ file, url, changeKey }: PageOrder): PageRecord | undefined {
    const { folder, plan, keepsUnchanged, checkDeterminism } = this.#work;
    const before = folder.previous.get(file);
    if (!keepsUnchanged || checkDeterminism || changeKey === undefined || before?.page === undefined)
      return undefined;
    const isSame = before.page.changeKey === changeKey && before.page.url === url;
    if (!isSame || !folder.isAsWritten(file)) return undefined;
    plan.add({ name: file, record: before, staged: undefined });
    return before.page;
  }

  async #render(order: PageOrder): Promise<PageRecord | undefined> {
    const { folder, rendering } = this.#work;
    const before = folder.previous.get(order.file);
    const staged = folder.stagedPath(order.file);
    const known = before !== undefined && folder.isAsWritten(order.file) ? before : undefined;
    let outcome = await rendering.render(this.#taskOf(order, staged, known), this.#isWanted);
    const target =
      outcome.kind === 'redirect' ? otherForm(order.target, outcome, this.#work.site) : undefined;
    if (target !== undefined)
      outcome = await rendering.render(this.#taskOf(order, staged, known, target), this.#isWanted);
    this.#rendered += 1;
    if (outcome.kind === 'page') return this.#addPage(order, outcome, staged, known);
    if (outcome.kind === 'redirect') this.#addRedirect(order, outcome);
    else if (!order.isFollowed || outcome.status === undefined || outcome.status >= 500)
      this.#failures.add(order, outcome);
    else this.#release(order);
    return undefined;
  }

  /** With so many failures the run is lost: pages whose turn has not come are not asked for. */
  readonly #isWanted = (): boolean => !this.#failures.areMany;

  #taskOf(
    order: PageOrder,
    staged: string,
    known: FileRecord | undefined,
    target: string = order.target,
  ): PageTask {
    const { site, checkDeterminism } = this.#work;
    return {
      target: site.place.basePath.slice(0, -1) + target,
      url: order.url,
      language: order.language,
      statusCodes: order.statusCodes,
      staged,
      known: known?.digest,
      isCompared: checkDeterminism,
    };
  }

  #addPage(
    order: PageOrder,
    outcome: RenderedPage,
    staged: string,
    known: FileRecord | undefined,
  ): PageRecord {
    const { plan } = this.#work;
    const { digest, size, mtimeMs } = outcome;
    if (outcome.difference !== undefined)
      plan.findings.push({
        kind: 'NOT_DETERMINISTIC',
        severity: 'warning',
        file: order.file,
        message: `Two renders of ${quote(order.url)} differ: ${outcome.difference}. Take out of the page what is another one each time, so that equal pages are not uploaded again.`,
      });
    if (outcome.setsCookie) this.#cookies.push(order);
    const page: PageRecord = {
      url: order.url,
      route: order.route,
      ...(order.changeKey !== undefined && { changeKey: order.changeKey }),
      status: outcome.status,
      contentType: outcome.contentType,
      headers: outcome.headers,
      ...(outcome.appRoute !== undefined && { appRoute: outcome.appRoute }),
      links: outcome.links,
      inSitemap: order.inSitemap ?? isIndexed(outcome),
      ...(order.lastModified !== undefined && { lastModified: order.lastModified.getTime() }),
    };
    plan.add({
      name: order.file,
      record: {
        phase: phaseOf(this.#work.site, order.file),
        digest,
        size,
        mtimeMs: mtimeMs ?? known?.mtimeMs ?? 0,
        page,
      },
      staged: mtimeMs === undefined ? undefined : staged,
    });
    return page;
  }

  #tellCookies(): void {
    const [first] = this.#cookies;
    if (first === undefined) return;
    this.#work.plan.findings.push({
      kind: 'COOKIE_LOST',
      severity: 'warning',
      file: first.file,
      message: `The app sets a cookie on ${countText(this.#cookies.length, 'page')}, which a static site cannot do. If visitors can do without it, nothing is wrong.`,
    });
  }

  #addRedirect(order: PageOrder, outcome: RenderedRedirect): void {
    const redirect = redirectOf(order, outcome, this.#work.site);
    if (redirect === undefined) return;
    if ('reason' in redirect) return this.#failures.add(order, { ...redirect, details: undefined });
    this.#release(order);
    if (outcome.appRoute !== undefined) this.#redirectingRoutes.add(outcome.appRoute);
    this.#redirects.push(redirect);
  }

  /** Another may have the place: a redirect, or a file that the export makes. */
  #release({ file }: PageOrder): void {
    this.#work.plan.release(file);
    this.#pagelessFiles.add(file);
  }

  #follow({ links }: PageRecord): PageOrder[] {
    const { site, plan, targets } = this.#work;
    if (!site.followLinks) return [];
    const orders: PageOrder[] = [];
    for (const path of internalPages(links, targets, site.base)) {
      if (site.isExcluded(path)) continue;
      let order: PageOrder;
      try {
        order = followedPage(site, path);
      } catch {
        // What can be no file is a broken link.
        continue;
      }
      if (plan.has(order.file) || this.#pagelessFiles.has(order.file)) continue;
      if (plan.files.size + orders.length > site.maxPages)
        throw new StaticUrlError(
          'SITE_URLS',
          `Links bring the site to more than ${site.maxPages} pages, the last one ${quote(order.url)}. Leave paths that never end, such as a calendar's, out with "exclude", or raise "maxPages".`,
        );
      plan.reserve(order.file, undefined);
      orders.push(order);
    }
    return orders;
  }
}

/** Pages by which visitors come in are laid last, when all that they link to is there. */
function phaseOf({ languages }: ResolvedSite, file: string): 'page' | 'entry' {
  const entries = [
    'index.html',
    ...languages.flatMap(({ prefix }) => (prefix === undefined ? [] : [`${prefix.slice(1)}/index.html`])),
  ];
  return entries.includes(file) ? 'entry' : 'page';
}

function isIndexed({ status, contentType, noindex }: RenderedPage): boolean {
  return status === 200 && !noindex && /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType);
}

/** Takes items out of a list, so that those that are done are in memory no more. */
function* takenOut<Item>(items: Item[]): Generator<Item> {
  items.reverse();
  for (let item = items.pop(); item !== undefined; item = items.pop()) yield item;
}
