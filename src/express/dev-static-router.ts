import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { quote } from '../core/text.ts';
import { requireFolder } from '../files/scan-folder.ts';
import { isVersion } from '../core/version-format.ts';
import { decideDevRequest, LiveReload } from '../dev/index.ts';
import { resolveDevRouterOptions, type DevStaticRouterOptions } from './options.ts';
import { createFileServer } from './file-server.ts';
import { createLiveReloadMountWarning, createMountWarning } from './mount-warning.ts';
import { refuse } from '../http/refusal.ts';

/** An Express router that serves static URLs, with what live reload needs. */
export interface DevStaticRouter extends RequestHandler {
  /** The script tag for every page; empty when live reload is off. */
  readonly liveReloadTag: string;
  /**
   * The URL of the tag's script, for a tag of your own, such as one with the nonce that your Content-Security-Policy asks
   * for: `<script type="module" nonce="…" src="…"></script>`. Empty when live reload is off.
   */
  readonly liveReloadUrl: string;
  /** Stops watching and ends open event streams, so that the process can end. */
  close(): Promise<void>;
}

/**
 * A router for development: strips the version from static URLs and serves the files as serve-static does, so that browsers
 * revalidate each time.
 *
 * Serves no index, no redirects and no dotfiles unless an option asks for them. Under a version a missing file is a 404, so that the
 * app's catch-all never answers a script's URL with a page; without a version the request goes on to the app.
 *
 * Mount it without a path, and before `assetsRouter` where both are used. Under `app.use('/shop', …)` browsers see
 * `/shop/static/`: give that prefix to the helper and to `liveReload: { publicPrefix }`.
 *
 * @param prefix - what static URLs start with; of an absolute URL, the path counts
 * @param root - the folder whose files the prefix serves, a path relative to the working folder or a `file:` URL; or
 *   several, of which the first that has the file wins, as with the `roots` of `openAssets`
 * @param options - every option of serve-static, and our own; beware of a `maxAge`, since every version gets the current
 *   bytes
 * @throws {@link StaticUrlError} `ROOT_NOT_FOUND`, `ROOT_NOT_A_FOLDER`, `LIVE_RELOAD_IN_PRODUCTION`, `BUNDLED` for live
 *   reload
 * @throws TypeError for a prefix, a root or an option of the wrong shape
 *
 * @example
 * ```ts
 * import express from 'express';
 * import { devStaticRouter } from 'static-url/express';
 *
 * const app = express();
 * app.use(devStaticRouter('/static/', 'public'));
 * ```
 */
export function devStaticRouter(
  prefix: string,
  root: string | URL | readonly (string | URL)[],
  options: DevStaticRouterOptions = {},
): DevStaticRouter {
  const resolved = resolveDevRouterOptions(prefix, root, options);
  const { roots, rules, liveReload: settings } = resolved;
  for (const each of roots) {
    requireFolder(each);
    warnOfVersionLikeFolders(each);
  }
  const serve = createFileServer(resolved);
  const call = `devStaticRouter(${quote(rules.prefixPath)}, …)`;
  const warnOfMounting = createMountWarning(call, rules.prefixPath);
  const warnOfLiveReload =
    settings?.isPublicPrefixGiven === false
      ? createLiveReloadMountWarning(call, rules.prefixPath)
      : undefined;
  const liveReload =
    settings &&
    new LiveReload({
      roots,
      watch: settings.watch,
      pollMilliseconds: settings.pollMilliseconds,
      onError: ({ message }) =>
        process.emitWarning(message, { type: 'StaticUrlWarning', code: 'STATIC_URL_LIVE_RELOAD' }),
    });
  const router: RequestHandler = (request, response, next) => {
    warnOfLiveReload?.(request.baseUrl);
    const decision = decideDevRequest(request.method, request.url, rules);
    if (decision.kind === 'pass') {
      warnOfMounting(request.baseUrl);
      next();
    } else if (decision.kind === 'refuse') refuse(response, decision.status);
    else if (decision.kind === 'serve') serve(decision, request, response, next);
    else if (!liveReload?.handle(decision.name, request, response)) refuse(response, 404);
  };
  const liveReloadUrl = settings?.url ?? '';
  return Object.assign(router, {
    liveReloadUrl,
    liveReloadTag:
      liveReloadUrl && `<script type="module" src="${liveReloadUrl.replaceAll('&', '&amp;')}"></script>`,
    close: async () => liveReload?.close(),
  });
}

function warnOfVersionLikeFolders(root: string): void {
  for (const name of readdirSync(root).filter(isVersion)) {
    const path = join(root, name);
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) continue;
    process.emitWarning(
      `The folder ${quote(path)} has a name that looks like a version, so its files cannot be reached by it: the version wins. Rename it.`,
      { type: 'StaticUrlWarning', code: 'STATIC_URL_VERSION_LIKE_FOLDER' },
    );
  }
}
