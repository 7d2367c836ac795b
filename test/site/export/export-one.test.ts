import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { route } from '../../../src/site/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { newApp, openSite, openSiteIn, pageText } from '../exported.ts';

test('exportOne() writes the page of a route in all its languages, and nothing else', async (t) => {
  let version = 1;
  const app = newApp();
  app.get('/*any', ({ path }, response) => response.send(pageText(`${path} ${version}`)));
  const { site, files } = await openSite(t, {
    app,
    languages: [{ language: 'en' }, { language: 'de', prefix: '/de' }],
    routes: [route('/posts/:slug', { name: 'post', params: ['a', 'b'] })],
  });
  await site.export();
  const before = await files();
  version = 2;
  const written = await site.exportOne('post', { slug: 'a' });
  t.deepEqual(
    written.map(({ url, file, language }) => [url, file, language]),
    [
      ['https://www.example.com/posts/a', 'posts/a/index.html', 'en'],
      ['https://www.example.com/de/posts/a', 'de/posts/a/index.html', 'de'],
    ],
  );
  t.deepEqual(await files(), {
    ...before,
    'posts/a/index.html': pageText('/posts/a 2'),
    'de/posts/a/index.html': pageText('/de/posts/a 2'),
  });
});

test('exportOne() of a page that fails leaves the one that stands there', async (t) => {
  let isBroken = false;
  const app = newApp();
  app.get('/', (_request, response) => {
    if (isBroken) response.status(500).send('out of order');
    else response.send(pageText('Home'));
  });
  const { site, files, folder } = await openSite(t, { app, routes: [route('/', { name: 'home' })] });
  await site.export();
  isBroken = true;
  await t.throwsAsync(site.exportOne('home'), {
    code: 'SITE_PAGE_FAILED',
    message: /https:\/\/www\.example\.com\/ answers 500.*\n.*out of order/,
  });
  t.deepEqual(await files(), { 'index.html': pageText('Home') });
  t.deepEqual(await readdir(join(folder, '.site.static-url/staging')), []);
});

test('exportOne() says what is wrong with a name, and with parameters', async (t) => {
  const { site } = await openSite(t, {
    app: newApp(),
    routes: [route('/posts/:slug', { name: 'post', params: [] })],
  });
  await t.throwsAsync(site.exportOne('pots', { slug: 'a' }), {
    instanceOf: TypeError,
    message: /no route "pots"\. Did you mean "post"\?/,
  });
  await t.throwsAsync(site.exportOne('post'), { code: 'SITE_URLS', message: /"post".*slug/i });
  await t.throwsAsync(site.exportOne('post', { slug: '../x' }), { code: 'SITE_URLS' });
});

test('exportOne() while an export runs comes after it, from the same site and from another', async (t) => {
  let title = 'first';
  let answer: (() => void) | undefined;
  let asked: (() => void) | undefined;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const app = newApp();
  app.get('/slow', (_request, response) => {
    answer = () => response.send(pageText('Slow'));
    asked?.();
  });
  app.get('/post', (_request, response) => response.send(pageText(title)));
  const folder = await temporaryFolder(t);
  const routes = [route('/post'), route('/slow')];
  const one = openSiteIn(t, folder, { app, routes });
  const other = openSiteIn(t, folder, { app, routes });
  const whole = one.site.export();
  await isAsked;
  title = 'saved meanwhile';
  const order: string[] = [];
  const ones = [one, other].map(async ({ site }) => {
    await site.exportOne('/post');
    order.push('one');
  });
  answer?.();
  await whole.then(() => order.unshift('whole'));
  await Promise.all(ones);
  t.is(order[0], 'whole');
  t.deepEqual(await one.files(), {
    'post/index.html': pageText('saved meanwhile'),
    'slow/index.html': pageText('Slow'),
  });
});

test('exportOne() is taken by the next export as its own', async (t) => {
  const app = newApp().get('/:slug', ({ params }, response) => response.send(pageText(params.slug)));
  const { site, files } = await openSite(t, {
    app,
    routes: [route('/:slug', { params: ['a'], lastModified: () => '2026-01-01' })],
  });
  await site.export();
  await site.exportOne('/:slug', { slug: 'new' });
  t.deepEqual(Object.keys(await files()), ['a/index.html', 'new/index.html']);
  // It is no page that the routes give: whoever saves one without them loses it.
  t.like(await site.export(), { pages: { count: 1, rendered: 0 }, files: { deleted: 1 } });
});
