import { testStoreContract } from '../store-contract.ts';
import { openStore, startServers } from './cluster.ts';

for (const count of [1, 3])
  testStoreContract(`memcachedStore() on ${count}`, async (t) => {
    const servers = await startServers(t, count);
    return [await openStore(t, servers), await openStore(t, servers)];
  });
