import type { ExecutionContext } from 'ava';
import {
  memcachedStore,
  type MemcachedStore,
  type MemcachedStoreOptions,
} from '../../../src/pages/memcached-store/index.ts';
import { startMemcached, type Memcached } from '../../helpers/memcached.ts';
import { SETTING } from '../stored-pages.ts';

/** Where a test does not mean the deadline, a busy machine must not be taken for a server that hangs. */
const PATIENT = { ttlSeconds: 3600, deadlineMilliseconds: 60_000 };

/** Starts empty servers. */
export function startServers(t: ExecutionContext, count: number): Promise<Memcached[]> {
  return Promise.all(Array.from({ length: count }, () => startMemcached(t)));
}

/** Opens a store on servers, as one process does, and closes it when the test ends. */
export async function openStore(
  t: ExecutionContext,
  servers: readonly Memcached[],
  options: Partial<MemcachedStoreOptions> = {},
): Promise<MemcachedStore> {
  const store = memcachedStore({ ...PATIENT, servers: servers.map(({ server }) => server), ...options });
  t.teardown(() => store.close());
  await store.open(SETTING);
  return store;
}
