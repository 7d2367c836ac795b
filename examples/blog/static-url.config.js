import { join } from 'node:path';
import { openAssets } from 'static-url';
import { defineConfig } from 'static-url/config';
import { fileStore, memcachedStore } from 'static-url/pages';

const here = (/** @type {string} */ name) => join(import.meta.dirname, name);
const { NODE_ENV, PORT, MEMCACHED } = process.env;
const production = NODE_ENV === 'production';
const mode = production ? 'production' : 'development';
const files = {
  prefix: '/static/',
  roots: here('public'),
  releases: here('.releases'),
  manifest: here('.deployed.json'),
};

/** Read by the command line, by the app and for nginx. */
export default defineConfig({
  ...files,

  // Imported when a command has a page rendered, and not before.
  app: async () => {
    const { createApp } = await import('./app.js');
    return (await createApp()).app;
  },
  pages: {
    sites: [`http://127.0.0.1:${PORT || (production ? 8080 : 3000)}`],
    urls: ['/', '/posts/:slug', '/feed.xml', '/notes.json'],
    bypassCookies: ['session'],
    // Opened when a command renders: pages remember which files they name. The app has its own.
    assets: () => {
      const { roots, ...released } = files;
      return openAssets(production ? released : { prefix: files.prefix, roots });
    },
    headers: {
      'Content-Security-Policy': "default-src 'self'",
      'Referrer-Policy': 'strict-origin-when-cross-origin',
      'X-Content-Type-Options': 'nosniff',
    },
    preload: { folder: here(`.preloaded/${mode}`) },
    store: MEMCACHED
      ? memcachedStore({
          servers: MEMCACHED.split(','),
          ttlSeconds: 24 * 60 * 60,
          types: [
            { urls: '/feed.xml', type: 'application/rss+xml' },
            { urls: '/notes.json', type: 'application/json' },
          ],
          owner: 'slack-water', // on any port
        })
      : fileStore({
          folder: here(`.pages/${mode}`),
          owner: 'slack-water',
        }),
  },
});
