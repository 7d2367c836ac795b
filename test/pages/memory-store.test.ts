import { Memory, memoryStore } from './memory-store.ts';
import { testStoreContract } from './store-contract.ts';

testStoreContract('a store of somebody else', async () => {
  const memory = new Memory();
  return [memoryStore(memory), memoryStore(memory)];
});
