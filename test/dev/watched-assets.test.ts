import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import express from 'express';
import { assetTags, openAssets } from '../../src/assets.ts';
import { devStaticRouter } from '../../src/express.ts';
import { openChromium } from '../helpers/chromium.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { readEvents } from './event-reader.ts';
import { counter, reloaded, styled, until } from './live-app.ts';

test('live reload swaps a stylesheet of watched assets in place, and the next page has its new URL', async (t) => {
  const root = await temporaryFolder(t, {
    'css/app.css': '@import "./base.css"; body { color: rgb(1, 1, 1) }',
    'css/base.css': 'body { background-color: rgb(1, 1, 1) }',
    'js/app.js': "import { text } from './text.js'; document.title = text;",
    'js/text.js': "export const text = 'one';",
  });
  const assets = await openAssets({ prefix: '/static/', roots: root, watch: true, modules: 'importmap' });
  t.teardown(() => assets.close());
  const router = devStaticRouter('/static/', root, { liveReload: true });
  t.teardown(() => router.close());
  const tags = assetTags(assets);
  const app = express().use(router);
  app.get('/', (_request, response) => {
    response.set('Content-Security-Policy', `default-src 'self'; script-src 'self' ${tags.importMapHash()}`);
    response.send(
      `<!doctype html><html><head>${tags.importMap()}${tags.stylesheet('css/app.css')}${tags.moduleScript('js/app.js')}${router.liveReloadTag}</head><body>page</body></html>`,
    );
  });
  const { url } = await listen(t, app);
  const events = await readEvents(t, `${url}/static/@live-reload/events`);
  await events.message();
  events.close();

  const page = await (await openChromium(t)).newPage();
  await page.goto(url);
  const href = (): Promise<unknown> => page.evaluate('document.querySelector("link").getAttribute("href")');
  const before = assets.url('css/app.css');
  t.is(await href(), before);
  await page.evaluate('globalThis.counter = 41');

  writeFileSync(join(root, 'css/base.css'), 'body { background-color: rgb(2, 2, 2) }');
  await styled(page, 'backgroundColor', 'rgb(2, 2, 2)');
  t.is(await counter(page), 41);
  await page.reload();
  const after = assets.url('css/app.css');
  t.not(after, before);
  t.is(await href(), after);

  await page.evaluate('globalThis.counter = 41');
  const script = assets.url('js/text.js');
  writeFileSync(join(root, 'js/text.js'), "export const text = 'two';");
  await reloaded(page);
  t.is(await page.title(), 'two');
  t.not(assets.url('js/text.js'), script);
  const fetched = (): Promise<unknown> =>
    page.evaluate(
      'performance.getEntriesByType("resource").find(({ name }) => name.endsWith("text.js"))?.name',
    );
  // Browsers enter it some time after they have run it.
  await until(async () => (await fetched()) !== undefined);
  t.is(
    await fetched(),
    `${url}${assets.url('js/text.js')}`,
    'the page that was loaded by itself already has the new URL',
  );
});
