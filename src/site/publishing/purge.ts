import type { Purge } from '../targets/target.ts';
import { invalidate, invalidatedPaths, PATHS_AT_ONCE } from './cloudfront-purge.ts';
import { runPurgeCommand } from './command-purge.ts';
import { PublishError } from './reports.ts';
import { reasonOf } from './upload-phases.ts';

/** How many URLs a command is given at once, unless it says otherwise. */
const URLS_AT_ONCE = 1000;

/**
 * Tells a cache which URLs have changed, in batches, and waits until it has done it.
 *
 * @param urls - absolute, each once
 * @throws {@link PublishError} of the step `purge`
 */
export async function purgeUrls(
  purge: Purge,
  urls: readonly string[],
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const { items, atOnce, tell } = wayOf(purge, urls);
  let done = 0;
  try {
    while (done < items.length) {
      const batch = items.slice(done, done + atOnce);
      await tell(batch);
      onProgress((done += batch.length), items.length);
    }
  } catch (error) {
    const reason = reasonOf(error);
    throw new PublishError(
      'purge',
      items.slice(done).map((key) => ({ key, reason })),
      `All is uploaded, but caches could not be told: ${reason} Until then visitors may see old pages. Nothing more was deleted. Publish again once that is mended: it tells them again.`,
    );
  }
}

/** How a cache is told. */
interface PurgeWay {
  readonly items: readonly string[];
  readonly atOnce: number;
  readonly tell: (items: readonly string[]) => Promise<void>;
}

function wayOf(purge: Purge, urls: readonly string[]): PurgeWay {
  if (typeof purge === 'function') return { items: urls, atOnce: Infinity, tell: purge };
  if ('cloudFront' in purge)
    return {
      items: invalidatedPaths(urls),
      atOnce: PATHS_AT_ONCE,
      tell: async (paths) => invalidate(purge.cloudFront, paths),
    };
  const { command, urlsAtOnce = URLS_AT_ONCE } = purge;
  return { items: urls, atOnce: urlsAtOnce, tell: async (batch) => runPurgeCommand(command, batch) };
}
