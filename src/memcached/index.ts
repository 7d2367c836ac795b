export { add, append, cas, flagsOf, get, gets, remove, set, stats, touch, version } from './commands.ts';
export type { Command, Keeping } from './commands.ts';
export { escapedKey, isUsableKey } from './keys.ts';
export { MemcachedNode, type NodeOptions } from './node.ts';
export type { Item, Stored } from './replies.ts';
export { Ring } from './ring.ts';
export { MemcachedUnreachable, type UnreachableReason } from './unreachable.ts';
