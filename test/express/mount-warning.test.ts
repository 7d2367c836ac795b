import test from 'ava';
import express from 'express';
import { devStaticRouter, type DevStaticRouter, type DevStaticRouterOptions } from '../../src/express.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request } from '../helpers/request.ts';
import { collectWarnings } from '../helpers/warnings.ts';

const FILES = { 'app.css': 'a{}' };

test('devStaticRouter() says so once when its mount path holds a part of its prefix', async (t) => {
  const root = await temporaryFolder(t, FILES);
  const warnings = collectWarnings(t, '"/mounted');
  const app = express()
    .use('/mounted', devStaticRouter('/mounted/', root, { liveReload: { publicPrefix: '/x/' } }))
    .use('/mounted-shop', devStaticRouter('/mounted-shop/static/', root))
    .use('/mounted-deep/a', devStaticRouter('/a/', root))
    .use('/mounted-well', devStaticRouter('/static/', root));
  const { url } = await listen(t, app);
  for (const path of [
    '/mounted/app.css',
    '/mounted-shop/static/app.css',
    '/mounted-deep/a/app.css',
    '/mounted-well/other',
  ]) {
    for (let count = 0; count < 2; count += 1) t.is((await request(url, path)).status, 404);
  }
  t.deepEqual(warnings, [
    'devStaticRouter("/mounted/", …) is mounted on "/mounted", so it waits for "/mounted/mounted/". Mount it without a path: app.use(devStaticRouter("/mounted/", …)).',
    'devStaticRouter("/mounted-shop/static/", …) is mounted on "/mounted-shop", so it waits for "/mounted-shop/mounted-shop/static/". Mount it without a path: app.use(devStaticRouter("/mounted-shop/static/", …)).',
    'devStaticRouter("/a/", …) is mounted on "/mounted-deep/a", so it waits for "/mounted-deep/a/a/". Mount it without a path: app.use(devStaticRouter("/a/", …)).',
  ]);
});

test('devStaticRouter() says so once when its mount path hides live reload from browsers', async (t) => {
  const root = await temporaryFolder(t, FILES);
  const warnings = collectWarnings(t, '"/live');
  const live = (prefix: string, options: DevStaticRouterOptions): DevStaticRouter => {
    const router = devStaticRouter(prefix, root, options);
    t.teardown(() => router.close());
    return router;
  };
  const app = express()
    .use('/live-shop', live('/static/', { liveReload: true }))
    .use('/live-static', live('/', { liveReload: { watch: [] } }))
    .use('/live-told', live('/static/', { liveReload: { publicPrefix: '/live-told/static/' } }))
    .use('/live-off', live('/static/', {}))
    .use('/live-on', live('/live-on/', { liveReload: true }));
  const { url } = await listen(t, app);
  for (const path of ['/live-shop/static/app.css', '/live-static/app.css', '/live-told/static/app.css']) {
    for (let count = 0; count < 2; count += 1) t.is((await request(url, path)).status, 200);
  }
  t.is((await request(url, '/live-off/static/app.css')).status, 200);
  t.is((await request(url, '/live-on/app.css')).status, 404);
  t.deepEqual(warnings, [
    'devStaticRouter("/static/", …) is mounted on "/live-shop", so browsers see the prefix "/live-shop/static/", and cannot find live reload under "/static/". Pass liveReload: { publicPrefix: "/live-shop/static/" }.',
    'devStaticRouter("/", …) is mounted on "/live-static", so browsers see the prefix "/live-static/", and cannot find live reload under "/". Pass liveReload: { publicPrefix: "/live-static/" }.',
    'devStaticRouter("/live-on/", …) is mounted on "/live-on", so it waits for "/live-on/live-on/". Mount it without a path: app.use(devStaticRouter("/live-on/", …)).',
  ]);
});
