import type { SiteBase } from './link-target.ts';
import { decodeLinks } from './link-text.ts';
import type { TargetTable } from './target-table.ts';

/**
 * The paths of the site that visitors of a page can follow links to, each once: `/about`. Some may be no pages.
 *
 * @param links - of the page, as its scanner gave them
 */
export function* internalPages(links: string, targets: TargetTable, base: SiteBase): Generator<string> {
  const told = new Set<string>();
  for (const { target, kind } of decodeLinks(links)) {
    if (kind !== 'link') continue;
    const [path = ''] = targets.target(target).split('#', 1);
    if (!path.startsWith(base.path) || told.has(path)) continue;
    told.add(path);
    yield `/${path.slice(base.path.length)}`;
  }
}
