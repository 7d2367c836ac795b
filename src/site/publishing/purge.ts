import type { Purge } from '../targets/target.ts';

/**
 * Tells a cache which URLs have changed, in batches, and waits until it has done it.
 *
 * @param urls - absolute, each once
 * @throws {@link PublishError} of the step `purge`
 */
export async function purgeUrls(
  _purge: Purge,
  _urls: readonly string[],
  _onProgress: (done: number, total: number) => void,
): Promise<void> {
  throw new Error('Not built yet.');
}
