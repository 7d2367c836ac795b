export { parseServers, type MemcachedServer } from './servers.ts';
