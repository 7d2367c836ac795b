import test, { type ExecutionContext } from 'ava';
import type { PagesOptions, Verdict } from '../../src/pages.ts';
import { startPages, type PagesApp } from './pages-app.ts';

async function startExplained(t: ExecutionContext, options: Partial<PagesOptions> = {}): Promise<PagesApp> {
  const site: PagesApp = await startPages(
    t,
    (app, pages) => {
      app.get('/plain', (_request, response) => response.send('plain'));
      app.get('/cookie', (_request, response) => response.cookie('sid', '1').send('a'));
      app.get('/headers', (_request, response) =>
        response.set({ 'X-Frame-Options': 'DENY', 'X-Request-Id': '7' }).send('a'),
      );
      app.get('/language', (request, response) => response.send(String(request.acceptsLanguages()[0])));
      app.get('/fails', (_request, response) => response.sendStatus(503));
      app.get('/hangs', () => {});
      app.get('/tagged', (_request, response) => {
        pages.tag('a');
        response.send('a');
      });
    },
    {
      app: () => site.app,
      urls: [
        '/plain',
        '/cookie',
        '/headers',
        '/language',
        '/fails',
        '/hangs',
        '/tagged',
        '/gone',
        '/drafts/:slug',
      ],
      exclude: ['/drafts/*rest'],
      ...options,
    },
  );
  return site;
}

/** What does not change from run to run. */
function steady({ renderMilliseconds, storedAt, detail, ...verdict }: Verdict): object {
  return {
    ...verdict,
    isStored: storedAt !== undefined,
    isTimed: renderMilliseconds !== undefined,
    isTold: detail !== undefined,
  };
}

test('why() tells of a listed page that it can be stored, stores nothing, and when it is stored since when', async (t) => {
  const { pages, url, asked } = await startExplained(t);
  const fit = {
    url: `${url}/plain`,
    isListed: true,
    isStorable: true,
    status: 200,
    headers: {},
    isTimed: true,
    isTold: false,
  };
  t.deepEqual(steady(await pages.why('/plain')), { ...fit, isStored: false });
  t.deepEqual(steady(await pages.why(`${url}/plain?utm_source=x`)), { ...fit, isStored: false });
  for await (const { target } of pages.list()) t.fail(target);
  const before = Date.now();
  await pages.publish('/plain');
  const { storedAt, renderMilliseconds = -1 } = await pages.why('/plain');
  t.true(storedAt !== undefined && Math.abs(storedAt.getTime() - before) < 60_000);
  t.true(renderMilliseconds >= 0);
  t.deepEqual(asked, Array(4).fill('/plain'), 'it renders afresh, also what is stored');
});

for (const [target, code, told] of [
  ['/other', 'URL', /urls/],
  ['/drafts/one', 'EXCLUDED', /exclude/],
  ['/plain?page=2', 'QUERY', /query/],
  ['/a/../plain', 'PATH', /./],
  ['/pl%61in', 'PATH', /./],
  ['https://elsewhere.example/plain', 'SITE', /sites/],
] as const)
  test(`why() tells of ${target} that the gate says ${code}, and asks no app`, async (t) => {
    const { pages, asked } = await startExplained(t);
    const { detail, ...verdict } = await pages.why(target);
    t.deepEqual(verdict, { url: target, isListed: false, isStorable: false, code });
    t.regex(String(detail), told);
    t.deepEqual(asked, []);
  });

for (const [target, code, status, told] of [
  ['/cookie', 'SET_COOKIE', 200, /"sid"/],
  ['/headers', 'HEADER_UNDECLARED', 200, /X-Frame-Options/i],
  ['/language', 'READS_ACCEPT_LANGUAGE', 200, /harmlessHeaders/],
  ['/fails', 'STATUS', 503, /503/],
  ['/gone', 'GONE', 404, /404/],
  ['/hangs', 'TIMEOUT', undefined, /./],
] as const)
  test(`why() tells of ${target} that it is refused as ${code}, and what to change`, async (t) => {
    const { pages } = await startExplained(t, code === 'TIMEOUT' ? { deadlineSeconds: 1 } : {});
    const verdict = await pages.why(target);
    t.like(verdict, { isListed: true, isStorable: false, code });
    t.is(verdict.status, status);
    t.regex(String(verdict.detail), told);
    if (target === '/headers')
      t.deepEqual(
        Object.keys(verdict.headers ?? {}).map((name) => name.toLowerCase()),
        ['x-frame-options'],
      );
  });

test('why() tells of a page that is stored and would not be stored now both', async (t) => {
  let isPersonal = false;
  const site: PagesApp = await startPages(
    t,
    (app) => {
      app.get('/a', (_request, response) =>
        (isPersonal ? response.set('Cache-Control', 'private') : response).send('a'),
      );
    },
    { app: () => site.app },
  );
  await site.pages.publish('/a');
  isPersonal = true;
  const verdict = await site.pages.why('/a');
  t.like(verdict, { isListed: true, isStorable: false, code: 'PRIVATE' });
  t.true(verdict.storedAt instanceof Date);
  t.is((await site.get('/a')).headers['cache-status'], 'static-url; hit', 'why() deletes nothing');
});

test('why() leaves tags and "skip" to the page as a render does', async (t) => {
  const { pages } = await startExplained(t, {
    requireTags: true,
    skip: ({ tags }) => tags.includes('a') && 'The tag "a" is not for everybody.',
  });
  t.like(await pages.why('/plain'), { code: 'NO_TAGS' });
  t.like(await pages.why('/tagged'), { code: 'SKIPPED', detail: 'The tag "a" is not for everybody.' });
});
