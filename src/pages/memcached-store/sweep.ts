import { add, remove, touch } from '../../memcached/index.ts';
import type { StoredPage, SweepVerdict } from '../store.ts';
import type { PageNode } from './page-node.ts';
import { storedPage } from './page-records.ts';
import { removePages } from './removal.ts';

/** How long a sweep may be about one page before another process may take it for ended, in seconds. */
const CLAIM_SECONDS = 120;

/**
 * Looks at every page of a node, unless another process is at it.
 *
 * @returns `false` when another process is at it
 */
export async function sweepNode(
  node: PageNode,
  judge: (page: StoredPage) => SweepVerdict,
  renew: (page: StoredPage) => Promise<boolean>,
): Promise<boolean> {
  const { items } = node.setting;
  const keeping = { ttlSeconds: CLAIM_SECONDS };
  const [claimed] = await node.memcached.run(add(items.sweep, Buffer.from('sweep'), keeping));
  if (claimed !== 'stored') return false;
  try {
    for await (const names of node.names()) {
      const unwanted: string[] = [];
      for (const { name, record } of await node.listed(names)) {
        const page = record && storedPage(record);
        const verdict = page === undefined ? 'unlisted' : judge(page);
        if (verdict === 'keep') continue;
        await node.memcached.run(touch(items.sweep, CLAIM_SECONDS));
        if (page === undefined || verdict === 'unlisted' || !(await renew(page))) unwanted.push(name);
      }
      if (unwanted.length > 0) await removePages(node, unwanted);
      await node.memcached.run(touch(items.sweep, CLAIM_SECONDS));
    }
  } finally {
    await node.memcached.run(remove(items.sweep)).catch(() => {});
  }
  return true;
}
