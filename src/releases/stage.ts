import { inParallel } from '../core/in-parallel.ts';
import type { ReleaseProgress } from './options.ts';

/** A part of a release that takes long. */
export interface Stage {
  readonly stage: ReleaseProgress['stage'];
  /** How many items are worked on at a time. */
  readonly limit: number;
  readonly onProgress: (progress: ReleaseProgress) => void;
}

/** Works through the items of a stage, and tells how far it has come. */
export async function workThrough<Item>(
  { stage, limit, onProgress }: Stage,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let done = 0;
  onProgress({ stage, done, total: items.length });
  const workAndTell = async (item: Item): Promise<void> => {
    await work(item);
    onProgress({ stage, done: (done += 1), total: items.length });
  };
  await inParallel(items, workAndTell, limit);
}
