import { EventEmitter } from 'node:events';
import test from 'ava';
import { createPages, fileStore, type PurgedPages } from '../../src/pages.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { until } from '../helpers/descriptors.ts';
import { runNode } from '../helpers/run-node.ts';
import { startPages, type PagesApp } from './pages-app.ts';

/** An app whose pages say how often they were rendered. */
async function startCounting(
  t: Parameters<typeof startPages>[0],
  {
    gate = async () => {},
    ...options
  }: { readonly gate?: () => Promise<void> } & Parameters<typeof startPages>[2] = {},
): Promise<PagesApp & { readonly text: (path: string) => Promise<string> }> {
  const renders = new Map<string, number>();
  const site: PagesApp = await startPages(
    t,
    (app) => {
      app.get('/:page', async ({ path }, response) => {
        const count = (renders.get(path) ?? 0) + 1;
        renders.set(path, count);
        await gate();
        response.send(`${path} ${count}`);
      });
    },
    { app: () => site.app, ...options },
  );
  return { ...site, text: async (path) => (await site.get(path)).body.toString() };
}

test('refresh() merges calls within a moment: each page is rendered once, and each call is told of all', async (t) => {
  const { pages, asked, url } = await startCounting(t);
  const reports = await Promise.all([
    pages.refresh('/a', '/b'),
    pages.refresh('/b'),
    pages.refresh(['/a'], { url: '/c' }),
  ]);
  t.deepEqual(asked.toSorted(), ['/a', '/b', '/c']);
  for (const { results } of reports)
    t.deepEqual(results.map((each) => each.url.replace(url, '')).toSorted(), ['/a', '/b', '/c']);
  await pages.refresh('/a');
  t.is(asked.length, 4);
});

test('refresh() serves the old page until the new one has landed', async (t) => {
  const waiting: (() => void)[] = [];
  let isSlow = false;
  const { pages, text } = await startCounting(t, {
    gate: async () => {
      if (isSlow) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  });
  await pages.publish('/a');
  isSlow = true;
  const refreshed = pages.refresh('/a');
  await until(() => waiting.length === 1);
  t.is(await text('/a'), '/a 1');
  waiting[0]?.();
  await refreshed;
  t.is(await text('/a'), '/a 2');
});

test('refresh() looks at a model when it is called, not when the run begins', async (t) => {
  const { pages, asked } = await startCounting(t);
  const post = { url: '/old' };
  const refreshed = pages.refresh(post);
  setImmediate(() => (post.url = '/new'));
  await refreshed;
  t.deepEqual(asked, ['/old']);
});

test('refresh() rejects for what has no URL, and for that call alone', async (t) => {
  const { pages, asked } = await startCounting(t);
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', onUnhandled);
  t.teardown(() => process.off('unhandledRejection', onUnhandled));
  const good = pages.refresh('/a');
  await t.throwsAsync(pages.refresh({ id: 1 } as never), { instanceOf: TypeError });
  const { results } = await good;
  t.is(results.length, 1);
  t.deepEqual(asked, ['/a']);
  t.deepEqual(unhandled, []);
});

test('a visitor of a stored page, or with a cookie, tells refresh() which server renders', async (t) => {
  for (const headers of [{}, { Cookie: 'session=1' }]) {
    const { pages, url, store, get } = await startPages(t, (app) => {
      app.get('/a', (_request, response) => response.send('a'));
    });
    await t.throwsAsync(pages.refresh('/a'), { code: 'APP_UNKNOWN' });
    await t.throwsAsync(pages.why('/a'), { code: 'APP_UNKNOWN' });
    // As left by another process.
    const other = createPages({
      sites: [url],
      urls: ['/*any'],
      store: fileStore({ folder: store.folder }),
      app: (_request: unknown, response: import('node:http').ServerResponse) =>
        response.setHeader('Content-Type', 'text/html').end('a'),
    });
    await other.publish('/a');
    await other.close();
    t.regex(String((await get('/a', headers)).headers['cache-status']), /hit|bypass/);
    t.is((await pages.refresh('/a')).results[0]?.result, 'published');
  }
});

test('refresh() and publish() tell what a CDN has to purge, even of a run that is stopped', async (t) => {
  let isGone = false;
  const site: PagesApp = await startPages(
    t,
    (app) => {
      app.get('/:page', (_request, response) => (isGone ? response.sendStatus(404) : response.send('a')));
      app.get('/kept/:page', (_request, response) => response.send('a'));
    },
    { app: () => site.app, renders: 1 },
  );
  const { pages, url } = site;
  const purged: PurgedPages[] = [];
  pages.on('purged', (what) => purged.push(what));
  const many = Array.from({ length: 11 }, (_, index) => `/${index}`);
  await pages.publish(many);
  t.deepEqual(purged.splice(0), [{ urls: many.map((path) => url + path), tags: [] }]);
  isGone = true;
  await t.throwsAsync(pages.publish('/kept/a', many), { code: 'PUBLISH_STOPPED' });
  t.deepEqual(purged.splice(0), [{ urls: [`${url}/kept/a`], tags: [] }]);
});

test('clear() tells which pages went, and what a CDN has to purge', async (t) => {
  const { pages, url } = await startCounting(t);
  await pages.publish('/a', '/b');
  const purged: string[] = [];
  pages.on('purged', ({ urls }) => purged.push(...urls));
  const { results } = await pages.clear();
  t.deepEqual((await pages.clear()).results, []);
  t.deepEqual(purged.toSorted(), [`${url}/a`, `${url}/b`]);
  t.deepEqual(
    results,
    purged.map((each) => ({ url: each, result: 'deleted' })),
  );
});

test('invalidateOn() hears an EventEmitter and an EventTarget until it is ended or the pages are closed', async (t) => {
  const { pages, text } = await startCounting(t);
  const emitter = new EventEmitter();
  const target = new EventTarget();
  const purged: string[] = [];
  pages.on('purged', ({ urls, tags }) => purged.push(...tags, ...urls.map((url) => new URL(url).pathname)));
  const end = pages.invalidateOn(emitter, 'price', (product: string, also: string) => [
    `/${product}`,
    { url: `/${also}` },
  ]);
  pages.invalidateOn(target, 'sold', ({ type }: Event) => ({ tags: [type] }));
  pages.invalidateOn(target, 'later', async () => ({ url: '/tagged', tags: ['not-a-tag-to-invalidate'] }));
  await text('/a');
  emitter.emit('price', 'a', 'b');
  await until(() => purged.length === 2);
  t.deepEqual(purged.splice(0).toSorted(), ['/a', '/b']);
  t.is(await text('/a'), '/a 2');
  target.dispatchEvent(new Event('sold'));
  await until(() => purged.length === 1);
  t.deepEqual(purged.splice(0), ['sold']);
  target.dispatchEvent(new Event('later'));
  await until(() => purged.length === 1);
  t.deepEqual(purged.splice(0), ['/tagged']);
  end();
  t.is(emitter.listenerCount('price'), 0);
  pages.invalidateOn(emitter, 'price', () => '/a');
  await pages.close();
  t.is(emitter.listenerCount('price'), 0);
});

test('invalidateOn() tells of what fails by an "error" event', async (t) => {
  const { pages } = await startCounting(t);
  const errors: unknown[] = [];
  pages.on('error', (error) => errors.push(error));
  const emitter = new EventEmitter();
  pages.invalidateOn(emitter, 'throws', () => {
    throw new Error('in the map');
  });
  pages.invalidateOn(emitter, 'nameless', () => ({ id: 1 }) as never);
  emitter.emit('throws');
  await until(() => errors.length === 1);
  emitter.emit('nameless');
  await until(() => errors.length === 2);
  t.like(errors, [{ message: 'in the map' }, { name: 'TypeError' }]);
});

test('without a listener, what fails in invalidateOn() is an unhandled rejection, which ends the process', async (t) => {
  const folder = await temporaryFolder(t);
  const { code, stderr } = await runNode(`
    import { EventEmitter } from 'node:events';
    const { createPages, fileStore } = await import(${JSON.stringify(new URL('../../src/pages.ts', import.meta.url).href)});
    const pages = createPages({ sites: ['http://a.example'], urls: ['/a'], store: fileStore({ folder: ${JSON.stringify(`${folder}/store`)} }) });
    const emitter = new EventEmitter();
    pages.invalidateOn(emitter, 'change', () => '/a');
    emitter.emit('change');
  `);
  t.is(code, 1);
  t.regex(stderr, /APP_UNKNOWN/);
});
