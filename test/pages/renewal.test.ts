import { EventEmitter, once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import type { Response } from 'express';
import type { AssetCollection } from '../../src/assets/assets.ts';
import {
  createPages,
  fileStore,
  PagesUnreachableError,
  type Pages,
  type PagesOptions,
  type PagesReport,
  type RenewOptions,
} from '../../src/pages.ts';
import { until } from '../helpers/descriptors.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { openCollection } from '../helpers/open-collection.ts';
import { Memory, memoryStore } from './memory-store.ts';
import { startPages, type PagesApp } from './pages-app.ts';

/** Assets of one deploy. */
async function assetsOf(t: ExecutionContext, content: string): Promise<AssetCollection> {
  const roots = await temporaryFolder(t, { 'a.css': content });
  return openCollection({ prefix: '/static/', roots });
}

/** An app of the second deploy; what the first one has stored names other assets. */
interface Deployed extends PagesApp {
  readonly second: AssetCollection;
  /** Pages of the first deploy, on the same store. */
  readonly before: Pages;
  /** Opens pages of the second deploy, as another process would. */
  readonly open: (options?: Partial<PagesOptions>) => Pages;
  readonly state: { text: string; held: Promise<unknown>; answer?: (response: Response) => unknown };
  readonly text: (path: string) => Promise<string>;
  /** `result path code`, in order. */
  readonly told: (report: PagesReport) => string[];
}

async function deploy(t: ExecutionContext, options: Partial<PagesOptions> = {}): Promise<Deployed> {
  const [first, second] = [await assetsOf(t, 'a { color: red }'), await assetsOf(t, 'a { color: blue }')];
  const state: Deployed['state'] = { text: 'first', held: Promise.resolve() };
  const site: PagesApp = await startPages(
    t,
    (app) => {
      app.use(async (_request, response) => {
        const { text } = state;
        await state.held;
        if (state.answer === undefined) response.send(text);
        else state.answer(response);
      });
    },
    { app: () => site.app, assets: second, ...options },
  );
  const open = (more: Partial<PagesOptions> = {}): Pages => {
    const pages = createPages({
      sites: [site.url],
      urls: [/^\//],
      store: options.store ?? fileStore({ folder: site.store.folder }),
      sweepSeconds: 0,
      deadlineSeconds: 60,
      app: () => site.app,
      assets: second,
      ...more,
    });
    t.teardown(() => pages.close());
    return pages;
  };
  return {
    ...site,
    second,
    state,
    open,
    before: open({ assets: first }),
    text: async (path) => (await site.get(path)).body.toString(),
    told: ({ results }) =>
      results.map(({ result, url, code }) => [result, url.replace(site.url, ''), code].join(' ').trimEnd()),
  };
}

/** Stores pages one after the other, each so much later that their times tell the order. */
async function publishInTurn(pages: Pages, ...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await pages.publish(path);
    const now = Date.now();
    await until(() => Date.now() > now + 10);
  }
}

const paths = (count: number): string[] => Array.from({ length: count }, (_, index) => `/${index + 1}`);

test('renew() renders anew, in place, the pages of other assets, those stored last first, and no others', async (t) => {
  const { pages, before, open, state, text, told, asked, url, store, second } = await deploy(t, {
    renders: 1,
  });
  await publishInTurn(before, '/1', '/2');
  // Nobody knows of which version.
  await publishInTurn(open({ assets: undefined as never }), '/unknown');
  await publishInTurn(before, '/3');
  await pages.publish('/present');
  state.text = 'second';
  asked.length = 0;
  const during: (string | undefined)[] = [];
  state.answer = async (response) => {
    const page = await store.read({ site: url, target: response.req.originalUrl });
    during.push(page?.body.toString());
    response.send('second');
  };
  t.deepEqual(told(await pages.renew({ dryRun: true })), [
    'outdated /3',
    'outdated /unknown',
    'outdated /2',
    'outdated /1',
  ]);
  t.deepEqual(asked, []);
  t.deepEqual(told(await pages.renew()), [
    'published /3',
    'published /unknown',
    'published /2',
    'published /1',
  ]);
  t.deepEqual(asked, ['/3', '/unknown', '/2', '/1']);
  t.deepEqual(during, ['first', 'first', 'first', 'first'], 'nothing is deleted first');
  t.is(await text('/1'), 'second');
  t.is(await text('/present'), 'first');
  for await (const { assetsVersion } of pages.list()) t.is(assetsVersion, second.version);
  t.deepEqual((await pages.renew()).results, []);
});

test('renew() deletes what the app says is gone, keeps what it fails at, and leaves what is not listed any more', async (t) => {
  const { before, open, state, told } = await deploy(t);
  await before.publish('/stays', '/gone', '/fails', '/unlisted');
  state.answer = (response) => {
    const status = { '/gone': 404, '/fails': 500 }[response.req.path] ?? 200;
    response.status(status).send('second');
  };
  const progress: string[] = [];
  const pages = open({ urls: ['/stays', '/gone', '/fails'] });
  const report = await pages.renew({ onProgress: ({ done, total }) => progress.push(`${done}/${total}`) });
  t.deepEqual(told(report).toSorted(), ['deleted /gone GONE', 'kept /fails STATUS', 'published /stays']);
  t.deepEqual(progress, ['1/3', '2/3', '3/3']);
});

test('renew() stops where the app says of more than ten pages and half of all that they are gone, and goes on by "force"', async (t) => {
  const { pages, before, state, text } = await deploy(t);
  await before.publish(paths(11));
  state.answer = (response) => response.sendStatus(404);
  await t.throwsAsync(pages.renew(), { code: 'PUBLISH_STOPPED' });
  t.is(await text('/1'), 'first');
  t.is((await pages.renew({ force: true })).results.length, 11);
});

test('renew() and "renewAtStart" need assets, and say so', async (t) => {
  const { open } = await deploy(t);
  await t.throwsAsync(open({ assets: undefined as never }).renew(), {
    instanceOf: TypeError,
    message: /^Pages are renewed .* Set the option "assets" to what openAssets\(\) gives/,
  });
  t.throws(() => open({ renewAtStart: true, assets: undefined as never }), {
    instanceOf: TypeError,
    message: /^The option "renewAtStart" needs the option "assets"/,
  });
  for (const assets of [{}, Promise.resolve(), 'a', { version: '1' }])
    t.throws(() => open({ assets: assets as never }), { message: /^The option "assets" is what openAssets/ });
  await t.throwsAsync(open().renew({ dryrun: true } as RenewOptions), { message: /no option "dryrun"/ });
});

test('a function that gives the assets is called when a page is rendered, once, and what it throws is a refusal', async (t) => {
  const { second, open } = await deploy(t);
  let calls = 0;
  let isBroken = true;
  const pages = open({
    assets: async () => {
      calls += 1;
      if (isBroken) throw new Error('no manifest');
      return second;
    },
  });
  await pages.delete('/a');
  t.is(calls, 0);
  const { results } = await pages.publish('/a');
  t.like(results[0], {
    result: 'kept',
    code: 'APP_FAILED',
    detail: 'The assets cannot be opened: no manifest',
  });
  isBroken = false;
  calls = 0;
  await pages.publish('/a', '/b');
  await pages.publish('/c');
  t.is(calls, 1);
  for await (const { assetsVersion } of pages.list()) t.is(assetsVersion, second.version);
  const wrong = open({ assets: (() => 'assets') as never });
  await t.throwsAsync(wrong.renew(), { instanceOf: TypeError, message: /"assets" gives something else/ });
});

test('all pages are removed when one of the assets that a function gave changes', async (t) => {
  const { open } = await deploy(t);
  const [assets, others] = [await assetsOf(t, '1'), await assetsOf(t, '2')];
  const pages = open({ assets: () => assets });
  await pages.publish('/a');
  assets.replace(others.index);
  await until(async () => {
    for await (const _ of pages.list()) return false;
    return true;
  });
  await pages.close();
  t.is(assets.listenerCount('change'), 0);
});

test('a page that was rendered while the assets changed is not stored, but rendered once more', async (t) => {
  // Tells nobody, so that nothing but the version itself can hold the page up.
  const assets = Object.assign(new EventEmitter(), { version: 'a'.repeat(16) });
  const { pages, state, asked, get } = await deploy(t, { assets: assets as never });
  state.answer = (response) => {
    assets.version = 'b'.repeat(16);
    response.send('page');
  };
  t.is((await get('/a')).headers['cache-status'], 'static-url; fwd=uri-miss; detail=OVERTAKEN');
  for await (const { url } of pages.list()) t.fail(url);
  assets.version = 'a'.repeat(16);
  asked.length = 0;
  t.is((await pages.publish('/a')).results[0]?.result, 'published');
  t.deepEqual(asked, ['/a', '/a']);
  for await (const { assetsVersion } of pages.list()) t.is(assetsVersion, 'b'.repeat(16));
});

test('renew() renews what servers of the store have that answer, and then rejects', async (t) => {
  const memory = new Memory();
  const { pages, before, told, state, text } = await deploy(t, { store: memoryStore(memory) });
  await before.publish('/kept', '/lost');
  state.text = 'second';
  memory.isDown = ({ target }) => target === '/lost';
  const error = await t.throwsAsync(pages.renew(), { instanceOf: PagesUnreachableError });
  t.deepEqual(told(error?.report ?? { results: [] }), ['published /kept']);
  t.is(await text('/kept'), 'second');
});

test('"renewAtStart" renews pages in the background, with few renders at a time, where an app is given', async (t) => {
  const { before, open, state, text, asked, second } = await deploy(t);
  await before.publish(paths(12));
  state.text = 'second';
  asked.length = 0;
  const gate = new EventEmitter();
  state.held = once(gate, 'open');
  const pages = open({ renewAtStart: true });
  await until(() => asked.length === 2);
  t.is(await text('/12'), 'first', 'visitors get the older page');
  t.is(asked.length, 2, 'a quarter of eight');
  state.held = Promise.resolve();
  gate.emit('open');
  await until(async () => {
    for await (const { assetsVersion } of pages.list()) if (assetsVersion !== second.version) return false;
    return true;
  });
  t.is(await text('/1'), 'second');
});

test('"renewAtStart" waits for the first visitor where no app is given', async (t) => {
  const { before, state, url, store, second } = await deploy(t);
  await before.publish('/a', '/b');
  const app: PagesApp = await startPages(
    t,
    (routes) => {
      routes.use((_request, response) => response.send('by a visitor'));
    },
    {
      store: fileStore({ folder: store.folder, owner: url }),
      sites: [url],
      assets: second,
      renewAtStart: true,
    },
  );
  state.text = 'second';
  for await (const { assetsVersion } of app.pages.list()) t.not(assetsVersion, second.version);
  t.deepEqual(app.asked, []);
  await app.get('/none', { Host: new URL(url).host });
  await until(async () => {
    for await (const { assetsVersion } of app.pages.list())
      if (assetsVersion !== second.version) return false;
    return true;
  });
  t.deepEqual(app.asked.toSorted(), ['/a', '/b', '/none']);
});

test('"renewAtStart" is the work of one process at a time', async (t) => {
  const memory = new Memory();
  const { before, open, state, asked } = await deploy(t, { store: memoryStore(memory) });
  await before.publish(paths(4));
  asked.length = 0;
  const gate = new EventEmitter();
  state.held = once(gate, 'open');
  const sweeps: boolean[] = [];
  const counting = (): Partial<PagesOptions> => {
    const store = memoryStore(memory);
    return {
      renewAtStart: true,
      store: {
        ...store,
        sweep: async (...all) => {
          const isOurs = await store.sweep(...all);
          sweeps.push(isOurs);
          return isOurs;
        },
      },
    };
  };
  open(counting());
  open(counting());
  await until(() => sweeps.length === 1 && asked.length === 2);
  t.deepEqual(sweeps, [false]);
  gate.emit('open');
  await until(() => sweeps.length === 2);
  t.deepEqual(sweeps, [false, true]);
  t.deepEqual(asked.toSorted(), paths(4));
});

test('"renewAtStart" tells what fails as an error event, and leaves the pages where they are', async (t) => {
  const { before, open, state, text } = await deploy(t);
  await before.publish(paths(12));
  state.answer = (response) => response.redirect('/maintenance');
  const pages = open({ renewAtStart: true });
  const [failure]: unknown[] = await once(pages as unknown as EventEmitter, 'error').catch(
    (error: unknown) => [error],
  );
  t.is((failure as { code?: string }).code, 'PUBLISH_STOPPED');
  for (const path of paths(12)) t.is(await text(path), 'first');
});

test('"renewAtStart" ends when the pages are closed', async (t) => {
  const { before, open, state, asked } = await deploy(t);
  await before.publish(paths(20));
  asked.length = 0;
  const gate = new EventEmitter();
  state.held = once(gate, 'open');
  const pages = open({ renewAtStart: true });
  const refused: string[] = [];
  pages.on('refused', ({ code }) => refused.push(code));
  await until(() => asked.length === 2);
  await pages.close();
  gate.emit('open');
  t.is(asked.length, 2);
  t.deepEqual(refused, ['ABANDONED', 'ABANDONED'], 'no other page was begun');
});
