import type { ExecutionContext } from 'ava';
import {
  memcachedStore,
  type MemcachedStore,
  type MemcachedStoreOptions,
} from '../../../src/pages/memcached-store/index.ts';
import { Ring } from '../../../src/memcached/ring.ts';
import { parseServers } from '../../../src/memcached/servers.ts';
import { siteFolder } from '../../../src/pages/rules/page-files.ts';
import type { StoreSetting } from '../../../src/pages/store.ts';
import { startMemcached, type Memcached } from '../../helpers/memcached.ts';
import { SETTING, SITE } from '../stored-pages.ts';

/** Where a test does not mean the deadline, a busy machine must not be taken for a server that hangs. */
const PATIENT = { ttlSeconds: 3600, deadlineMilliseconds: 60_000 };

/** Starts empty servers. */
export function startServers(t: ExecutionContext, count: number): Promise<Memcached[]> {
  return Promise.all(Array.from({ length: count }, () => startMemcached(t)));
}

/** A store on servers that is not open yet. */
export function newStore(
  servers: readonly Memcached[],
  options: Partial<MemcachedStoreOptions> = {},
): MemcachedStore {
  return memcachedStore({ ...PATIENT, servers: servers.map(({ server }) => server), ...options });
}

/** Opens a store on servers, as one process does, and closes it when the test ends. */
export async function openStore(
  t: ExecutionContext,
  servers: readonly Memcached[],
  options: Partial<MemcachedStoreOptions> = {},
  setting: Partial<StoreSetting> = {},
): Promise<MemcachedStore> {
  const store = newStore(servers, options);
  t.teardown(() => store.close());
  await store.open({ ...SETTING, ...setting });
  return store;
}

/** Paths of a site whose pages stand on a server. */
export function targetsOn(
  servers: readonly Memcached[],
  one: Memcached,
  count: number,
  site = SITE,
): string[] {
  const ring = new Ring(
    parseServers(
      servers.map(({ server }) => server),
      'servers',
    ),
  );
  const targets: string[] = [];
  for (let number = 1; targets.length < count; number += 1)
    if (ring.serverOf(`pages:${siteFolder(site)}/${number}`).name === one.server) targets.push(`/${number}`);
  return targets;
}
