import { join } from 'node:path';
import test from 'ava';
import express from 'express';
import { openAssets, writeRelease } from '../../src/assets.ts';
import { assetsRouter } from '../../src/express.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { placeDelta } from '../helpers/place-delta.ts';
import { request } from '../helpers/request.ts';
import { collectWarnings } from '../helpers/warnings.ts';

test('assetsRouter() serves assets in an Express app, and leaves the rest to it', async (t) => {
  const root = await temporaryFolder(t, { 'css/app.css': 'main {}', 'big.bin': Buffer.alloc(300_000, 'x') });
  const assets = await openAssets({ prefix: '/static/', roots: root });
  const app = express()
    .use(assetsRouter(assets, { memoryBudgetBytes: 1000, headers: { 'X-Served-By': 'assets' } }))
    .use((_request, response) => void response.status(299).send('the app'));
  const { url } = await listen(t, app);
  for (const [name, size] of [
    ['css/app.css', 7],
    ['big.bin', 300_000],
  ] as const) {
    const { status, headers, body } = await request(url, assets.url(name));
    t.deepEqual([status, body.length], [200, size]);
    t.is(headers['cache-control'], 'public, max-age=31536000, immutable');
    t.is(headers['x-served-by'], 'assets');
    t.is(headers['x-powered-by'], 'Express');
    t.is(
      (await request(url, assets.url(name), { headers: { 'if-none-match': headers.etag ?? '' } })).status,
      304,
    );
  }
  t.is((await request(url, '/static/nope.css')).status, 404);
  t.is((await request(url, assets.url('css/app.css'), { method: 'POST' })).status, 405);
  t.is((await request(url, '/elsewhere')).status, 299);
});

test('assetsRouter({ deltas: true }) sends a client that has an older version of a file its delta', async (t) => {
  const [older, newer] = ['a'.repeat(3000), `${'a'.repeat(3000)}b`];
  const folder = await temporaryFolder(t, { 'public/app.js': newer });
  const [releases, manifest] = [join(folder, 'releases'), join(folder, 'assets.json')];
  await writeRelease({ roots: join(folder, 'public'), releases, manifest });
  const assets = await openAssets({ prefix: '/static/', manifest, releases });
  const path = assets.url('app.js');
  const [, , fingerprint = ''] = path.split('/');
  const { asking, bytes } = await placeDelta(join(releases, fingerprint), 'app.js', older, newer);
  const { url } = await listen(t, express().use(assetsRouter(assets, { deltas: true })));
  const { status, headers, body } = await request(url, path, { headers: asking });
  t.deepEqual([status, headers['content-encoding'], body], [200, 'dcz', bytes]);
  t.is(headers['vary'], 'Accept-Encoding, Available-Dictionary');
  t.is(headers['use-as-dictionary'], 'match="/static/:version/app.js"');
  t.is(String((await request(url, path)).body), newer);
});

test('assetsRouter() of an absolute prefix answers its path', async (t) => {
  const root = await temporaryFolder(t, { 'app.css': 'main {}' });
  const assets = await openAssets({ prefix: 'https://cdn.example.com/static/', roots: root });
  const { url } = await listen(t, express().use(assetsRouter(assets)));
  t.is((await request(url, new URL(assets.url('app.css')).pathname)).status, 200);
});

test('assetsRouter() says so once when it is mounted on a path', async (t) => {
  const roots = await temporaryFolder(t, { 'app.css': 'main {}' });
  const assets = await openAssets({ prefix: '/shop/static/', roots });
  const warnings = collectWarnings(t, 'assetsRouter(assets)');
  const app = express()
    .use('/shop', assetsRouter(assets))
    .use('/shop/static/', assetsRouter(assets))
    .use('/elsewhere', assetsRouter(assets))
    .use(assetsRouter(assets));
  const { url } = await listen(t, app);
  for (let count = 0; count < 2; count += 1) {
    t.is((await request(url, assets.url('app.css'))).status, 200);
    t.is((await request(url, `/elsewhere${assets.url('app.css')}`)).status, 200);
    t.is((await request(url, '/elsewhere/other')).status, 404);
  }
  t.deepEqual(
    warnings,
    ['/shop', '/shop/static', '/elsewhere'].map(
      (path) =>
        `assetsRouter(assets) is mounted on "${path}", so the URLs of its assets do not reach it. Mount it without a path: app.use(assetsRouter(assets)).`,
    ),
  );
});

test('assetsRouter() sends no cookie that middleware has set, and leaves it to the app', async (t) => {
  const root = await temporaryFolder(t, { 'app.css': 'main {}', 'big.bin': Buffer.alloc(300_000, 'x') });
  const assets = await openAssets({ prefix: '/static/', roots: root });
  const app = express()
    .use((_request, response, next) => {
      response.cookie('session', '1').cookie('seen', 'yes');
      next();
    })
    .use(assetsRouter(assets, { memoryBudgetBytes: 1000, fallthrough: true }))
    .use((_request, response) => void response.send('the app'));
  const { url } = await listen(t, app);
  for (const name of ['app.css', 'big.bin']) {
    const { status, headers } = await request(url, assets.url(name));
    t.is(status, 200);
    t.is(headers['cache-control'], 'public, max-age=31536000, immutable');
    t.is(headers['set-cookie'], undefined);
  }
  for (const path of ['/', '/static/gone.css'])
    t.deepEqual((await request(url, path)).headers['set-cookie'], ['session=1; Path=/', 'seen=yes; Path=/']);
});

test('assetsRouter() refuses assets that were not awaited', async (t) => {
  const opening = openAssets({ prefix: '/static/', roots: await temporaryFolder(t) });
  t.throws(() => assetsRouter(opening as never), {
    instanceOf: TypeError,
    message: 'assetsRouter() takes what openAssets() returned, not a Promise. Did you forget "await"?',
  });
  await opening;
});

test('assetsRouter() refuses an option that is not known', async (t) => {
  const assets = await openAssets({ prefix: '/static/', roots: await temporaryFolder(t) });
  t.throws(() => assetsRouter(assets, { core: true } as object), {
    message: /no option "core". Did you mean "cors"\?/,
  });
});
