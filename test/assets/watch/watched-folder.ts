import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { ExecutionContext } from 'ava';
import { rootList } from '../../../src/files/roots.ts';
import type { AssetCollection } from '../../../src/assets/assets.ts';
import type { AssetsOptions } from '../../../src/assets/options.ts';
import { openCollection } from '../../helpers/open-collection.ts';

/** Watched assets, and what is said about them. */
export interface WatchedFolder {
  readonly assets: AssetCollection;
  /** The warnings so far. */
  readonly warnings: readonly string[];
  /** Waits until the assets are what somebody finds who opens them now. */
  readonly settled: () => Promise<void>;
  /** Waits until a warning matches. */
  readonly warned: (pattern: RegExp) => Promise<string>;
}

const LONGEST_WAIT_MILLISECONDS = 60_000;

/** Opens assets with `watch`, closed when the test ends. */
export async function watchFolder(
  t: ExecutionContext,
  options: Omit<AssetsOptions, 'prefix'>,
): Promise<WatchedFolder> {
  const given = { prefix: '/static/', ...options };
  const warnings: string[] = [];
  const listen = (warning: Error & { code?: string }): void => {
    // Other tests of this process have theirs.
    if (
      warning.code === 'STATIC_URL_WATCH' &&
      rootList(options.roots).some((root) => warning.message.includes(root))
    )
      warnings.push(warning.message);
  };
  process.setMaxListeners(0).on('warning', listen);
  const assets = await openCollection({ ...given, watch: true });
  // Nothing else keeps the test's process alive.
  const alive = setInterval(() => {}, 1_000);
  t.teardown(async () => {
    clearInterval(alive);
    process.off('warning', listen);
    await assets.close();
  });
  const found = async (): Promise<unknown> => {
    try {
      return (await openCollection(given)).manifest();
    } catch {
      return undefined; // while files come and go
    }
  };
  return {
    assets,
    warnings,
    settled: () => until(async () => isDeepStrictEqual(assets.manifest(), await found()), assets, 'change'),
    async warned(pattern) {
      const find = (): string | undefined => warnings.find((warning) => pattern.test(warning));
      await until(() => find() !== undefined, process, 'warning');
      return find() ?? '';
    },
  };
}

/** Waits until something holds that an event may bring about. */
async function until(
  holds: () => Promise<boolean> | boolean,
  emitter: NodeJS.EventEmitter,
  event: string,
): Promise<void> {
  const signal = AbortSignal.timeout(LONGEST_WAIT_MILLISECONDS);
  for (;;) {
    const next = once(emitter, event, { signal });
    next.catch(() => {});
    if (await holds()) return;
    await next;
  }
}
