import test from 'ava';
import { route } from '../../../src/site/index.ts';
import { kindsOf, newApp, openSite, pageText } from '../exported.ts';

test('"followLinks" exports what exported pages link to, and what those link to', async (t) => {
  const asked: string[] = [];
  const app = newApp();
  app.get('/*any', ({ originalUrl, path }, response) => {
    asked.push(originalUrl);
    response.send(path === '/one' ? pageText(path, 'two#top', '/', '/one?sort=asc') : pageText(path));
  });
  app.get('/', (_request, response) =>
    response.send(
      pageText(
        'Home',
        '/one',
        'https://www.example.com/gr%C3%BC%C3%9Fe/',
        'https://elsewhere.example.org/x',
        'mailto:a@example.com',
      ),
    ),
  );
  const { site, files } = await openSite(t, { app, followLinks: true, strict: false, routes: [route('/')] });
  const { pages } = await site.export();
  t.deepEqual(Object.keys(await files()), [
    'grüße/index.html',
    'index.html',
    'one/index.html',
    'two/index.html',
  ]);
  t.is(pages.count, 4);
  t.deepEqual(asked.toSorted(), ['/gr%C3%BC%C3%9Fe/', '/one', '/two']);
});

test('"followLinks" leaves out what "exclude" names', async (t) => {
  const app = newApp();
  app.get('/', (_request, response) => response.send(pageText('Home', '/admin/users', '/about')));
  app.get('/about', (_request, response) => response.send(pageText('About')));
  app.get('/admin/:page', (_request, response) => response.send(pageText('Admin')));
  const { site, files } = await openSite(t, {
    app,
    followLinks: true,
    exclude: ['/admin/*rest'],
    strict: false,
    routes: [route('/')],
  });
  const { findings } = await site.export();
  t.deepEqual(Object.keys(await files()), ['about/index.html', 'index.html']);
  t.false(kindsOf(findings).includes('ROUTE_MISSING'), 'what is left out is not missed');
});

test('"followLinks" with links that never end, as those of a calendar, stops at "maxPages"', async (t) => {
  const app = newApp();
  app.get('/calendar/:month', ({ params }, response) =>
    response.send(pageText('Month', `/calendar/${Number(params.month) + 1}`)),
  );
  const { site } = await openSite(t, {
    app,
    followLinks: true,
    maxPages: 30,
    routes: [route('/calendar/:month', { params: [1] })],
  });
  await t.throwsAsync(site.export(), {
    code: 'SITE_URLS',
    message:
      /Links bring the site to more than 30 pages, the last one "https:\/\/www\.example\.com\/calendar\/\d+"\. .*"exclude"/,
  });
});

test('"followLinks": a link to nothing is a broken link, and one to a page that fails is a failure', async (t) => {
  const app = newApp();
  app.get('/', (_request, response) => response.send(pageText('Home', '/gone')));
  app.get('/fails', () => {
    throw new Error('broken view');
  });
  const { site } = await openSite(t, { app, followLinks: true, strict: false, routes: [route('/')] });
  t.deepEqual(kindsOf((await site.export()).findings), ['LINK_BROKEN index.html', 'ROUTE_MISSING']);

  app.set('env', 'test');
  app.get('/start', (_request, response) => response.send(pageText('Start', '/fails')));
  const { site: failing } = await openSite(t, { app, followLinks: true, routes: [route('/start')] });
  await t.throwsAsync(failing.export(), { code: 'SITE_PAGE_FAILED', message: /\/fails answers 500/ });
});

test('"followLinks" leaves the files that the export makes to it, though pages link to them', async (t) => {
  const app = newApp();
  app.get('/', (_request, response) => response.send(pageText('Home', '/sitemap.xml', '/robots.txt')));
  const { site, files } = await openSite(t, {
    app,
    followLinks: true,
    sitemap: true,
    robots: true,
    routes: [route('/')],
  });
  t.deepEqual((await site.export()).findings, []);
  t.deepEqual(Object.keys(await files()), ['index.html', 'robots.txt', 'sitemap.xml']);
});

test('"followLinks" takes links that no URL can be for broken ones', async (t) => {
  const app = newApp();
  app.get('/', (_request, response) => response.send(pageText('Home', '/%zz', '/100%')));
  const { site } = await openSite(t, {
    app,
    followLinks: true,
    exclude: ['/a'],
    routes: [route('/')],
    strict: false,
  });
  t.deepEqual(kindsOf((await site.export()).findings), ['LINK_BROKEN index.html', 'LINK_BROKEN index.html']);
});
