export { memcachedStore, type MemcachedStore } from './memcached-store.ts';
export type { MemcachedStoreOptions, PageType } from './options.ts';
