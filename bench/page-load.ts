import type { PageStore } from '../src/pages/store.ts';

const PARALLEL = 16;

/** What each page holds; the bytes matter to nobody. */
export const PAGE_BODY: Buffer = Buffer.from('<!doctype html><title>A page</title><p>Some text.\n'.repeat(4));

/** Puts pages of `/posts/<number>` into a store. */
export async function landAll(
  store: PageStore,
  site: string,
  numbers: readonly number[],
  tagsOf: (number: number) => readonly string[],
): Promise<void> {
  const queue = numbers.values();
  const land = async (): Promise<void> => {
    for (const number of queue) {
      const page = await store.begin({ site, target: `/posts/${number}` }, { fence: false });
      const body = Buffer.concat([PAGE_BODY, Buffer.from(`${number}`)]);
      if (!(await page?.land({ body, mediaType: 'text/html', tags: tagsOf(number) })))
        throw new Error(`Page ${number} did not land.`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, land));
}

/** How long some work takes. */
export async function measureMilliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
