import { resolveSite, type ResolvedSite } from './resolve-site.ts';
import type { SiteAssetsSource, SiteOptions } from './options.ts';
import { EXPORT_OPTIONS, type ExportOptions } from './export/options.ts';
import { chosenTarget } from './publishing/chosen-target.ts';
import { SITE_PUBLISH_OPTIONS } from './publishing/options.ts';
import type { Site, SiteUrl } from './site.ts';
import { resolveOptions } from '../core/options.ts';

/** What the URLs of a site's assets start with, for which they are opened. */
export async function assetsPrefix(source: SiteAssetsSource): Promise<string> {
  const { prefixOf } = await import('./export/static-files.ts');
  return prefixOf(typeof source === 'function' ? await source() : source).href;
}

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
    urls: () => urlsOf(site),
    async export(given: ExportOptions = {}) {
      resolveOptions('export()', given, EXPORT_OPTIONS);
      return inTurn(async () => {
        // Loaded when it is used: configurations make sites for commands that only look at them.
        const { exportSite } = await import('./export/export-site.ts');
        return exportSite(site, { ...given });
      });
    },
    exportOne: async (name, params) =>
      inTurn(async () => {
        const { exportOne } = await import('./export/export-one.ts');
        return exportOne(site, name, params);
      }),
    publish: async (target, given = {}) => {
      const publish = resolveOptions('publish()', given, SITE_PUBLISH_OPTIONS);
      const chosen = chosenTarget(site, target);
      return inTurn(async () => {
        const { publishSite } = await import('./publishing/publish-site.ts');
        return publishSite(site, chosen, publish);
      });
    },
    testPublish: async (target) => {
      const chosen = chosenTarget(site, target);
      return inTurn(async () => {
        const { testTarget } = await import('./publishing/test-target.ts');
        return testTarget(site, chosen);
      });
    },
    close: async () => {
      await last;
    },
  };
}

async function* urlsOf(site: ResolvedSite): AsyncGenerator<SiteUrl> {
  const { listPages, siteUrlOf } = await import('./routes/list-pages.ts');
  for await (const order of listPages(site)) yield siteUrlOf(order);
}
