import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import express, { type Express } from 'express';
import { createPages, fileStore, type FileStore, type Pages, type PagesOptions } from '../../src/pages.ts';
import { pageCache } from '../../src/express.ts';
import { freePort } from '../helpers/free-port.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request, type Answer } from '../helpers/request.ts';

type Ask<Result> = (
  path: string,
  headers?: Readonly<Record<string, string>>,
  method?: string,
) => Promise<Result>;

/** An app with stored pages, on a real server. */
export interface PagesApp {
  readonly app: Express;
  readonly pages: Pages;
  readonly store: FileStore;
  /** The origin of the site. */
  readonly url: string;
  /** The requests that reached the app, visitors' and our own. */
  readonly asked: string[];
  readonly get: (
    path: string,
    headers?: Readonly<Record<string, string>>,
    method?: string,
  ) => Promise<Answer>;
  /** The member of `Cache-Status` that an answer has. */
  readonly status: (
    path: string,
    headers?: Readonly<Record<string, string>>,
    method?: string,
  ) => Promise<string>;
}

/**
 * Starts an app with stored pages.
 *
 * @param routes - what the app answers
 */
export async function startPages(
  t: ExecutionContext,
  routes: (app: Express, pages: Pages) => void,
  options: Partial<PagesOptions> = {},
): Promise<PagesApp> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const store = fileStore({ folder: join(await temporaryFolder(t), 'store') });
  const app = express().disable('x-powered-by');
  const pages = createPages({ sites: [url], urls: [/^\//], store, sweepSeconds: 0, ...options });
  t.teardown(() => pages.close());
  const asked: string[] = [];
  app.use(pageCache(pages));
  app.use((asking, _response, next) => {
    asked.push(asking.originalUrl);
    next();
  });
  routes(app, pages);
  await listen(t, app, port);
  const get: PagesApp['get'] = (path, headers = {}, method = 'GET') =>
    request(url, path, { method, headers });
  return {
    app,
    pages,
    store,
    url,
    asked,
    get,
    status: async (...asking) => String((await get(...asking)).headers['cache-status']),
  };
}
