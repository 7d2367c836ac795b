import { resolveSite } from '../../../src/site/resolve-site.ts';
import type { SiteOptions } from '../../../src/site/options.ts';
import { listPages } from '../../../src/site/routes/list-pages.ts';
import type { PageOrder } from '../../../src/site/routes/page-order.ts';
import type { Route } from '../../../src/site/routes/route.ts';

/** The pages that routes give, in a site at `https://www.example.com` unless it is told another. */
export async function listed(
  routes: readonly Route[],
  options: Partial<SiteOptions> = {},
): Promise<PageOrder[]> {
  const site = resolveSite({
    app: () => undefined,
    out: 'site',
    origin: 'https://www.example.com',
    routes,
    ...options,
  });
  const pages: PageOrder[] = [];
  for await (const page of listPages(site)) pages.push(page);
  return pages;
}

/** Paths, each with its file: what most claims about routes come down to. */
export async function pathsAndFiles(
  routes: readonly Route[],
  options: Partial<SiteOptions> = {},
): Promise<Record<string, string>> {
  const pages = await listed(routes, options);
  return Object.fromEntries(pages.map(({ path, file }) => [path, file]));
}
