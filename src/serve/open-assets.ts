import type { AssetLookup, AssetsChange } from '../assets/index.ts';
import { type AssetsOptions, type ResolvedAssetsOptions, resolveAssetsOptions } from '../assets/options.ts';
import type { AssetsHandler } from './assets-handler.ts';
import type { AssetsHandlerOptions } from './options.ts';

/** Assets with a version of their own each, and a handler that serves them. */
export interface Assets extends AssetLookup {
  /**
   * A handler that serves the assets under their prefix, in production and without nginx: all answers are prepared
   * now, small files are kept in memory, the rest is streamed from disk.
   *
   * A current URL gets the bytes of its version, to be kept for ever; so does one of an earlier release that is still in
   * the releases folder. A file that has changed on disk since it was indexed is never sent to be kept.
   *
   * @throws TypeError, RangeError for an option of the wrong shape or range
   * @throws {@link StaticUrlError} `RELEASE_NOT_FOUND` when a manifest was opened whose releases folder is not there
   *
   * @example
   * ```ts
   * import { createServer } from 'node:http';
   * import { openAssets } from 'static-url/assets';
   *
   * const assets = await openAssets({ prefix: '/static/', roots: 'public' });
   * createServer(assets.handler()).listen(8080);
   * ```
   */
  handler(options?: AssetsHandlerOptions): AssetsHandler;
  /** Calls a listener after watched files have changed. */
  on(event: 'change', listener: (change: AssetsChange) => void): this;
  /** Takes a listener off again. */
  off(event: 'change', listener: (change: AssetsChange) => void): this;
  /** Ends watching, and takes all listeners off. */
  close(): Promise<void>;
}

/**
 * Opens assets: reads the sources under the roots, or the manifest of a release, and gives each file a version of its
 * own.
 *
 * @throws TypeError for an option of the wrong shape
 * @throws {@link StaticUrlError} `ROOT_NOT_FOUND`, `ROOT_NOT_A_FOLDER`, `FILE_UNREADABLE`, `FILE_CHANGED`, `LINK_BROKEN`,
 *   `REFERENCE_BROKEN`, `ASSET_NOT_FOUND` for what `imports` names, `MANIFEST_NOT_FOUND`, `MANIFEST_INVALID`,
 *   `BUNDLE_NOT_FOUND`, `BUNDLE_INVALID`
 *
 * @example
 * ```ts
 * import { openAssets } from 'static-url/assets';
 *
 * const assets = await openAssets({ prefix: '/static/', roots: 'public' });
 * assets.url('css/app.css'); // '/static/5d2c7e0b91a3f864/css/app.css'
 * ```
 */
export async function openAssets(options: AssetsOptions): Promise<Assets> {
  // Once, and before anything is waited for: the working folder and the caller's object may change meanwhile.
  const resolved = resolveAssetsOptions(options);
  // Importing this package loads no dependency; opening assets does.
  const { openCollection } = await import('../assets/index.ts');
  const { loadHandlers } = await import('./assets-handler.ts');
  const collection = await openCollection(resolved);
  const { roots, releases, dotfiles, wellKnown } = resolved;
  const dotfileRule = { dotfiles, wellKnown };
  const handler = await loadHandlers({ collection, roots, releases, dotfileRule });
  return Object.defineProperty(Object.assign(collection, { handler }), SOURCES, { value: resolved });
}

/** The same in every copy of this package: a configuration may be loaded with another one than the command. */
const SOURCES = Symbol.for('static-url.sources');

/** What assets were opened with: where their files are; `undefined` for what is none of ours. */
export function sourcesOf(assets: object): ResolvedAssetsOptions | undefined {
  // Nothing else has the symbol.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Reflect.get(assets, SOURCES) as ResolvedAssetsOptions | undefined;
}
