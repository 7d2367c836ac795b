import type { PageKey, PageStore } from '../store.ts';

/** Who is told of what changes in a store. */
export interface StoreWatcher {
  /** A page landed, in the place of another one or of none. */
  readonly onLanded: (key: PageKey) => Promise<void>;
  /** Pages were removed, or were to be. */
  readonly onGone: (keys: readonly PageKey[]) => Promise<void>;
  /** Pages were removed by a tag, which those that name them have too. */
  readonly onInvalidated: (keys: readonly PageKey[]) => void;
  readonly onCleared: () => void;
}

/** The same store, of which every change through this process is told before it resolves. */
export function watchStore(store: PageStore, watcher: StoreWatcher): PageStore {
  return {
    ...(store.mediaTypeOf === undefined ? {} : { mediaTypeOf: (key) => store.mediaTypeOf!(key) }),
    open: (setting) => store.open(setting),
    read: (key) => store.read(key),
    async begin(key, options) {
      const pending = await store.begin(key, options);
      return (
        pending && {
          isJoinable: () => pending.isJoinable(),
          discard: () => pending.discard(),
          async land(page) {
            const hasLanded = await pending.land(page);
            if (hasLanded) await watcher.onLanded(key);
            return hasLanded;
          },
        }
      );
    },
    async delete(keys) {
      const gone = await store.delete(keys);
      await watcher.onGone(keys);
      return gone;
    },
    async deleteBelow(key) {
      const gone = await store.deleteBelow(key);
      await watcher.onGone([key, ...gone]);
      return gone;
    },
    async invalidate(tags) {
      const gone = await store.invalidate(tags);
      watcher.onInvalidated(gone);
      return gone;
    },
    async clear() {
      const gone = await store.clear();
      watcher.onCleared();
      return gone;
    },
    list: () => store.list(),
    async sweep(judge, renew) {
      const gone: PageKey[] = [];
      try {
        return await store.sweep(
          (page) => {
            const verdict = judge(page);
            if (verdict === 'unlisted') gone.push(page);
            return verdict;
          },
          async (page) => {
            const isThere = await renew(page);
            if (!isThere) gone.push(page);
            return isThere;
          },
        );
      } finally {
        await watcher.onGone(gone);
      }
    },
    saveCounts: (counts) => store.saveCounts(counts),
    counts: () => store.counts(),
    close: () => store.close(),
  };
}
