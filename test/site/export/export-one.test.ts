import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import test from 'ava';
import { openAssets } from '../../../src/assets.ts';
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

test('exportOne() brings the compressed copies of the page along, and takes those away that it has no more', async (t) => {
  let text = 'before '.repeat(1000);
  const app = newApp().get('/', (_request, response) => response.send(pageText(text)));
  const { site, out, files } = await openSite(t, { app, compress: true, routes: [route('/')] });
  await site.export();
  text = 'after '.repeat(1000);
  await site.exportOne('/');
  t.is(gunzipSync(await readFile(join(out, 'index.html.gz'))).toString(), pageText(text));
  t.is(brotliDecompressSync(await readFile(join(out, 'index.html.br'))).toString(), pageText(text));
  text = 'short';
  await site.exportOne('/');
  t.deepEqual(await files(), { 'index.html': pageText('short') });
  t.like(await site.export(), { files: { written: 0, deleted: 0 } });
});

for (const [what, name] of [
  ['a file in the place of the page', 'a/index.html'],
  ['a file in the place of its folder', 'a'],
  ['a folder in the place of the page', 'a/index.html/b'],
] as const)
  test(`exportOne() replaces nothing that is not of the site: ${what}`, async (t) => {
    const app = newApp().get('/a', (_request, response) => response.send(pageText('A')));
    const folder = await temporaryFolder(t, { [`site/${name}`]: 'somebody’s' });
    const { site, files } = openSiteIn(t, folder, { app, routes: [route('/a')] });
    await t.throwsAsync(site.exportOne('/a'), {
      code: 'SITE_OUT_REFUSED',
      message:
        /^"a.*is not the site's, and would be replaced by "a\/index\.html"\. Move it, or export the whole/,
    });
    t.deepEqual(await files(), { [name]: 'somebody’s' });
  });

test('exportOne() leaves out what "exclude" names', async (t) => {
  const app = newApp().get('/a', (_request, response) => response.send(pageText('A')));
  const { site } = await openSite(t, { app, exclude: ['/a'], routes: [route('/a')] });
  t.deepEqual(await site.exportOne('/a'), []);
});

test('exportOne() of a page that names assets which the site has not yet brings them along', async (t) => {
  const folder = await temporaryFolder(t, { 'one/a.css': 'a {}', 'two/a.css': 'b {}' });
  for (const root of ['one', 'two']) {
    const assets = await openAssets({ roots: join(folder, root), prefix: '/static/' });
    t.teardown(() => assets.close());
    const app = newApp().get('/:page', (_request, response) =>
      response.send(`<!doctype html>\n<link rel="stylesheet" href="${assets.url('a.css')}">\n`),
    );
    const routes = [route('/:page', { params: ['a', 'b'], fingerprint: () => 'the same' })];
    const { site, files } = openSiteIn(t, folder, { app, assets, routes });
    if (root === 'one') {
      await site.export();
      continue;
    }
    await site.exportOne('/:page', ['a']);
    t.is((await files())[assets.url('a.css').slice(1)], 'b {}');
    t.is((await site.export()).pages.rendered, 2, 'the other page still names those of before');
  }
});
