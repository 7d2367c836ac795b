import { join } from 'node:path';
import { defineConfig } from 'static-url/config';
import { route } from 'static-url/site';
import { pages } from './pages.js';
import { base, headers, openSiteAssets, origin } from './settings.js';

/** The documentation as a static site: "npm run docs" exports and serves it, "npm run docs:edit" follows edits without. */
export default defineConfig({
  app: async () => {
    const { createApp } = await import('./app.js');
    return (await createApp({ serveAssets: false })).app;
  },
  site: {
    origin,
    out: join(import.meta.dirname, '.site'),
    assets: () => openSiteAssets(),
    routes: [
      route('/{:name}', { name: 'page', params: pages.map(({ name }) => (name ? { name } : {})) }),
      route('/search.json', { name: 'search' }),
      route('/404', { name: 'missing', file: '404.html', statusCodes: [404] }),
    ],
    headers: [{ path: '/*', headers }],
    hostFiles: base === '/',
    // The search has every page read and its code coloured first, which a busy machine takes its time for.
    deadlineSeconds: 300,
    compress: true,
    sitemap: true,
    robots: true,
  },
});
