import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import express, { type Express } from 'express';
import { openAssets } from '../../src/assets.ts';
import { route, type RouteOptions, type SiteCheckError } from '../../src/site/index.ts';
import { temporaryFolder, type Files } from '../helpers/folder.ts';
import { runMain, type Run } from '../cli/run-main.ts';
import { filesOf, kindsOf, newApp, openSite, pageText } from './exported.ts';

// The documented examples of django-distill, in our spelling, and what is wrong with it.

/** What a model's query set is: rows that come when they are asked for. */
async function* allPosts(): AsyncGenerator<{ id: number; title: string }> {
  yield { id: 123, title: 'some-post-title' };
  yield { id: 124, title: 'another' };
}

/** The theoretical blog of its documentation. */
function blog(): Express {
  const app = newApp();
  app.get('/', (_request, response) => response.send(pageText('Blog', '/post/123-some-post-title')));
  app.get(/^\/post\/(\d+)-([^/]+)$/, ({ params }, response) =>
    response.send(pageText(`${params[0]} ${params[1]}`)),
  );
  app.get('/posts-by-year/:year', ({ params }, response) => response.send(pageText(params.year)));
  return app;
}

test('distill_path: a path without parameters, with and without a distill_func that gives none', async (t) => {
  const { site, files } = await openSite(t, {
    app: blog(),
    routes: [
      route('/', { name: 'blog-index', file: 'index.html' }),
      route('/post/123-some-post-title', { params: [{}] }),
    ],
  });
  await site.export();
  t.deepEqual(Object.keys(await files()), ['index.html', 'post/123-some-post-title/index.html']);
});

test('distill_func: dictionaries for named parameters', async (t) => {
  const { site, files } = await openSite(t, {
    app: blog(),
    routes: [route('/'), route('/post/:id-:title', { name: 'blog-post', params: () => allPosts() })],
  });
  await site.export();
  t.deepEqual(await files(), {
    'index.html': pageText('Blog', '/post/123-some-post-title'),
    'post/123-some-post-title/index.html': pageText('123 some-post-title'),
    'post/124-another/index.html': pageText('124 another'),
  });
});

for (const [shape, params] of [
  ['tuples for positional parameters', [[2014], [2015]]],
  ['static values, which are short for tuples', [2014, '2015']],
] as const)
  test(`distill_func: ${shape}`, async (t) => {
    const { site, files } = await openSite(t, {
      app: blog(),
      routes: [route('/posts-by-year/:year', { name: 'blog-year', params: () => params })],
    });
    await site.export({});
    t.deepEqual(Object.keys(await files()), [
      'posts-by-year/2014/index.html',
      'posts-by-year/2015/index.html',
    ]);
  });

function valuesOf(name: string): string[] {
  return name === 'blog-year' ? ['2014'] : ['sport'];
}

test('distill_func: one function for several routes is told the name of each', async (t) => {
  const app = newApp();
  app.get('/:kind/:value', ({ path }, response) => response.send(pageText(path)));
  const { site, files } = await openSite(t, {
    app,
    routes: [
      route('/year/:year', { name: 'blog-year', params: valuesOf }),
      route('/tag/:tag', { name: 'blog-tag', params: valuesOf }),
    ],
  });
  await site.export();
  t.deepEqual(Object.keys(await files()), ['tag/sport/index.html', 'year/2014/index.html']);
});

test('distill_file: a name with the parameters in it', async (t) => {
  const { site, files } = await openSite(t, {
    app: blog(),
    routes: [route('/post/:id-:title', { params: allPosts, file: 'post/{id}/{title}.html' })],
  });
  await site.export();
  t.deepEqual(Object.keys(await files()), ['post/123/some-post-title.html', 'post/124/another.html']);
});

test('distill_re_path: the app may say its route by an expression', async (t) => {
  const app = newApp();
  app.get(/^\/some\/(\d{4})$/, ({ params }, response) => response.send(pageText(String(params[0]))));
  const { site, files } = await openSite(t, {
    app,
    routes: [route('/some/:year', { name: 'url-other-view', params: ['2014'] })],
  });
  const { findings } = await site.export();
  t.deepEqual(Object.keys(await files()), ['some/2014/index.html']);
  t.false(kindsOf(findings).includes('ROUTE_MISSING'));
});

test('distill_status_codes: a 404 page that the app answers with 404', async (t) => {
  const app = newApp();
  app.get('/', (_request, response) => response.send(pageText('Home')));
  app.use((_request, response) => response.status(404).send(pageText('Not found')));
  const pages = (options: RouteOptions) => ({ app, routes: [route('/'), route('/404', options)] });
  const { site, files } = await openSite(t, pages({ file: '404.html', statusCodes: [200, 404] }));
  const { findings } = await site.export();
  t.is((await files())['404.html'], pageText('Not found'));
  t.deepEqual(findings, []);

  const { site: strict } = await openSite(t, pages({ file: '404.html' }));
  await t.throwsAsync(strict.export(), {
    code: 'SITE_PAGE_FAILED',
    message: /https:\/\/www\.example\.com\/404 answers 404, and its route says 200 \(route "\/404"\)/,
  });
});

test('include() with a namespace: the routes of a router are exported by their names', async (t) => {
  const app = newApp();
  const router = express.Router();
  router.get('/:slug', ({ params, baseUrl }, response) => response.send(pageText(baseUrl + params.slug)));
  app.use('/blog', router);
  const { site, files } = await openSite(t, {
    app,
    routes: [route('/blog/:slug', { name: 'blog:post', params: ['one'] })],
  });
  const [written] = await site.exportOne('blog:post', { slug: 'two' });
  t.like(written, { file: 'blog/two/index.html', route: 'blog:post' });
  await site.export();
  t.deepEqual(Object.keys(await files()), ['blog/one/index.html']);
});

test('DISTILL_LANGUAGES with i18n_patterns: each language under its prefix', async (t) => {
  const greetings: Record<string, string> = { en: 'Hello', fr: 'Bonjour', de: 'Hallo' };
  const app = newApp();
  app.get('/:language/some-file.html', ({ params }, response) =>
    response.send(pageText(greetings[params.language] ?? '?')),
  );
  const languages = Object.keys(greetings).map((language) => ({ language, prefix: `/${language}` }));
  const { site, files } = await openSite(t, {
    app,
    languages,
    routes: [route('/some-file.html', { name: 'i18n-view' })],
  });
  await site.export();
  t.deepEqual(await files(), {
    'de/some-file.html': pageText('Hallo'),
    'en/some-file.html': pageText('Hello'),
    'fr/some-file.html': pageText('Bonjour'),
  });
});

test('DISTILL_LANGUAGES with the locale of the request: the app goes by Accept-Language', async (t) => {
  const app = newApp();
  app.get('/', (request, response) =>
    response.vary('Accept-Language').send(pageText(request.acceptsLanguages('en', 'de') || '?')),
  );
  const { site, files } = await openSite(t, {
    app,
    languages: [{ language: 'en' }, { language: 'de', prefix: '/de', negotiated: true }],
    routes: [route('/')],
  });
  await site.export();
  t.deepEqual(await files(), { 'de/index.html': pageText('de'), 'index.html': pageText('en') });
});

test('django.contrib.redirects: each redirect is a page that leads on', async (t) => {
  const { site, files } = await openSite(t, {
    app: blog(),
    routes: [route('/'), route('/post/:id-:title', { params: allPosts })],
    redirects: [
      { from: '/old-post', to: '/post/123-some-post-title' },
      { from: '/old.html', to: '/', status: 302 },
      { from: '/elsewhere', to: 'https://www.example.org/a?b=1&c=2' },
    ],
  });
  const { redirects } = await site.export();
  t.is(redirects, 3);
  const written = await files();
  t.regex(
    written['old-post/index.html']!,
    /<meta http-equiv="refresh" content="0; url=https:\/\/www\.example\.com\/post\/123-some-post-title">/,
  );
  t.regex(written['old.html']!, /url=https:\/\/www\.example\.com\/"/);
  t.regex(written['elsewhere/index.html']!, /url=https:\/\/www\.example\.org\/a\?b=1&amp;c=2"/);
});

test('render_single_file: one page by its name and parameters, the others as they are', async (t) => {
  let title = 'Before';
  const app = newApp();
  app.get('/:slug', ({ params }, response) => response.send(pageText(`${title} ${params.slug}`)));
  const { site, files } = await openSite(t, {
    app,
    routes: [route('/:slug', { name: 'post', params: ['a', 'b'] })],
  });
  await site.export();
  title = 'After';
  await site.exportOne('post', { slug: 'b' });
  t.deepEqual(await files(), {
    'a/index.html': pageText('Before a'),
    'b/index.html': pageText('After b'),
  });
});

test('distilled_urls: each URL with its file, without a page rendered', async (t) => {
  let asked = 0;
  const app = newApp().use((_request, response) => {
    asked += 1;
    response.send('');
  });
  const { site } = await openSite(t, {
    app,
    routes: [
      route('/', { name: 'blog-index' }),
      route('/post/:id-:title', { name: 'blog-post', params: allPosts }),
    ],
  });
  const found: unknown[] = [];
  for await (const url of site.urls()) found.push(url);
  t.deepEqual(found, [
    { url: 'https://www.example.com/', file: 'index.html', route: 'blog-index', params: {} },
    {
      url: 'https://www.example.com/post/123-some-post-title',
      file: 'post/123-some-post-title/index.html',
      route: 'blog-post',
      params: { id: '123', title: 'some-post-title' },
    },
    {
      url: 'https://www.example.com/post/124-another',
      file: 'post/124-another/index.html',
      route: 'blog-post',
      params: { id: '124', title: 'another' },
    },
  ]);
  t.is(asked, 0);
});

test('django.contrib.sitemaps: the app writes its own sitemap, which is exported like a page', async (t) => {
  const sitemap = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>';
  const app = blog();
  app.get('/sitemap.xml', (_request, response) => response.type('xml').send(sitemap));
  const { site, files } = await openSite(t, { app, routes: [route('/sitemap.xml')] });
  const { findings } = await site.export();
  t.deepEqual(await files(), { 'sitemap.xml': sitemap });
  t.false(kindsOf(findings).some((kind) => kind.endsWith('sitemap.xml')));
});

test('django.contrib.flatpages: one route for pages of any depth', async (t) => {
  const flatPages = new Map([
    ['about', 'About'],
    ['about/team', 'Team'],
  ]);
  const app = newApp();
  app.get('/*url', (request, response, next) => {
    const title = flatPages.get([request.params['url']].flat().join('/'));
    if (title === undefined) next();
    else response.send(pageText(title));
  });
  const { site, files } = await openSite(t, {
    app,
    routes: [
      route('/*url', { name: 'flatpage', params: () => [...flatPages.keys()].map((url) => ({ url })) }),
    ],
  });
  await site.export();
  t.deepEqual(await files(), {
    'about/index.html': pageText('About'),
    'about/team/index.html': pageText('Team'),
  });
});

test('MEDIA_ROOT: uploaded files are copied under MEDIA_URL', async (t) => {
  const files = { 'uploads/2014/cat.jpg': 'a cat', 'uploads/.draft': 'not for visitors' };
  const folder = await temporaryFolder(t, files);
  const app = newApp();
  app.get('/', (_request, response) => response.send(pageText('Home', '/media/2014/cat.jpg')));
  const { site, files: written } = await openSite(t, {
    app,
    routes: [route('/')],
    copies: [{ from: join(folder, 'uploads'), to: '/media/' }],
  });
  await site.export();
  t.deepEqual(await written(), {
    'index.html': pageText('Home', '/media/2014/cat.jpg'),
    'media/2014/cat.jpg': 'a cat',
  });
});

test('collectstatic: assets come from their sources, and nobody has to collect them before', async (t) => {
  const folder = await temporaryFolder(t, { 'public/css/app.css': 'a { color: red }\n' });
  const assets = await openAssets({ roots: join(folder, 'public'), prefix: '/static/' });
  t.teardown(() => assets.close());
  const app = newApp();
  app.get('/', (_request, response) =>
    response.send(`<!doctype html>\n<link rel="stylesheet" href="${assets.url('css/app.css')}">\n`),
  );
  const { site, files } = await openSite(t, { app, assets, routes: [route('/')] });
  await site.export();
  const written = await files();
  const named = /href="\/(static\/[^"]*)"/.exec(written['index.html']!)![1]!;
  t.is(written[named], 'a { color: red }\n');
});

/** A project whose app is built on Express, as its configuration says. */
async function project(
  t: ExecutionContext,
  { files = {}, site = '', app = '' }: { files?: Files; site?: string; app?: string } = {},
): Promise<{ cwd: string; run: (...argv: string[]) => Promise<Run> }> {
  const cwd = await temporaryFolder(t, {
    'app.mjs': `
      import express from ${JSON.stringify(import.meta.resolve('express'))};
      export const app = express();
      ${app}
      app.get('/', (request, response) => response.send('<!doctype html><title>Home</title>'));`,
    'static-url.config.mjs': `
      import { route } from ${JSON.stringify(new URL('../../src/site/index.ts', import.meta.url).href)};
      export default {
        app: async () => (await import('./app.mjs')).app,
        site: { origin: 'https://www.example.com', out: 'distilled', routes: [route('/')], ${site} },
      };`,
    ...files,
  });
  return { cwd, run: async (...argv) => runMain(argv, { cwd }) };
}

test('distill-local: exports into DISTILL_DIR, or into the folder that is named', async (t) => {
  const { cwd, run } = await project(t);
  t.like(await run('export'), { code: 0, error: '' });
  t.like(await run('export', 'elsewhere'), { code: 0, error: '' });
  const expected = { 'index.html': '<!doctype html><title>Home</title>' };
  t.deepEqual(await filesOf(join(cwd, 'distilled')), expected);
  t.deepEqual(await filesOf(join(cwd, 'elsewhere')), expected);
});

test('distill-local --quiet: prints nothing', async (t) => {
  const { run } = await project(t);
  t.deepEqual(await run('export', '--quiet'), { code: 0, out: '', error: '' });
});

test('distill-local --force: deletes what is not of the site, and without it only where a person says yes', async (t) => {
  const { cwd, run } = await project(t, { files: { 'distilled/orphan.html': 'somebody’s' } });
  const refused = await run('export');
  t.is(refused.code, 1);
  t.regex(refused.error, /1 file .* would be deleted.*\n  "orphan\.html"/);
  t.deepEqual(Object.keys(await filesOf(join(cwd, 'distilled'))), ['orphan.html']);
  t.is((await run('export', '--force')).code, 0);
  t.deepEqual(Object.keys(await filesOf(join(cwd, 'distilled'))), ['index.html']);
});

test('distill-local --exclude-staticfiles: only what the app renders', async (t) => {
  const { cwd, run } = await project(t, {
    files: { 'uploads/cat.jpg': 'a cat' },
    site: "copies: [{ from: new URL('uploads', import.meta.url), to: '/media/' }],",
  });
  t.is((await run('export', '--exclude-static')).code, 0);
  t.deepEqual(Object.keys(await filesOf(join(cwd, 'distilled'))), ['index.html']);
  t.is((await run('export')).code, 0);
  t.deepEqual(Object.keys(await filesOf(join(cwd, 'distilled'))), ['index.html', 'media/cat.jpg']);
});

test('distill-local --generate-redirects: redirects of the app become pages that lead on', async (t) => {
  const { cwd, run } = await project(t, {
    app: "app.get('/old', (request, response) => response.redirect(301, '/'));",
    site: "routes: [route('/'), route('/old')],",
  });
  const refused = await run('export');
  t.is(refused.code, 1);
  t.regex(refused.error, /\/old answers 301 to "https:\/\/www\.example\.com\/"\. Set "appRedirects"/);
  t.like(await run('export', '--app-redirects'), { code: 0, error: '' });
  t.regex((await filesOf(join(cwd, 'distilled')))['old/index.html']!, /url=https:\/\/www\.example\.com\/"/);
});

test('distill-local: a view that throws ends it with 1 and its stack', async (t) => {
  const { run } = await project(t, {
    app: "app.get('/post/:id', function viewOfPost() { throw new Error('no such column'); });",
    site: "routes: [route('/post/:id', { name: 'blog-post', params: [{ id: 7 }] })],",
  });
  const { code, error } = await run('export');
  t.is(code, 1);
  t.regex(
    error,
    /https:\/\/www\.example\.com\/post\/7 answers 500, and its route says 200 \(route "blog-post", parameters \{"id":"7"\}\)\.\n +Error: no such column\n +at viewOfPost \(file:.*app\.mjs/,
  );
});

// Its faults.

test('Nothing in the folder changes before all pages are rendered', async (t) => {
  const seen: Record<string, string>[] = [];
  let version = 1;
  const app = newApp();
  app.get('/:slug', async ({ params }, response) => {
    if (version === 2) seen.push(await filesOf(out));
    response.send(pageText(`${params.slug} ${version}`));
  });
  const { site, out, files } = await openSite(t, {
    app,
    routes: [route('/:slug', { params: ['a', 'b', 'c'] })],
    concurrency: 1,
  });
  await site.export();
  const first = await files();
  version = 2;
  await site.export();
  t.deepEqual(seen, [first, first, first]);
  t.is((await files())['c/index.html'], pageText('c 2'));
});

test('A header that the site will not have is told, until the host is told of it', async (t) => {
  const app = newApp();
  app.get('/', (_request, response) => response.set('X-Frame-Options', 'DENY').send(pageText('Home')));
  const { site } = await openSite(t, { app, routes: [route('/')] });
  const { findings } = await site.export();
  t.like(findings, [{ kind: 'HEADER_LOST', severity: 'warning', file: 'index.html' }]);
  t.regex(findings[0]!.message, /"x-frame-options" with the value "DENY".*Add \{ path: "\/"/);

  const headers = [{ path: '/*', headers: { 'X-Frame-Options': 'DENY' } }];
  const { site: told } = await openSite(t, { app, routes: [route('/')], headers });
  t.deepEqual((await told.export()).findings, []);
});

test('A page without an extension is a file with one, and what no host can type is an error', async (t) => {
  const app = newApp();
  app.get('/about', (_request, response) => response.send(pageText('About')));
  app.get('/api/posts', (_request, response) => response.json([]));
  const { site, files } = await openSite(t, { app, routes: [route('/about')] });
  await site.export();
  t.deepEqual(Object.keys(await files()), ['about/index.html']);

  const { site: untyped } = await openSite(t, { app, routes: [route('/api/posts')] });
  const { findings } = await t.throwsAsync<SiteCheckError>(untyped.export(), { code: 'SITE_CHECK_FAILED' });
  t.like(findings, [{ kind: 'TYPE_DIFFERS', severity: 'error', file: 'api/posts/index.html' }]);
  t.regex(findings[0]!.message, /Or give the route a "file" that ends in "\.json"\.$/);
});
