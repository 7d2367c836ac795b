import { join } from 'node:path';
import express from 'express';
import { assetTags, openAssets } from 'static-url/assets';
import { devStaticRouter } from 'static-url/express';
import { formatDay, posts } from './posts.js';
import { manifest, prefix, production, releases, root } from './settings.js';

const views = join(import.meta.dirname, 'views');

/**
 * Creates the blog.
 *
 * @returns {Promise<Blog>}
 *
 * @typedef {object} Blog
 * @property {import('express').Express} app
 * @property {import('static-url/assets').Assets} assets Its static files.
 * @property {() => Promise<void>} close Ends watching and live reload.
 */
export async function createApp() {
  const assets = await openAssets(
    production ? { prefix, manifest, releases } : { prefix, roots: root, watch: true },
  );

  const app = express();
  app.disable('x-powered-by');
  app.set('view engine', 'ejs');
  app.set('views', views);
  Object.assign(app.locals, assetTags(assets), { liveReloadTag: '', posts, formatDay });
  app.locals.hasAsset = (/** @type {string} */ path) => assets.has(path);

  // In production nginx answers these URLs, and the app never sees them.
  const router = production ? undefined : devStaticRouter(prefix, root, { liveReload: { watch: [views] } });
  if (router) {
    app.locals.liveReloadTag = router.liveReloadTag;
    app.use(router);
  }

  app.use(setSecurityHeaders);
  app.get('/', (_request, response) => response.render('home'));
  app.get('/posts/:slug', (request, response, next) => {
    const index = posts.findIndex(({ slug }) => slug === request.params.slug);
    if (index === -1) return next();
    response.render('post', { post: posts[index], following: posts[(index + 1) % posts.length] });
  });
  app.use((_request, response) => response.status(404).render('missing'));
  app.use(showFailure);

  const close = async () => {
    await router?.close();
    await assets.close();
  };
  return { app, assets, close };
}

/**
 * @param {import('express').Request} _request
 * @param {import('express').Response} response
 * @param {import('express').NextFunction} next
 */
function setSecurityHeaders(_request, response, next) {
  response.set({
    'Content-Security-Policy': "default-src 'self'",
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'X-Content-Type-Options': 'nosniff',
  });
  next();
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
  response.status(status).render('failed', { reason: production ? '' : error.message });
}
