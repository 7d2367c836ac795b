import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { temporaryFolder, type Files } from '../helpers/folder.ts';

export const SITE = 'https://www.example.com';

/** What is built, for processes of their own, and the source, for commands that run in this one. */
const ENTRIES = {
  built: ['../../dist/pages.js', '../../dist/express.js'],
  source: ['../../src/pages.ts', '../../src/express.ts'],
} as const;

const EXPRESS = import.meta.resolve('express');

/** The built program; `npm test` builds it first. */
export const BIN: string = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

/** A site in a folder: `app.mjs`, `static-url.config.mjs` and, once a command has run, `store`. */
export interface SiteSource {
  /** What the app does with `app`, behind its own `pages`, as a server has them. */
  readonly routes?: string;
  /** Options of pages beside `sites`, `urls` and `store`. */
  readonly pages?: string;
  /** The option `app`. */
  readonly app?: string;
  readonly files?: Files;
}

export async function createSite(
  t: ExecutionContext,
  entry: keyof typeof ENTRIES,
  {
    routes = '',
    pages = '',
    app = "async () => (await import('./app.mjs')).default",
    files = {},
  }: SiteSource = {},
): Promise<string> {
  const [pagesEntry, expressEntry] = ENTRIES[entry].map((name) => new URL(name, import.meta.url).href);
  return temporaryFolder(t, {
    'app.mjs': `
      import express from ${JSON.stringify(EXPRESS)};
      import { createPages } from '${pagesEntry}';
      import { pageCache } from '${expressEntry}';
      import config from './static-url.config.mjs';
      const app = express().disable('x-powered-by');
      const pages = createPages({ ...config.pages, sweepSeconds: 0 });
      app.use(pageCache(pages));
      ${routes}
      app.use((error, request, response, next) => response.status(500).end());
      export default app;`,
    'static-url.config.mjs': `
      import * as pages from '${pagesEntry}';
      const store = pages.fileStore({ folder: new URL('store', import.meta.url) });
      export default { app: ${app}, pages: { sites: ['${SITE}'], urls: ['/', '/:name'], store, ${pages} } };`,
    ...files,
  });
}
