/** What a server counts of items that it throws away. */
const EVICTIONS = ['evictions', 'slab_reassign_evictions_nomem', 'slab_reassign_busy_deletes'];

/** How many items a server says that it has thrown away, of anybody's. */
export function evictedBy(found: ReadonlyMap<string, string>): number {
  return EVICTIONS.reduce((sum, name) => sum + Number(found.get(name) ?? 0), 0);
}
