import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import express from 'express';
import { pageCache } from '../../../src/express.ts';
import { fileStore, type PageStore } from '../../../src/pages.ts';
import { temporaryFolder, writeFiles } from '../../helpers/folder.ts';
import { openPages, startSite, type Site } from './site.ts';

interface Warning extends Error {
  readonly code?: string;
}

/** What is warned of a folder from now on. */
function warningsOf(t: ExecutionContext, folder: string): Warning[] {
  const warnings: Warning[] = [];
  const collect = (warning: Warning): void => {
    if (warning.message.includes(folder)) warnings.push(warning);
  };
  process.setMaxListeners(0).on('warning', collect);
  t.teardown(() => process.off('warning', collect));
  return warnings;
}

function startOn(t: ExecutionContext, store: PageStore): Promise<Site> {
  return startSite(
    t,
    (pages) => {
      const app = express().disable('x-powered-by');
      app.use(pageCache(pages));
      app.get('/:page', ({ params: { page } }, response) => response.send(`<p>${page}`));
      return app;
    },
    { store },
  );
}

function throwIt(error: Error): void {
  throw error;
}

const open = async (folder: string, site: string, environment: string): Promise<void> => {
  const store = fileStore({ folder });
  await store.open({ sites: [site], environment, deadlineMilliseconds: 1000, onWarning: throwIt });
  await store.close();
};

const UNUSABLE: Readonly<Record<string, { code: string; make: (folder: string) => Promise<void> }>> = {
  'that is a file': { code: 'STORE_NOT_OURS', make: (folder) => writeFile(folder, 'mine') },
  'that holds something else': {
    code: 'STORE_NOT_OURS',
    make: (folder) => writeFiles(folder, { 'thesis.txt': 'mine' }),
  },
  'of another app': {
    code: 'STORE_NOT_OURS',
    make: (folder) => open(folder, 'https://other.example', process.env['NODE_ENV'] ?? ''),
  },
};

for (const [what, { code, make }] of Object.entries(UNUSABLE)) {
  test(`a site over a folder ${what} says so once and goes on without stored pages`, async (t) => {
    const folder = join(await temporaryFolder(t), 'store');
    await make(folder);
    const warnings = warningsOf(t, folder);
    const { get, pages, refused } = await startOn(t, fileStore({ folder }));
    for (const path of ['/a', '/a', '/b']) {
      t.like(await get(path), {
        status: 200,
        text: `<p>${path.slice(1)}`,
        said: 'fwd=uri-miss; detail=STORE_FAILED',
      });
    }
    t.is((await get('/a', { Cookie: 'session=1' })).said, 'fwd=bypass; detail=COOKIE');
    // Whoever changes pages is told each time.
    const calls = [
      () => pages.publish('/a'),
      () => pages.delete('/a'),
      () => pages.invalidate({ tags: ['a'] }),
      () => pages.clear(),
      () => pages.refresh('/a'),
    ];
    for (const call of calls) await t.throwsAsync(call, { code });
    t.deepEqual(
      warnings.map((warning) => warning.code),
      [code],
    );
    t.deepEqual(refused, []);
  });
}

test('a site over the store of another NODE_ENV says so once and goes on without stored pages', async (t) => {
  const folder = join(await temporaryFolder(t), 'store');
  const warnings = warningsOf(t, folder);
  const { get, pages, url } = await startOn(t, {
    ...delegate(fileStore({ folder })),
    async open(setting) {
      // As it was before this process came.
      await open(folder, setting.sites[0] ?? '', 'production');
      return fileStore({ folder }).open(setting);
    },
  });
  t.like(await get('/a'), { text: '<p>a', said: 'fwd=uri-miss; detail=STORE_FAILED' });
  await t.throwsAsync(() => pages.publish(url), {
    code: 'STORE_ENVIRONMENT',
    message: /NODE_ENV=production/,
  });
  t.deepEqual(
    warnings.map((warning) => warning.code),
    ['STORE_ENVIRONMENT'],
  );
});

/** A store's methods as an object's own. */
function delegate(store: PageStore): PageStore {
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(store)).flatMap((name) => {
    const method: unknown = Reflect.get(store, name);
    return typeof method === 'function' && name !== 'constructor' ? [[name, method.bind(store)]] : [];
  });
  return Object.fromEntries(methods) as PageStore;
}

test('pages over a store that cannot be used are never swept, and say nothing before a visitor comes', async (t) => {
  const folder = await temporaryFolder(t, { 'thesis.txt': 'mine' });
  const warnings = warningsOf(t, folder);
  const errors: unknown[] = [];
  const { pages } = await openPages(t, ['http://127.0.0.1:1'], {
    store: fileStore({ folder }),
    sweepSeconds: 1,
  });
  pages.on('error', (error) => errors.push(error));
  const good = delegate(fileStore({ folder: join(await temporaryFolder(t), 'store') }));
  // The sweep of those who came later comes later.
  await new Promise<void>((resolve) => {
    const sweep: PageStore['sweep'] = async () => {
      resolve();
      return true;
    };
    // A server holds the process, which sweeps do not.
    void startSite(t, () => (_request, response) => void response.end(), {
      store: { ...good, sweep },
      sweepSeconds: 1,
    });
  });
  t.deepEqual(errors, []);
  t.deepEqual(warnings, []);
});

test('requests that come before the store is open, and after the pages are closed, are answered', async (t) => {
  const folder = join(await temporaryFolder(t), 'store');
  const { get, pages } = await startOn(t, fileStore({ folder }));
  t.is((await get('/a')).said, 'fwd=uri-miss; stored');
  await pages.close();
  t.like(await get('/a'), { text: '<p>a', said: 'fwd=uri-miss; detail=STORE_FAILED' });
});

test('a store that cannot be read, of whatever making, is warned of once, and the app answers', async (t) => {
  const good = delegate(fileStore({ folder: join(await temporaryFolder(t), 'store') }));
  const warnings = warningsOf(t, 'The network is gone.');
  const { get } = await startOn(t, {
    ...good,
    read: async () => {
      throw new Error('The network is gone.');
    },
  });
  for (const path of ['/a', '/a', '/b'])
    t.like(await get(path), { status: 200, text: `<p>${path.slice(1)}` });
  t.is(warnings.length, 1);
});

test('close() called twice leaves the store to others that use it too', async (t) => {
  const store = fileStore({ folder: join(await temporaryFolder(t), 'store') });
  const { get, url } = await startOn(t, store);
  const { pages: others } = await openPages(t, [url], { store });
  await get('/a');
  await Promise.all([others.close(), others.close()]);
  await others.close();
  t.like(await get('/a'), { text: '<p>a', said: 'hit' });
});

test('a page that is too old, and cannot be removed, is warned of; it ends no process', async (t) => {
  const good = delegate(fileStore({ folder: join(await temporaryFolder(t), 'store') }));
  const warnings = warningsOf(t, 'The disk of the page is read-only.');
  let isGone = false;
  const { get } = await startSite(
    t,
    (pages) => {
      const app = express().disable('x-powered-by');
      app.use(pageCache(pages));
      app.get('/a', (_request, response) => response.status(isGone ? 410 : 200).send('<p>a'));
      return app;
    },
    {
      maxAgeSeconds: 0.001,
      store: {
        ...good,
        delete: async () => {
          throw new Error('The disk of the page is read-only.');
        },
      },
    },
  );
  await get('/a');
  isGone = true;
  while (warnings.length === 0) t.is((await get('/a')).text, '<p>a');
  t.is(warnings.length, 1);
});
