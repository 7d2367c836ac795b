import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import express5, { type Express } from 'express';
import { pageCache } from '../../../src/express.ts';
import {
  createPages,
  fileStore,
  pageTags,
  type Pages,
  type PagesOptions,
  type PreloadedViewOptions,
} from '../../../src/pages.ts';
import { until } from '../../helpers/descriptors.ts';
import { temporaryFolder, writeFiles } from '../../helpers/folder.ts';
import { freePort } from '../../helpers/free-port.ts';
import { listen } from '../../helpers/listen.ts';
import { request } from '../../helpers/request.ts';
import { collectWarnings } from '../../helpers/warnings.ts';

// The documented examples of static-preload, in our spelling, in apps with templates.

const express4 = createRequire(import.meta.url)('express4') as typeof express5;

interface Blog {
  readonly pages: Pages;
  /** A page as text. */
  readonly text: (path: string) => Promise<string>;
  /** What the model says; changing it tells the pages. */
  readonly save: (text: string) => Promise<void>;
}

/** A blog with a menu that every page preloads, and whose text is a model's. */
async function startBlog(
  t: ExecutionContext,
  express: typeof express5,
  preload: Partial<PreloadedViewOptions> = {},
): Promise<Blog> {
  const root = await temporaryFolder(t);
  await writeFiles(root, {
    'views/page.ejs': '<link rel="import" href="<%= staticPreload(\'/menu/\') %>">',
    'views/posts.ejs': '<link rel="import" href="<%= staticPreload(\'/menu/\', \'depth=2\', query) %>">',
    'views/waiting.ejs': '<link rel="import" href="<%= menu %>">',
  });
  const port = await freePort();
  const app: Express = express();
  const folder = join(root, 'preloaded');
  const pages = createPages({
    sites: [`http://127.0.0.1:${port}`],
    urls: [/^/],
    query: ['depth', 'page'],
    store: fileStore({ folder: join(root, 'store') }),
    app: () => app,
    preload: { folder, ...preload },
    sweepSeconds: 0,
    waitSeconds: 60,
    deadlineSeconds: 60,
  });
  t.teardown(() => pages.close());
  let model = 'first';
  app.disable('x-powered-by').set('views', join(root, 'views')).set('view engine', 'ejs');
  app.locals['staticPreload'] = pageTags(pages).staticPreload;
  app.use(pageCache(pages));
  app.get('/menu/', ({ query }, response) => {
    pages.tag('model');
    response.send(`menu ${model} ${JSON.stringify(query)}`);
  });
  app.get('/page', (_request, response) => response.render('page'));
  app.get('/posts', ({ query }, response) => response.render('posts', { query }));
  app.get('/waiting', async ({ query }, response) => {
    response.render('waiting', { menu: await pages.preload('/menu/', query) });
  });
  await listen(t, app, port);
  return {
    pages,
    text: async (path) => (await request(`http://127.0.0.1:${port}`, path)).body.toString(),
    async save(text) {
      model = text;
      await pages.invalidate({ tags: ['model'] });
    },
  };
}

function hrefIn(page: string): string {
  return (/href="([^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&amp;', '&');
}

for (const [version, express] of [
  ['4', express4],
  ['5', express5],
] as const) {
  test(`Express ${version}: a helper in a template turns a local view into a static file and gives its URL`, async (t) => {
    const { text } = await startBlog(t, express);
    const url = hrefIn(await text('/page'));
    t.regex(url, /^\/preloaded\/[0-9a-f]{16}\.html$/);
    t.is(await text(url), 'menu first {}');
  });

  test(`Express ${version}: a route can wait for the view`, async (t) => {
    const { text } = await startBlog(t, express);
    t.is(await text(hrefIn(await text('/waiting?page=2'))), 'menu first {"page":"2"}');
  });

  test(`Express ${version}: extra pieces of the query go to the view`, async (t) => {
    const { text } = await startBlog(t, express);
    t.is(await text(hrefIn(await text('/posts?page=3'))), 'menu first {"depth":"2","page":"3"}');
    t.is(
      await text(hrefIn(await text('/posts?page=3&utm_source=mail'))),
      'menu first {"depth":"2","page":"3"}',
    );
  });
}

test('a view is made anew when a listed model changes: pages have another URL', async (t) => {
  const { text, save } = await startBlog(t, express5);
  const first = hrefIn(await text('/page'));
  t.is(hrefIn(await text('/page')), first);
  await save('second');
  const second = hrefIn(await text('/page'));
  t.not(second, first);
  t.is(await text(second), 'menu second {}');
  t.is(await text(first), 'menu first {}', 'the old one stays for pages that browsers have');
});

test('a view is made anew on another day, in the time zone of the site', async (t) => {
  let shift = 0;
  const files = fileStore({ folder: join(await temporaryFolder(t), 'store') });
  // The same store some days later.
  const store = {
    ...files,
    open: files.open.bind(files),
    begin: files.begin.bind(files),
    delete: files.delete.bind(files),
    invalidate: files.invalidate.bind(files),
    saveCounts: files.saveCounts.bind(files),
    close: files.close.bind(files),
    async read(key: Parameters<typeof files.read>[0]) {
      const page = await files.read(key);
      return page && { ...page, storedAt: new Date(page.storedAt.getTime() - shift) };
    },
  } as PagesOptions['store'];
  const root = await temporaryFolder(t);
  let renders = 0;
  const pages = createPages({
    sites: ['http://localhost'],
    urls: ['/daily'],
    store,
    app: (_request, response) => {
      renders += 1;
      shift = 0;
      response.setHeader('Content-Type', 'text/html').end(`day ${renders}`);
    },
    preload: { folder: root, renew: 'daily', timeZone: 'Pacific/Auckland' },
    sweepSeconds: 0,
  });
  t.teardown(() => pages.close());
  const today = await pages.preload('/daily');
  shift = 24 * 60 * 60 * 1000;
  const tomorrow = await pages.preload('/daily');
  t.not(tomorrow, today);
  t.is(renders, 2);
  t.is((await readdir(root)).filter((name) => name.endsWith('.html')).length, 2);
});

test('a view is made anew after any interval', async (t) => {
  const { pages, text } = await startBlog(t, express5, { renew: 0.02 });
  const url = await pages.preload('/menu/');
  t.is(await pages.preload('/menu/'), url, 'the same content has the same URL');
  const before = await storedAt(pages);
  await until(async () => {
    await pages.preload('/menu/');
    return (await storedAt(pages)) > before;
  });
  t.is(await text(url), 'menu first {}');
});

async function storedAt(pages: Pages): Promise<number> {
  for await (const page of pages.list()) if (page.target === '/menu/') return page.storedAt.getTime();
  return 0;
}

test('when the disk fails, a template gets the live URL', async (t) => {
  const warnings = collectWarnings(t, '/dev/null');
  const { text } = await startBlog(t, express5, { folder: '/dev/null/preloaded' });
  t.is(hrefIn(await text('/page')), '/menu/');
  t.is(await text('/menu/'), 'menu first {}');
  t.is(warnings.length, 1);
});

test('when the disk fails, the option raises it', async (t) => {
  const { pages } = await startBlog(t, express5, {
    folder: '/dev/null/preloaded',
    throwOnError: true,
  });
  await t.throwsAsync(pages.preload('/menu/'), { code: 'FILE_UNWRITABLE', message: /ENOTDIR/ });
});

test('files have a folder and a prefix of their own, also on a CDN', async (t) => {
  const root = await temporaryFolder(t);
  const { text, pages } = await startBlog(t, express5, {
    folder: join(root, 'views'),
    prefix: 'https://cdn.example.com/fragments/',
  });
  const url = await pages.preload('/menu/', 'depth=1');
  t.regex(url, /^https:\/\/cdn\.example\.com\/fragments\/[0-9a-f]{16}\.html$/);
  t.is(await text(new URL(url).pathname), 'menu first {"depth":"1"}', 'the CDN asks the site for it');
  t.true((await readdir(join(root, 'views'))).includes(url.split('/').at(-1) ?? ''));
});
