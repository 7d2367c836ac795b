import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import test, { type ExecutionContext } from 'ava';
import { createPages, fileStore, type PagesOptions, type PurgedPages } from '../../src/pages.ts';
import { until } from '../helpers/descriptors.ts';
import { startPages, type PagesApp } from './pages-app.ts';

/** An app whose pages say how often they were rendered, and which answers as it is told. */
interface Aging extends PagesApp {
  readonly state: { status: number; held: Promise<unknown> };
  readonly text: (path: string) => Promise<string>;
  readonly targets: () => Promise<string[]>;
}

async function startAging(t: ExecutionContext, options: Partial<PagesOptions>): Promise<Aging> {
  const state = { status: 200, held: Promise.resolve() as Promise<unknown> };
  let renders = 0;
  const site: PagesApp = await startPages(
    t,
    (app) => {
      app.get('/*page', async ({ path }, response) => {
        renders += 1;
        const text = `${path} ${renders}`;
        await state.held;
        response.status(state.status).send(text);
      });
    },
    { app: () => site.app, ...options },
  );
  const targets: Aging['targets'] = async () => {
    const found: string[] = [];
    for await (const { target } of site.pages.list()) found.push(target);
    return found.toSorted();
  };
  return { ...site, state, targets, text: async (path) => (await site.get(path)).body.toString() };
}

/** Waits until pages that were stored before are older than the shortest age. */
async function grow(pages: PagesApp['pages'], seconds: number): Promise<void> {
  await until(async () => {
    for await (const { storedAt } of pages.list())
      if (Date.now() - storedAt.getTime() <= seconds * 1000) return false;
    return true;
  });
}

test('a hit that is older than its "maxAgeSeconds" is served, and then renewed; ages go by pattern, the first counts', async (t) => {
  const { pages, text, get, status } = await startAging(t, {
    maxAgeSeconds: [
      { urls: '/news/*rest', seconds: 0.02 },
      { urls: ['/a', /^\/b/], seconds: 3600 },
      { seconds: 7200 },
    ],
  });
  await pages.publish('/news/1', '/a', '/other');
  await grow(pages, 0.02);
  const { headers, body } = await get('/news/1');
  t.is(headers['cache-status'], 'static-url; hit; detail=OUTDATED');
  t.is(body.toString(), '/news/1 1');
  t.is(await status('/a'), 'static-url; hit');
  t.is(await status('/other'), 'static-url; hit');
  await until(async () => (await text('/news/1')) !== '/news/1 1');
});

test('while an outdated page is renewed, more visitors start no more renders', async (t) => {
  const { pages, text, state, asked } = await startAging(t, { maxAgeSeconds: 0.001 });
  await pages.publish('/a', '/b');
  await grow(pages, 0.001);
  asked.length = 0;
  const gate = new EventEmitter();
  state.held = once(gate, 'open');
  await text('/a');
  await until(() => asked.length === 1);
  for (let visits = 0; visits < 30; visits += 1) t.is(await text('/a'), '/a 1');
  await text('/b');
  t.deepEqual(asked, ['/a']);
  gate.emit('open');
  await until(() => asked.includes('/b'));
  t.deepEqual(asked, ['/a', '/b']);
  t.is(await text('/a'), '/a 3');
});

test('an outdated page that the app cannot render stays, is not tried again at once, and goes when the app says that it is gone', async (t) => {
  const { pages, text, state, asked, targets } = await startAging(t, { maxAgeSeconds: 0.001 });
  const refused: string[] = [];
  pages.on('refused', ({ url, code }) => refused.push(`${new URL(url).pathname} ${code}`));
  await pages.publish('/a', '/b');
  await grow(pages, 0.001);
  state.status = 503;
  await text('/a');
  await until(() => refused.length === 1);
  asked.length = 0;
  for (let visits = 0; visits < 10; visits += 1) t.is(await text('/a'), '/a 1');
  state.status = 410;
  t.is(await text('/b'), '/b 2');
  await until(() => refused.length === 2);
  t.deepEqual(refused, ['/a STATUS', '/b GONE']);
  t.deepEqual(asked, ['/b']);
  await until(async () => (await targets()).length === 1);
  t.is(await text('/a'), '/a 1');
});

test('a sweep renews what is outdated, keeps it where the app fails, and removes what is gone or not listed any more', async (t) => {
  const before = await startAging(t, {});
  await before.pages.publish('/old', '/failing', '/gone', '/unlisted', '/young');
  await grow(before.pages, 0.001);
  const { url, store } = before;
  const purged: PurgedPages[] = [];
  const pages = createPages({
    sites: [url],
    urls: ['/old', '/failing', '/gone', '/young'],
    maxAgeSeconds: [{ urls: '/young', seconds: 3600 }, { seconds: 0.001 }],
    sweepSeconds: 1,
    store: fileStore({ folder: store.folder }),
    app: (request: IncomingMessage, response: ServerResponse) => {
      const status = { '/failing': 500, '/gone': 404 }[String(request.url)];
      response.writeHead(status ?? 200, { 'Content-Type': 'text/html' }).end('new');
    },
  });
  t.teardown(() => pages.close());
  const refused: string[] = [];
  pages.on('refused', ({ code }) => refused.push(code));
  pages.on('purged', (what) => purged.push(what));
  await until(() => purged.some(({ urls }) => urls.includes(`${url}/unlisted`)));
  t.deepEqual(refused.toSorted().slice(0, 2), ['GONE', 'STATUS']);
  t.deepEqual(await before.targets(), ['/failing', '/old', '/young']);
  t.is(await before.text('/old'), 'new');
  t.regex(await before.text('/failing'), /^\/failing \d$/);
  t.regex(await before.text('/young'), /^\/young \d$/);
  t.true(purged.some(({ urls }) => urls.includes(`${url}/old`)));
  t.true(purged.some(({ urls }) => urls.includes(`${url}/gone`)));
});

test('a process without an app removes outdated pages, for nobody would renew them', async (t) => {
  const { pages, url, store, targets } = await startAging(t, {});
  await pages.publish('/a');
  const other = createPages({
    sites: [url],
    urls: ['/a'],
    maxAgeSeconds: 0.001,
    sweepSeconds: 1,
    store: fileStore({ folder: store.folder }),
  });
  t.teardown(() => other.close());
  await until(async () => (await targets()).length === 0);
  t.pass();
});

/** What goes wrong in a sweep by an app, and the targets that are left of fifteen outdated pages. */
async function sweepWith(
  t: ExecutionContext,
  app: NonNullable<PagesOptions['app']>,
): Promise<{ failure: unknown; left: number }> {
  const before = await startAging(t, {});
  await before.pages.publish(Array.from({ length: 15 }, (_, index) => `/${index}`));
  await grow(before.pages, 0.001);
  const pages = createPages({
    sites: [before.url],
    urls: [/^\//],
    maxAgeSeconds: 0.001,
    sweepSeconds: 1,
    store: fileStore({ folder: before.store.folder }),
    app,
  });
  t.teardown(() => pages.close());
  const [failure]: unknown[] = await once(pages as unknown as EventEmitter, 'error').catch(
    (error: unknown) => [error],
  );
  return { failure, left: (await before.targets()).length };
}

test('a sweep stops where the app says of more than ten outdated pages, and half of all, that they are gone', async (t) => {
  const { failure, left } = await sweepWith(t, (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(302, { Location: '/maintenance' }).end();
  });
  t.is((failure as { code?: string }).code, 'PUBLISH_STOPPED');
  t.is(left, 4);
});

test('outdated pages stay where the app cannot be loaded', async (t) => {
  const { failure, left } = await sweepWith(t, () => Promise.reject(new Error('no database')));
  t.is(String(failure), 'Error: no database');
  t.is(left, 15);
});
