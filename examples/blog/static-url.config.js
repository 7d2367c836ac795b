import { join } from 'node:path';
import { openAssets } from 'static-url';
import { defineConfig } from 'static-url/config';
import { fileStore, memcachedStore } from 'static-url/pages';
import { directoryTarget, route, s3Target } from 'static-url/site';
import { firstPosts } from './posts.js';

const here = (/** @type {string} */ name) => join(import.meta.dirname, name);
const { NODE_ENV, PORT, MEMCACHED, S3_ENDPOINT, S3_BUCKET = 'slack-water' } = process.env;
const production = NODE_ENV === 'production';
const mode = production ? 'production' : 'development';
const address = `http://127.0.0.1:${PORT || (production ? 8080 : 3000)}`;
const files = {
  prefix: '/static/',
  roots: here('public'),
  releases: here('.releases'),
  manifest: here('.deployed.json'),
};

/** Where `npm run publish` publishes to, for nginx. */
export const published = here('.published');

/** Opened when a command renders: pages name these files. The app has its own. */
const assets = () => {
  const { roots, ...released } = files;
  return openAssets(production ? released : { prefix: files.prefix, roots });
};
const headers = {
  'Content-Security-Policy': "default-src 'self'",
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'X-Content-Type-Options': 'nosniff',
};

/** Read by the command line, by the app and for nginx. */
export default defineConfig({
  ...files,
  deltas: true,

  // Imported when a command has a page rendered, and not before.
  app: async () => {
    const { createApp } = await import('./app.js');
    return (await createApp()).app;
  },
  pages: {
    sites: [address],
    urls: ['/', '/posts/:slug', '/feed.xml', '/notes.json'],
    bypassCookies: ['session'],
    assets,
    headers,
    preload: { folder: here(`.preloaded/${mode}`) },
    store: MEMCACHED
      ? memcachedStore({
          servers: MEMCACHED.split(','),
          ttlSeconds: 24 * 60 * 60,
          deadlineMilliseconds: 5000, // all of it runs on one computer, which may be busy; else leave it out
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

  // `npm run export`: what everybody reads, as files.
  site: {
    origin: 'https://slack-water.example',
    out: here('.exported/site'),
    routes: [
      route('/'),
      route('/posts/:slug', { params: firstPosts.map(({ slug }) => ({ slug })) }),
      route('/feed.xml'),
      route('/notes.json'),
      route('/404', { file: '404.html', statusCodes: [404] }),
    ],
    exclude: ['/login', '/posts/:slug/edit'], // nobody writes there
    assets,
    headers: [
      { path: '/*', headers },
      { path: '/feed.xml', headers: { 'Content-Type': 'application/rss+xml; charset=utf-8' } },
    ],
    sitemap: true,
    robots: true,
    compress: true,
    swap: 'link', // nginx is reading

    // `npm run publish`, and with `-- --s3`. nginx answers at the address, and is asked for what has changed.
    targets: {
      default: directoryTarget({ folder: published, publicUrl: address }),
      // Whose it is, the SDK finds out: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
      s3: s3Target({ bucket: S3_BUCKET, endpoint: S3_ENDPOINT, publicUrl: address }),
    },
  },
});
