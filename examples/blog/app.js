import { join } from 'node:path';
import express from 'express';
import { assetTags, openAssets } from 'static-url/assets';
import { devStaticRouter, pageCache } from 'static-url/express';
import { createPages, pageTags } from 'static-url/pages';
import { BlogDatabase } from './database.js';
import { clearAfterEdits } from './edits.js';
import { createLogin } from './login.js';
import { formatDay } from './posts.js';
import { readingRoutes } from './reading.js';
import { requireSameOrigin } from './same-origin.js';
import { manifest, pageSettings, prefix, production, releases, root, siteSettings } from './settings.js';
import { writingRoutes } from './writing.js';

const views = join(import.meta.dirname, 'views');
const databaseFile = join(import.meta.dirname, '.data/blog.db');

/**
 * Creates the blog.
 *
 * @returns {Promise<Blog>}
 *
 * @typedef {object} Blog
 * @property {import('express').Express} app
 * @property {import('static-url/assets').Assets} assets Its static files.
 * @property {import('static-url/pages').Pages} pages Its stored pages.
 * @property {string} password The author's.
 * @property {() => Promise<void>} close Ends watching, live reload and renders.
 */
export async function createApp() {
  const assets = await openAssets(
    production ? { prefix, manifest, releases } : { prefix, roots: root, watch: true },
  );
  const database = new BlogDatabase(databaseFile);
  const login = createLogin();

  const app = express();
  app.disable('x-powered-by');
  app.set('view engine', 'ejs');
  app.set('views', views);
  Object.assign(app.locals, assetTags(assets), { liveReloadTag: '', production, formatDay });
  app.locals.hasAsset = (/** @type {string} */ path) => assets.has(path);

  const pages = createPages({ ...pageSettings, app, assets });
  Object.assign(app.locals, pageTags(pages));
  // What fails where nobody waits for it.
  pages.on('error', console.error);

  // In production nginx answers these URLs, and the app never sees them.
  const router = production ? undefined : devStaticRouter(prefix, root, { liveReload: { watch: [views] } });
  if (router) {
    app.locals.liveReloadTag = router.liveReloadTag;
    app.use(router, clearAfterEdits(pages, [views, root]));
  }

  // Before all that is one visitor's own.
  app.use(pageCache(pages));
  app.use(beginPage);
  app.use(requireSameOrigin, express.urlencoded({ extended: false }));
  app.use(unlessStatic(login.router, writingRoutes(database, pages)), readingRoutes(database, pages));
  app.use((_request, response) => response.status(404).render('missing'));
  app.use(showFailure);

  const close = async () => {
    await router?.close();
    await pages.close();
    await assets.close();
    database.close();
  };
  return { app, assets, pages, password: login.password, close };
}

const staticHost = new URL(siteSettings.origin).host;

/**
 * Says where the page will be. The static site is exported under a host of its own, by which the app knows what is for it.
 *
 * @param {import('express').Request} request
 * @param {import('express').Response} response
 * @param {import('express').NextFunction} next
 */
function beginPage(request, response, next) {
  response.set(pageSettings.headers);
  const isStatic = request.host === staticHost;
  Object.assign(response.locals, {
    began: performance.now(),
    isStatic,
    site: isStatic ? siteSettings.origin : pageSettings.sites[0],
    author: false,
    // Nobody's page is stored there, and its files are all that there is.
    ...(isStatic && { staticPreload: (/** @type {string} */ url) => url }),
  });
  next();
}

/**
 * Leaves out what a folder of files cannot do: it takes neither comments nor passwords.
 *
 * @param {import('express').Router[]} routers
 */
function unlessStatic(...routers) {
  return express
    .Router()
    .use((_request, response, next) => next(response.locals.isStatic ? 'router' : undefined))
    .use(...routers);
}

/**
 * Shows what went wrong on a page that has live reload, so that it goes away by itself when the mistake is mended.
 *
 * @param {Error & { status?: number }} error
 * @param {import('express').Request} _request
 * @param {import('express').Response} response
 * @param {import('express').NextFunction} next
 */
function showFailure(error, _request, response, next) {
  const { status = 500 } = error;
  if (status >= 500) console.error(error);
  if (response.headersSent) return next(error);
  response.status(status).render('failed', { reason: production && status >= 500 ? '' : error.message });
}
