import { join } from 'node:path';
import express from 'express';
import { assetTags } from 'static-url/assets';
import { assetsRouter, devStaticRouter } from 'static-url/express';
import { openMarkdown } from './markdown.js';
import { groups, pages, readPage } from './pages.js';
import { assetSettings, base, headers, openSiteAssets, repository } from './settings.js';

const views = join(import.meta.dirname, 'views');
const documents = join(import.meta.dirname, '..');

/**
 * Creates the documentation as an app: a page for each file, rendered when it is asked for.
 *
 * @param {object} [options]
 * @param {boolean} [options.edited] Pages in a browser follow the files as they are edited.
 * @param {boolean} [options.serveAssets] Off where an export brings the static files.
 * @returns {Promise<{ app: import('express').Express, close: () => Promise<void> }>}
 */
export async function createApp({ edited = false, serveAssets = true } = {}) {
  const assets = await openSiteAssets({ watch: edited });
  const pageOf = rememberPages(await openMarkdown({ base, repository }));
  const app = express();
  app.disable('x-powered-by');
  app.set('view engine', 'ejs');
  app.set('views', views);
  Object.assign(app.locals, assetTags(assets), { base, groups, liveReloadTag: '' });

  const router = edited
    ? devStaticRouter(assetSettings.prefix, assetSettings.roots, {
        liveReload: { watch: [views, documents] },
      })
    : undefined;
  if (router) {
    app.locals.liveReloadTag = router.liveReloadTag;
    app.use(router);
  }
  if (serveAssets) app.use(assetsRouter(assets));
  app.use((_request, response, next) => {
    response.set(headers);
    next();
  });

  app.get('/search.json', async (_request, response) => {
    const found = await Promise.all(
      pages.map(async (page) => {
        const { sections } = await pageOf(page);
        return sections.map(({ id, heading, text }) => ({
          url: `${base}${page.name}${id && `#${id}`}`,
          page: page.label,
          heading,
          text,
        }));
      }),
    );
    response.json(found.flat());
  });

  app.get('/{:name}', async (request, response, next) => {
    const index = pages.findIndex(({ name }) => name === (request.params.name ?? ''));
    const page = pages[index];
    if (!page) return next();
    response.render('page', {
      ...(await pageOf(page)),
      page,
      previous: pages[index - 1],
      following: pages[index + 1],
    });
  });

  app.use((_request, response) => response.status(404).render('missing', { page: undefined }));

  const close = async () => {
    await router?.close();
    await assets.close();
  };
  return { app, close };
}

/**
 * Renders a page again once its file has changed, as the search reads what each page shows.
 *
 * @param {Awaited<ReturnType<typeof openMarkdown>>} render
 * @returns {(page: import('./pages.js').Page) => Promise<import('./markdown.js').Rendered>}
 */
function rememberPages(render) {
  /** @type {Map<string, { text: string, rendered: import('./markdown.js').Rendered }>} */
  const known = new Map();
  return async ({ file }) => {
    const text = await readPage(file);
    const before = known.get(file);
    if (before?.text === text) return before.rendered;
    const rendered = render(text, file);
    known.set(file, { text, rendered });
    return rendered;
  };
}
