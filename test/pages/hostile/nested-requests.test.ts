import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import express from 'express';
import { pageCache } from '../../../src/express.ts';
import { isRender } from '../../../src/pages.ts';
import { startSite, visitorsOf } from './site.ts';

test('pages that ask for others of the app by HTTP are stored, and so are the others, with one render at a time', async (t) => {
  let base = '';
  const asked: string[] = [];
  const { url, get, stored } = await startSite(
    t,
    (pages) => {
      const app = express().disable('x-powered-by');
      app.use(pageCache(pages));
      app.get('/menu', (request, response) => {
        asked.push(`menu ${isRender(request) ? 'render' : 'visitor'}`);
        response.send('menu');
      });
      app.get('/:page', async ({ params: { page } }, response) => {
        const menu = await fetch(`${base}/menu`);
        response.send(`<p>${page} ${await menu.text()}`);
      });
      return app;
    },
    { renders: 1 },
  );
  base = url;
  t.like(await get('/a'), { text: '<p>a menu', said: 'fwd=uri-miss; stored' });
  // The only render was the page's own: the app answered for the menu at once.
  t.deepEqual(asked, ['menu visitor']);
  t.deepEqual(await stored(), ['/a']);
  t.like(await get('/menu'), { said: 'fwd=uri-miss; stored' });
  t.like(await get('/b'), { text: '<p>b menu', said: 'fwd=uri-miss; stored' });
  t.deepEqual(asked, ['menu visitor', 'menu render']);
  t.deepEqual(await stored(), ['/a', '/b', '/menu']);
});

test('many pages at once that ask for many others by HTTP do not wait for each other', async (t) => {
  let base = '';
  const { url } = await startSite(
    t,
    (pages) => {
      const app = express().disable('x-powered-by');
      app.use(pageCache(pages));
      app.get('/part/:name', async ({ params: { name } }, response) => {
        await pause(1);
        response.send(`part ${name}`);
      });
      app.get('/:page', async ({ params: { page } }, response) => {
        const part = await fetch(`${base}/part/${page}`);
        response.send(`<p>${page} ${await part.text()}`);
      });
      return app;
    },
    // Who waits for what cannot come would wait for ever.
    { renders: 2 },
  );
  base = url;
  const visit = visitorsOf(t, url);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => visit(`/${index}`)));
  for (const [index, answer] of answers.entries())
    t.true(answer.endsWith(`<p>${index} part ${index}`), answer);
});

test('a page that asks for itself by HTTP waits for its own render no longer than a visitor does', async (t) => {
  let base = '';
  const { url, get, stored } = await startSite(
    t,
    (pages) => {
      const app = express().disable('x-powered-by');
      app.use(pageCache(pages));
      app.get('/', async (asking, response) => {
        if (!isRender(asking)) return void response.send('<p>inner');
        const inner = await fetch(base);
        response.send(`<p>outer, ${inner.headers.get('cache-status')}, ${await inner.text()}`);
      });
      return app;
    },
    { waitSeconds: 1 },
  );
  base = url;
  // The visitor waits as long as the inner request does, and either of them may be first.
  t.regex((await get('/')).text, /<p>(inner|outer)/);
  while ((await stored()).length === 0) await pause(1);
  t.like(await get('/'), {
    text: '<p>outer, static-url; fwd=uri-miss; detail=WAITED, <p>inner',
    said: 'hit',
  });
});
