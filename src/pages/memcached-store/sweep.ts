import { add, remove, touch } from '../../memcached/index.ts';
import type { StoredPage, SweepVerdict } from '../store.ts';
import { isUnreachable } from '../unreachable.ts';
import type { Cluster } from './cluster.ts';
import type { PageNode } from './page-node.ts';
import { storedPage } from './page-records.ts';
import { removePages } from './removal.ts';

/** How long a sweep may be about one page before another process may take it for ended, in seconds. */
const CLAIM_SECONDS = 120;

/** Looks at every page, unless another process is at it. @returns `false` when another process is at it */
export async function sweepCluster(
  { members }: Cluster,
  judge: (page: StoredPage) => SweepVerdict,
  renew: (page: StoredPage) => Promise<boolean>,
): Promise<boolean> {
  for (const { node } of members) {
    const claim = await claimSweep(node);
    // One that cannot be reached cannot be asked who is at it.
    if (claim === 'unreachable') continue;
    if (claim === 'taken') return false;
    try {
      for (const member of members)
        await sweepNode(member.node, judge, renew, claim.renew).catch((error: unknown) => {
          // The others are swept all the same; it has its turn next time.
          if (!isUnreachable(error)) throw error;
        });
    } finally {
      await claim.release();
    }
    return true;
  }
  return false;
}

interface Claim {
  readonly renew: () => Promise<void>;
  readonly release: () => Promise<void>;
}

async function claimSweep({
  memcached,
  setting: { items },
}: PageNode): Promise<Claim | 'taken' | 'unreachable'> {
  try {
    const [claimed] = await memcached.run(
      add(items.sweep, Buffer.from('sweep'), { ttlSeconds: CLAIM_SECONDS }),
    );
    if (claimed !== 'stored') return 'taken';
  } catch {
    return 'unreachable';
  }
  return {
    renew: async () => void (await memcached.run(touch(items.sweep, CLAIM_SECONDS)).catch(() => {})),
    release: async () => void (await memcached.run(remove(items.sweep)).catch(() => {})),
  };
}

async function sweepNode(
  node: PageNode,
  judge: (page: StoredPage) => SweepVerdict,
  renew: (page: StoredPage) => Promise<boolean>,
  renewClaim: () => Promise<void>,
): Promise<void> {
  for await (const names of node.names()) {
    const unwanted: string[] = [];
    for (const { name, record } of await node.listed(names)) {
      const page = record && storedPage(record);
      const verdict = page === undefined ? 'unlisted' : judge(page);
      if (verdict === 'keep') continue;
      await renewClaim();
      if (page === undefined || verdict === 'unlisted' || !(await renew(page))) unwanted.push(name);
    }
    if (unwanted.length > 0) await removePages(node, unwanted);
    await renewClaim();
  }
}
