/** How many file operations are under way at once; more than the thread pool of Node takes brings nothing. */
export const PARALLEL_FILES = 8;

/**
 * Calls an asynchronous function for each item, several at a time. After a failure it starts no further calls, and
 * rejects once those under way have ended: nothing goes on behind the caller's back.
 */
export async function inParallel<Item>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
  limit: number = PARALLEL_FILES,
): Promise<void> {
  const queue = queueOf(items);
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (failed) return;
      await work(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: limit }, worker));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
}

/** One walk through the items, in which all share. */
function* queueOf<Item>(items: Iterable<Item>): Generator<Item> {
  yield* items;
}
