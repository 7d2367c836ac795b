import type { Router } from 'express';
import type { AssetsHandlerOptions } from '../serve/handler-options.ts';
import type { ServedAssets } from '../serve/open-assets.ts';
import { loadExpress } from './load-express.ts';

/**
 * An Express router that serves assets in production, without nginx: {@link ServedAssets.handler} for `app.use()`.
 *
 * What is not under the prefix goes on to the app.
 *
 * @param assets - what `openAssets()` returned
 * @param options - those of the handler
 * @throws TypeError, RangeError for an option of the wrong shape or range
 * @throws {@link StaticUrlError} `PACKAGE_MISSING`
 *
 * @example
 * ```ts
 * import express from 'express';
 * import { openAssets } from 'static-url/assets';
 * import { assetsRouter } from 'static-url/express';
 *
 * const assets = await openAssets({ prefix: '/static/', roots: 'public' });
 * const app = express();
 * app.use(assetsRouter(assets));
 * ```
 */
export function assetsRouter(assets: ServedAssets, options?: AssetsHandlerOptions): Router {
  return loadExpress().Router().use(assets.handler(options));
}
