import { resolveSite } from './resolve-site.ts';
import type { SiteOptions } from './options.ts';
import { EXPORT_OPTIONS, type ExportOptions } from './export/options.ts';
import { exportOne } from './export/export-one.ts';
import { exportSite } from './export/export-site.ts';
import { chosenTarget } from './publishing/chosen-target.ts';
import { SITE_PUBLISH_OPTIONS } from './publishing/options.ts';
import { publishSite } from './publishing/publish-site.ts';
import { testTarget } from './publishing/test-target.ts';
import { listPages, siteUrlOf } from './routes/list-pages.ts';
import type { PageOrder } from './routes/page-order.ts';
import type { Site, SiteUrl } from './site.ts';
import { resolveOptions } from '../core/options.ts';

/**
 * Makes the app a static site, which is written to a folder.
 *
 * @throws TypeError, RangeError for an option of the wrong shape or range
 *
 * @example
 * ```ts
 * import { createSite, route } from 'static-url/site';
 *
 * const site = createSite({
 *   app,
 *   origin: 'https://www.example.com',
 *   out: 'site',
 *   routes: [route('/'), route('/posts/:slug', { params: () => posts.map(({ slug }) => ({ slug })) })],
 * });
 * const { pages } = await site.export();
 * ```
 */
export function createSite(options: SiteOptions): Site {
  const site = resolveSite(options);
  // One after the other: two exports of one process would find the folder locked.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(work, work);
    last = turn.catch(() => {});
    return turn;
  };
  return {
    urls: () => urlsOf(listPages(site)),
    async export(given: ExportOptions = {}) {
      resolveOptions('export()', given, EXPORT_OPTIONS);
      return inTurn(async () => exportSite(site, { ...given }));
    },
    exportOne: async (name, params) => inTurn(async () => exportOne(site, name, params)),
    publish: async (target, given = {}) => {
      const publish = resolveOptions('publish()', given, SITE_PUBLISH_OPTIONS);
      return inTurn(async () => publishSite(site, chosenTarget(site, target), publish));
    },
    testPublish: async (target) => inTurn(async () => testTarget(site, chosenTarget(site, target))),
    close: async () => {
      await last;
    },
  };
}

async function* urlsOf(orders: AsyncIterable<PageOrder>): AsyncGenerator<SiteUrl> {
  for await (const order of orders) yield siteUrlOf(order);
}
