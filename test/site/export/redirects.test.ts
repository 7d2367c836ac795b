import test from 'ava';
import { route, type SiteCheckError } from '../../../src/site/index.ts';
import { kindsOf, newApp, openSite, pageText } from '../exported.ts';

test('"appRedirects" makes redirects of the app those of the site', async (t) => {
  const app = newApp();
  app.get('/', (_request, response) => response.send(pageText('Home', '/old')));
  app.get('/new', (_request, response) => response.send(pageText('New')));
  app.get('/old', (_request, response) => response.redirect(308, '/new#top'));
  app.get('/older', (_request, response) => response.redirect('old'));
  const { site, files } = await openSite(t, {
    app,
    appRedirects: true,
    routes: [route('/'), route('/new'), route('/old'), route('/older')],
  });
  const { redirects, findings, pages } = await site.export({});
  t.is(redirects, 2);
  t.is(pages.count, 2);
  const written = await files();
  t.regex(written['old/index.html']!, /content="0; url=https:\/\/www\.example\.com\/new#top"/);
  t.regex(written['older/index.html']!, /content="0; url=https:\/\/www\.example\.com\/old"/);
  t.true(kindsOf(findings).includes('LINK_REDIRECTED index.html'));
  t.false(kindsOf(findings).some((kind) => kind.startsWith('ROUTE_MISSING')));
});

test('"appRedirects" with "followLinks": a redirect that only a link leads to', async (t) => {
  let asked = 0;
  const app = newApp();
  app.get('/', (_request, response) => response.send(pageText('Home', '/old', '/new')));
  app.get('/new', (_request, response) => response.send(pageText('New', '/old')));
  app.get('/old', (_request, response) => {
    asked += 1;
    response.redirect('/new');
  });
  const { site, files } = await openSite(t, {
    app,
    appRedirects: true,
    followLinks: true,
    routes: [route('/')],
  });
  await site.export();
  t.deepEqual(Object.keys(await files()), ['index.html', 'new/index.html', 'old/index.html']);
  t.is(asked, 1);
});

for (const [written, slash, url] of [
  ['/docs', 'never', 'https://www.example.com/docs'],
  ['/docs/', 'always', 'https://www.example.com/docs/'],
] as const)
  test(`A page ${written} whose app sends visitors to its other form is the page all the same`, async (t) => {
    const other = written.endsWith('/') ? '/docs' : '/docs/';
    const app = newApp().use((request, response) => {
      if (request.path === other) response.send(pageText('Docs'));
      else response.redirect(301, other);
    });
    const { site, files } = await openSite(t, { app, trailingSlash: slash, routes: [route(written)] });
    for await (const listed of site.urls()) t.is(listed.url, url);
    await site.export();
    t.deepEqual(await files(), { 'docs/index.html': pageText('Docs') });
  });

test('A page and a redirect of one path: told', async (t) => {
  const app = newApp().get('/a', (_request, response) => response.send(pageText('A')));
  const { site } = await openSite(t, { app, routes: [route('/a')], redirects: [{ from: '/a', to: '/b' }] });
  const error = await t.throwsAsync(site.export(), { code: 'SITE_CHECK_FAILED' });
  t.regex(JSON.stringify(Reflect.get(Object(error), 'findings')), /FILE_SHARED/);
});

test('A page and a redirect of one path: told where hosts redirect, too', async (t) => {
  const app = newApp();
  app.get('/', (_request, response) => response.send(pageText('Home')));
  const redirects = [{ from: '/', to: 'https://www.example.org/' }];
  const { site } = await openSite(t, { app, redirects, hostFiles: true, routes: [route('/')] });
  const { findings } = await t.throwsAsync<SiteCheckError>(site.export(), { code: 'SITE_CHECK_FAILED' });
  t.deepEqual(kindsOf(findings), ['FILE_SHARED index.html']);
});
