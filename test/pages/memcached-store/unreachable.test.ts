import { memcachedStore } from '../../../src/pages/memcached-store/index.ts';
import { siteFolder } from '../../../src/pages/rules/page-files.ts';
import { Ring } from '../../../src/memcached/ring.ts';
import { parseServers } from '../../../src/memcached/servers.ts';
import { startMemcached } from '../../helpers/memcached.ts';
import { testUnreachable } from '../unreachable-store.ts';

testUnreachable('memcachedStore()', async (t) => {
  const [one, other] = [await startMemcached(t), await startMemcached(t)];
  const servers = [one.server, other.server];
  const ring = new Ring(parseServers(servers, 'servers'));
  return {
    // A stopped server costs the deadline once; a slow machine must not look like one.
    store: memcachedStore({ servers, ttlSeconds: 3600, deadlineMilliseconds: 3000 }),
    split: (site) => {
      const found: Record<string, string[]> = { [one.server]: [], [other.server]: [] };
      for (let number = 1; Object.values(found).some((paths) => paths.length < 2); number += 1) {
        const path = `/${number}`;
        found[ring.serverOf(`pages:${siteFolder(site)}${path}`).name]?.push(path);
      }
      const [[a = '', b = ''] = [], [c = '', d = ''] = []] = Object.values(found);
      return { lost: [a, b], kept: [c, d] };
    },
    stop: () => one.pause(),
    resume: () => one.resume(),
  };
});
