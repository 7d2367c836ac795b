import test from 'ava';
import { startPages } from '../pages-app.ts';
import { newStore, startServers } from './cluster.ts';

test('pageCache() answers from memcached what it has stored there, and renders a page once for all who want it', async (t) => {
  const store = newStore(await startServers(t, 3));
  const site = await startPages(
    t,
    (app, pages) => {
      app.get('/:page', ({ params }, response) => {
        pages.tag(`page:${params.page}`);
        response.send(`<p>${params.page}`);
      });
    },
    { store },
  );
  const { get, status, asked } = site;
  const answers = await Promise.all(Array.from({ length: 20 }, () => status('/a')));
  t.deepEqual(asked.splice(0), ['/a']);
  t.is(answers.filter((each) => each.endsWith('stored')).length, 1);
  t.is((await get('/a')).body.toString(), '<p>a');
  t.is(await status('/a', { 'Accept-Encoding': 'gzip' }), 'static-url; hit');
  const { etag } = (await get('/a')).headers;
  t.is((await get('/a', { 'If-None-Match': String(etag) })).status, 304);
  t.deepEqual(asked, []);
  await site.pages.invalidate({ tags: ['page:a'] });
  t.regex(await status('/a'), /stored$/);
  t.deepEqual(asked, ['/a']);
});

test('pages that memcached cannot keep are refused by name, and the visitor gets the page of the app', async (t) => {
  const options = {
    gzip: false,
    maxItemBytes: 2048,
    types: [{ urls: '/data', type: 'application/json' }],
  } as const;
  const { get, status } = await startPages(
    t,
    (app) => {
      app.get('/long', (_request, response) => response.send('x'.repeat(3000)));
      app.get('/feed', (_request, response) => response.type('application/rss+xml').send('<rss/>'));
      app.get('/data', (_request, response) => response.json({ a: 1 }));
    },
    { store: newStore(await startServers(t, 1), options) },
  );
  t.regex(await status('/long'), /detail=TOO_LARGE$/);
  t.is((await get('/long')).body.length, 3000);
  t.regex(await status('/feed'), /detail=TYPE_DIFFERS$/);
  t.is((await get('/feed')).body.toString(), '<rss/>');
  t.regex(await status('/data'), /stored$/);
  t.is((await get('/data')).headers['content-type'], 'application/json');
  t.regex(await status(`/${'a'.repeat(235)}`), /detail=KEY_LENGTH$/);
});
