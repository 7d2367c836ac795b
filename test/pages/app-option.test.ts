import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import express from 'express';
import { createPages, fileStore, type Pages, type PagesOptions } from '../../src/pages.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request as ask } from '../helpers/request.ts';
import { startPages } from './pages-app.ts';

const SITE = 'https://www.example.com';

async function openPages(t: ExecutionContext, app?: PagesOptions['app']): Promise<Pages> {
  const folder = join(await temporaryFolder(t), 'store');
  const store = fileStore({ folder });
  const pages = createPages({ sites: [SITE], urls: ['/a'], store, sweepSeconds: 0, ...(app && { app }) });
  t.teardown(() => pages.close());
  return pages;
}

const listener: RequestListener = ({ headers, url }, response) => {
  response.setHeader('Content-Type', 'text/html').end(`${headers.host} ${url}`);
};
const expressApp = express().disable('x-powered-by').disable('etag').use(listener);

const APPS: Readonly<Record<string, NonNullable<PagesOptions['app']>>> = {
  'an Express app': expressApp,
  'a listener of requests': listener,
  'a server that does not listen': createServer(listener),
  'a function that gives an app': () => expressApp,
  'a function that gives a promise of an app, as import() does': async () => expressApp,
  'a function that gives a server': () => createServer(expressApp),
};

for (const [what, app] of Object.entries(APPS))
  test(`publish() before the first visitor renders by "app": ${what}`, async (t) => {
    const pages = await openPages(t, app);
    t.deepEqual((await pages.publish('/a')).results, [{ url: `${SITE}/a`, result: 'published' }]);
  });

test('without "app" and before the first visitor publish(), why() and verify() reject as APP_UNKNOWN; delete() and invalidate() work', async (t) => {
  const pages = await openPages(t);
  for (const asked of [pages.publish('/a'), pages.why('/a'), pages.verify('/a')])
    await t.throwsAsync(asked, { code: 'APP_UNKNOWN', message: /"app"/ });
  t.deepEqual((await pages.delete('/a')).results, [{ url: `${SITE}/a`, result: 'missing' }]);
  t.deepEqual((await pages.invalidate({ tags: ['a'] })).results, []);
});

test('"app" is asked for once, when the first page is rendered, and again after it failed', async (t) => {
  let calls = 0;
  const pages = await openPages(t, async () => {
    calls += 1;
    if (calls === 1) throw new Error('The database is not there yet.');
    return expressApp;
  });
  t.is(calls, 0);
  await t.throwsAsync(pages.publish('/a'), { message: 'The database is not there yet.' });
  await Promise.all([pages.publish('/a'), pages.publish('/a')]);
  await pages.publish('/a');
  t.is(calls, 2);
});

test('"app" that gives no app is a TypeError which says what to pass', async (t) => {
  const pages = await openPages(t, () => ({ listen: true }));
  await t.throwsAsync(pages.publish('/a'), { instanceOf: TypeError, message: /Express app/ });
  await t.throwsAsync(openPages(t, 7 as never), { instanceOf: TypeError });
});

test('bypassed() tells which cookies sent most requests to the app, by their names, of all processes', async (t) => {
  const { pages, get, url, store } = await startPages(t, (app) => {
    app.get('/a', (_request, response) => response.send('a'));
  });
  for (const cookie of ['theme=dark', 'theme=light; session=secret', '_ga=1', 'theme='])
    await get('/a', { Cookie: cookie });
  t.deepEqual(await pages.bypassed(), { theme: 3, session: 1 });
  const other = createPages({ sites: [url], urls: ['/a'], store: fileStore({ folder: store.folder }) });
  t.teardown(() => other.close());
  t.deepEqual(await other.bypassed(), { theme: 3, session: 1 });
});

test('publish() does not go through the server of who asks another host of the same app', async (t) => {
  const { app, pages, get } = await startPages(t, (own) => {
    own.get('/:page', (asking, response) => response.send('insider' in asking ? 'secret' : 'public'));
  });
  await get('/a', { Cookie: 'session=1' });
  const inner = await listen(t, (asking, response) =>
    app(Object.assign(asking, { insider: true }), response),
  );
  t.is((await ask(inner.url, '/health')).body.toString(), 'secret');
  await pages.publish('/a');
  t.is((await get('/a')).body.toString(), 'public');
});

test('"strip" does not make a page of another charset pass', async (t) => {
  const { pages, url, get } = await startPages(
    t,
    (app) =>
      app.get('/a', (_request, response) => response.type('html').end(Buffer.from('caf\u00e9', 'latin1'))),
    { strip: (html) => html, app: () => express() },
  );
  await get('/a');
  t.like((await pages.publish('/a')).results, [{ url: `${url}/a`, result: 'kept', code: 'CONTENT_TYPE' }]);
});

test('"skip" that gives no reason at once, such as a promise of one, lets no page pass', async (t) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no types in JavaScript
  const skip = (async () => 'a reason') as unknown as NonNullable<PagesOptions['skip']>;
  const { pages, get } = await startPages(
    t,
    (app) => app.get('/a', (_request, response) => response.send('a')),
    {
      skip,
    },
  );
  await get('/a', { Cookie: 'session=1' });
  const [result] = (await pages.publish('/a')).results;
  t.like(result, { result: 'kept', code: 'SKIPPED' });
  t.regex(result?.detail ?? '', /as a string, or nothing, at once/);
});
