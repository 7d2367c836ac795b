import type { Router } from 'express';
import type { AssetsHandlerOptions } from '../serve/handler-options.ts';
import type { ServedAssets } from '../serve/open-assets.ts';
import { loadExpress } from './load-express.ts';
import { createAssetsMountWarning } from './mount-warning.ts';

/**
 * An Express router that serves assets in production, without nginx: {@link ServedAssets.handler} for `app.use()`.
 *
 * What is not under the prefix goes on to the app. Mount it without a path: the prefix is the whole of it.
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
  const handle = assets.handler(options);
  const warnOfMounting = createAssetsMountWarning('assetsRouter(assets)');
  return loadExpress()
    .Router()
    .use((request, response, next) => {
      warnOfMounting(request.baseUrl);
      handle(request, response, next);
    });
}
