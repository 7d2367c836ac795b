import { once, EventEmitter } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import type { PagesOptions } from '../../src/pages.ts';
import { until } from '../helpers/descriptors.ts';
import { Memory, memoryStore, unreachable } from './memory-store.ts';
import { startPages, type PagesApp } from './pages-app.ts';
import { testUnreachable } from './unreachable-store.ts';

testUnreachable('a store of servers', async () => {
  const memory = new Memory();
  return {
    store: memoryStore(memory),
    split: () => ({ lost: ['/lost/1', '/lost/2'], kept: ['/kept/1', '/kept/2'] }),
    stop: () => (memory.isDown = ({ target }) => target.startsWith('/lost')),
    resume: () => memory.recover(),
  };
});

async function neverRead(): Promise<never> {
  throw unreachable('anything');
}

async function startOn(
  t: ExecutionContext,
  memory: Memory,
  options: Partial<PagesOptions> = {},
  held: () => Promise<unknown> = async () => {},
): Promise<PagesApp> {
  const site: PagesApp = await startPages(
    t,
    (app) => {
      app.use(async (_request, response) => {
        await held();
        response.send('page');
      });
    },
    { app: () => site.app, store: memoryStore(memory), ...options },
  );
  return site;
}

const FAILED = 'static-url; fwd=uri-miss; detail=STORE_FAILED';

test('a page that cannot be begun is not rendered for the store', async (t) => {
  const memory = new Memory();
  memory.isReadable = true;
  memory.isDown = () => true;
  const { status, asked } = await startOn(t, memory);
  for (let visit = 0; visit < 3; visit += 1) t.is(await status('/a'), FAILED);
  t.deepEqual(asked, ['/a', '/a', '/a'], 'once for each visitor');
  t.deepEqual(memory.asked, ['read /a', 'begin /a', 'read /a', 'read /a']);
});

test('a page that cannot be landed is rendered for the store once, and then left to the app for a while', async (t) => {
  const memory = new Memory();
  const { status, asked } = await startOn(t, memory, {}, async () => {
    memory.isReadable = true;
    memory.isDown = () => true;
  });
  for (let visit = 0; visit < 3; visit += 1) t.is(await status('/a'), FAILED);
  t.is(asked.length, 4);
});

test('what the app says of a page counts although the place that was kept for it cannot be given back', async (t) => {
  const memory = new Memory();
  const { status } = await startOn(t, memory, {}, async () => {
    memory.isReadable = true;
    memory.isDown = () => true;
    throw Object.assign(new Error('gone'), { status: 404 });
  });
  t.is(await status('/a'), 'static-url; fwd=uri-miss; detail=GONE');
});

test('a page that has landed is published, although it cannot be read then', async (t) => {
  const memory = new Memory();
  const { pages } = await startOn(t, memory, { store: memoryStore(memory, { read: neverRead }) });
  t.is((await pages.publish('/a')).results[0]?.result, 'published');
});

test('a visitor who would wait for a render of which the store says nothing any more gets the page of the app', async (t) => {
  const memory = new Memory();
  const gate = new EventEmitter();
  let isHeld = true;
  const { status, asked, get } = await startOn(t, memory, {}, async () => {
    if (isHeld) await once(gate, 'open');
  });
  const first = status('/a');
  await until(() => asked.length === 1);
  memory.isReadable = true;
  memory.isDown = () => true;
  isHeld = false;
  t.is(await status('/a'), FAILED);
  gate.emit('open');
  t.is(await first, FAILED);
  t.is((await get('/a')).body.toString(), 'page');
});

test('a store that cannot be read is one warning', async (t) => {
  const memory = new Memory();
  memory.isDown = () => true;
  const warnings: string[] = [];
  const collect = ({ message }: Error): void => {
    if (message.includes('/warned')) warnings.push(message);
  };
  process.on('warning', collect);
  t.teardown(() => process.off('warning', collect));
  const { status, url } = await startOn(t, memory);
  for (const path of ['/warned/1', '/warned/2', '/warned/1']) t.is(await status(path), FAILED);
  t.deepEqual(warnings, [`The server "down:1" does not answer for ${url}/warned/1.`]);
});

test('publish() counts a page that it cannot look at among those that would be deleted', async (t) => {
  const memory = new Memory();
  const { pages } = await startOn(t, memory, { store: memoryStore(memory, { read: neverRead }) }, async () =>
    Promise.reject(Object.assign(new Error('gone'), { status: 404 })),
  );
  const paths = Array.from({ length: 11 }, (_, index) => `/${index}`);
  await t.throwsAsync(pages.publish(paths), { code: 'PUBLISH_STOPPED' });
  t.is((await pages.publish(paths.slice(0, 10))).results.length, 10);
});

test('a page of another media type than the store has for its URL is refused, and told what to change', async (t) => {
  const memory = new Memory();
  const site: PagesApp = await startPages(
    t,
    (app) => {
      app.get('/feed.xml', (_request, response) => response.type('application/rss+xml').send('<rss/>'));
      app.get('/a', (_request, response) => response.send('page'));
    },
    { app: () => site.app, store: memoryStore(memory, { mediaTypeOf: () => 'text/html' }), query: ['page'] },
  );
  const { results } = await site.pages.publish('/feed.xml?page=2', '/a');
  const detail = `The page is application/rss+xml, and by "types" of the store it is text/html. Put { urls: '/feed.xml', type: 'application/rss+xml' } first in "types", and print nginx's configuration again.`;
  const url = `${site.url}/feed.xml?page=2`;
  t.deepEqual(
    results.filter(({ result }) => result !== 'published'),
    [{ url, result: 'kept', code: 'TYPE_DIFFERS', detail }],
  );
  t.is(results.length, 2);
  t.like(await site.pages.why('/feed.xml?page=2'), { isStorable: false, code: 'TYPE_DIFFERS', detail });
});
