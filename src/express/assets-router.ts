import type { RequestHandler } from 'express';
import { requireAssets } from '../assets/index.ts';
import type { AssetsHandlerOptions } from '../serve/options.ts';
import type { Assets } from '../serve/index.ts';
import { createAssetsMountWarning } from './mount-warning.ts';

/**
 * An Express router that serves assets in production, without nginx: {@link Assets.handler} for `app.use()`.
 *
 * Requests outside the prefix go on to the app. Mount it without a path, since the prefix already holds the whole path.
 * Mount it before sessions and compression: shared caches keep a response with all its headers, and the cookie that a
 * session sets as the response goes out is one of them. Where both are used, mount it after `devStaticRouter`: the paths
 * of live reload lie under the same prefix.
 *
 * @param assets - what `openAssets()` returned
 * @param options - those of the handler
 * @throws TypeError for assets that were not awaited; TypeError, RangeError for an option of the wrong shape or range
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
export function assetsRouter(assets: Assets, options?: AssetsHandlerOptions): RequestHandler {
  requireAssets('assetsRouter()', assets, 'handler');
  const handle = assets.handler(options);
  const warnOfMounting = createAssetsMountWarning('assetsRouter(assets)');
  return (request, response, next) => {
    warnOfMounting(request.baseUrl);
    const cookies = response.getHeader('Set-Cookie');
    if (cookies === undefined) return handle(request, response, next);
    // Shared caches would give one visitor's cookie to all; a response of the app keeps it.
    response.removeHeader('Set-Cookie');
    handle(request, response, (error) => {
      response.setHeader('Set-Cookie', cookies);
      next(error);
    });
  };
}
