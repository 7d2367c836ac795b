import { join } from 'node:path';
import express from 'express';
import { devStaticRouter } from 'static-url/express';
import { formatDay, posts } from './posts.js';
import { prefix, production, root, staticUrl } from './settings.js';

const views = join(import.meta.dirname, 'views');

/**
 * Creates the blog.
 *
 * @returns {{ app: import('express').Express, close: () => Promise<void> }} The app, and what ends its live reload.
 */
export function createApp() {
  const app = express();
  app.disable('x-powered-by');
  app.set('view engine', 'ejs');
  app.set('views', views);
  Object.assign(app.locals, { staticUrl, liveReloadTag: '', posts, formatDay });

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

  return { app, close: async () => router?.close() };
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
