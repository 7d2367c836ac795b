import type { PageKey, PageStore } from '../store.ts';

/** Who is told of what changes in a store. */
export interface StoreWatcher {
  /** A page landed, in the place of another one or of none. */
  readonly onLanded: (key: PageKey) => Promise<void>;
  /** Pages were removed, or were to be. */
  readonly onGone: (keys: readonly PageKey[]) => Promise<void>;
  /** Pages were removed by a tag, which those that name them have too. */
  readonly onInvalidated: (keys: readonly PageKey[]) => void;
  /** Any page may have been removed. */
  readonly onCleared: () => void;
}

/** All that a store does; the compiler finds what is added to it and not passed on. */
type WholeStore = Required<Omit<PageStore, 'mediaTypeOf' | 'takesKey'>>;

/**
 * The same store, of which every change through this process is told before it resolves; and before it rejects too, for
 * a part of it may have been done, or may still be.
 */
export function watchStore(store: PageStore, watcher: StoreWatcher): PageStore {
  const watched: WholeStore = {
    open: (setting) => store.open(setting),
    read: (key) => store.read(key),
    async begin(key, options) {
      const pending = await store.begin(key, options);
      return (
        pending && {
          isJoinable: () => pending.isJoinable(),
          discard: () => pending.discard(),
          async land(page) {
            const hasLanded = await toldOf(pending.land(page), () => watcher.onLanded(key));
            if (hasLanded) await watcher.onLanded(key);
            return hasLanded;
          },
        }
      );
    },
    async delete(keys) {
      const gone = await toldOf(store.delete(keys), () => watcher.onGone(keys));
      await watcher.onGone(keys);
      return gone;
    },
    async deleteBelow(key) {
      const gone = await toldOf(store.deleteBelow(key), watcher.onCleared);
      await watcher.onGone([key, ...gone]);
      return gone;
    },
    async invalidate(tags) {
      const gone = await toldOf(store.invalidate(tags), watcher.onCleared);
      watcher.onInvalidated(gone);
      return gone;
    },
    async clear() {
      const gone = await toldOf(store.clear(), watcher.onCleared);
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
  const { mediaTypeOf, takesKey } = store;
  return {
    ...watched,
    ...(mediaTypeOf && { mediaTypeOf: mediaTypeOf.bind(store) }),
    ...(takesKey && { takesKey: takesKey.bind(store) }),
  };
}

/** The result of a change; where it fails, it is told of all the same, and its own error counts. */
async function toldOf<Result>(change: Promise<Result>, tell: () => Promise<void> | void): Promise<Result> {
  try {
    return await change;
  } catch (error) {
    await Promise.resolve(tell()).catch(() => {});
    throw error;
  }
}
