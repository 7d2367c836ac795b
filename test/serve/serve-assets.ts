import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { openAssets, type Assets, type AssetsHandlerOptions, type AssetsOptions } from '../../src/assets.ts';
import { temporaryFolder, writeFiles, type Files } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request, type Answer } from '../helpers/request.ts';

/** Assets that are served by their handler. */
export interface Served {
  readonly assets: Assets;
  /** The folder that holds the root, and what a test puts beside it. */
  readonly folder: string;
  readonly root: string;
  /** The server's origin. */
  readonly url: string;
  readonly get: (path: string, headers?: Record<string, string>, method?: string) => Promise<Answer>;
}

/** Writes files and serves them under `/static/`; what is not under it the app answers with a 299. */
export async function serveAssets(
  t: ExecutionContext,
  files: Files,
  handlerOptions: AssetsHandlerOptions = {},
  assetsOptions: Partial<AssetsOptions> = {},
): Promise<Served> {
  const folder = await temporaryFolder(t);
  const root = join(folder, 'public');
  await writeFiles(root, files);
  return serveRoot(t, folder, handlerOptions, assetsOptions);
}

/** As {@link serveAssets}, of a folder whose `public` is there. */
export async function serveRoot(
  t: ExecutionContext,
  folder: string,
  handlerOptions: AssetsHandlerOptions = {},
  assetsOptions: Partial<AssetsOptions> = {},
): Promise<Served> {
  const root = join(folder, 'public');
  const assets = await openAssets({
    prefix: '/static/',
    ...(assetsOptions.manifest === undefined && { roots: root }),
    ...assetsOptions,
  });
  t.teardown(() => assets.close());
  const handler = assets.handler(handlerOptions);
  const { url } = await listen(t, (incoming, response) =>
    handler(incoming, response, (error) =>
      response.writeHead(error === undefined ? 299 : 599).end('the app'),
    ),
  );
  return {
    assets,
    folder,
    root,
    url,
    get: (path, headers = {}, method = 'GET') => request(url, path, { headers, method }),
  };
}

/** `Cache-Control` of what may be kept for ever. */
export const YEAR = 'public, max-age=31536000, immutable';
/** A version that no file has. */
export const UNKNOWN_VERSION = 'ffeeddccbbaa9988';
