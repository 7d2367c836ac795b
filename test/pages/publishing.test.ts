import test, { type ExecutionContext } from 'ava';
import type { Response } from 'express';
import { createPages, fileStore, type PagesOptions, type PagesReport } from '../../src/pages.ts';
import { startPages, type PagesApp } from './pages-app.ts';

type Answer = (response: Response) => unknown;

/** An app whose answers can be changed, by path. */
interface Changing extends PagesApp {
  readonly answers: Map<string, Answer>;
  /** `result path code` for each page of a report, sorted. */
  readonly told: (report: PagesReport) => string[];
}

async function startChanging(t: ExecutionContext, options: Partial<PagesOptions> = {}): Promise<Changing> {
  const answers = new Map<string, Answer>();
  const site: PagesApp = await startPages(
    t,
    (app) => {
      app.use(({ path }, response) => {
        const answer = answers.get(path);
        if (answer === undefined) response.sendStatus(404);
        else answer(response);
      });
    },
    { app: () => site.app, ...options },
  );
  const told: Changing['told'] = ({ results }) =>
    results
      .map(({ result, url, code }) => [result, url.replace(site.url, ''), code].join(' ').trimEnd())
      .toSorted();
  return { ...site, answers, told };
}

const says =
  (text: string): Answer =>
  (response) =>
    response.send(text);

const paths = (count: number): string[] => Array.from({ length: count }, (_, index) => `/${index + 1}`);

test('publish() stores pages before the first visitor comes, and its report names every URL, each once', async (t) => {
  const { pages, answers, told, get, asked, url } = await startChanging(t, { urls: ['/:page'] });
  for (const path of ['/a', '/b', '/a/b']) answers.set(path, says(path));
  answers.set('/fails', (response) => response.sendStatus(500));
  const report = await pages.publish(
    ['/a', `${url}/a`, '/a#part', '/a?utm_source=x'],
    '/b',
    '/fails',
    '/gone',
    '/a/b',
    '/a?x=1',
    'http://elsewhere.example/',
    '/%61',
  );
  t.deepEqual(told(report), [
    'deleted /gone GONE',
    'kept /%61 PATH',
    'kept /a/b URL',
    'kept /a?x=1 QUERY',
    'kept /fails STATUS',
    'kept http://elsewhere.example/ SITE',
    'published /a',
    'published /b',
  ]);
  t.deepEqual(asked.toSorted(), ['/a', '/b', '/fails', '/gone']);
  t.is((await get('/a')).headers['cache-status'], 'static-url; hit');
});

/** What the app says later of a page that is stored, and why the page then goes, or else stays. */
const LATER: readonly (readonly [effect: 'deleted' | 'kept', code: string, answer: Answer])[] = [
  ['deleted', 'GONE', (response) => response.sendStatus(404)],
  ['deleted', 'GONE', (response) => response.sendStatus(410)],
  ['deleted', 'DENIED', (response) => response.sendStatus(401)],
  ['deleted', 'DENIED', (response) => response.sendStatus(403)],
  ['deleted', 'REDIRECT', (response) => response.redirect(301, '/')],
  ['deleted', 'REDIRECT', (response) => response.redirect('/login')],
  ['deleted', 'SET_COOKIE', (response) => response.cookie('a', '1').send('new')],
  ['deleted', 'PRIVATE', (response) => response.set('Cache-Control', 'private').send('new')],
  ['deleted', 'NO_STORE', (response) => response.set('Cache-Control', 'no-store').send('new')],
  ['deleted', 'VARY', (response) => response.vary('Cookie').send('new')],
  ['deleted', 'VARY', (response) => response.vary('*').send('new')],
  ...[204, 206, 304, 400, 405, 408, 425, 429, 500, 502, 503, 504].map(
    (status): readonly ['kept', string, Answer] => [
      'kept',
      'STATUS',
      (response) => response.status(status).end(),
    ],
  ),
  ['kept', 'CACHE_CONTROL', (response) => response.set('Cache-Control', 'no-cache').send('new')],
  ['kept', 'HEADER_UNDECLARED', (response) => response.set('X-Other', 'a').send('new')],
  ['kept', 'HEADER_DIFFERS', (response) => response.set('X-Known', 'b').send('new')],
  [
    'kept',
    'CSP_NONCE',
    (response) => response.send(`<meta http-equiv="Content-Security-Policy" content="script-src 'nonce-a'">`),
  ],
  [
    'kept',
    'READS_ACCEPT_LANGUAGE',
    (response) => response.send(String(response.req.headers['accept-language'])),
  ],
  ['kept', 'EMPTY', (response) => response.type('html').end()],
  ['kept', 'TOO_LARGE', (response) => response.send('x'.repeat(1001))],
  ['kept', 'TRUNCATED', (response) => void response.type('html').write('x', () => response.destroy())],
  ['kept', 'TIMEOUT', (response) => response.type('html').write('x')],
  ['kept', 'APP_FAILED', (response) => response.destroy()],
  ['kept', 'SKIPPED', (response) => response.send('skip me')],
];

test('publish() deletes a page only when the app says that it is gone or personal; else the last page stays', async (t) => {
  const { pages, answers, url } = await startChanging(t, {
    headers: [{ urls: '/HEADER_DIFFERS/*rest', headers: { 'X-Known': 'a' } }],
    maxPageBytes: 1000,
    deadlineSeconds: 1,
    skip: ({ body }) => body.includes('skip me') && 'The page asks for it.',
  });
  const all = LATER.map(([effect, code, answer], index) => ({
    effect,
    code,
    answer,
    path: `/${code}/${index}`,
  }));
  for (const { path, code } of all)
    answers.set(path, (response) =>
      (code === 'HEADER_DIFFERS' ? response.set('X-Known', 'a') : response).send('old'),
    );
  const { results: first } = await pages.publish(all.map(({ path }) => path));
  t.true(first.every(({ result }) => result === 'published'));
  for (const { path, answer } of all) answers.set(path, answer);
  const { results } = await pages.publish(
    all.map(({ path }) => path),
    { force: true },
  );
  for (const { path, effect, code } of all) {
    const told = results.find((each) => each.url === url + path);
    t.deepEqual([told?.result, told?.code], [effect, code], path);
    t.regex(String(told?.detail), /./, path);
  }
  const stored: string[] = [];
  for await (const page of pages.list()) stored.push(page.target);
  t.deepEqual(
    stored.toSorted(),
    all
      .filter(({ effect }) => effect === 'kept')
      .map(({ path }) => path)
      .toSorted(),
  );
});

test('publish() stops before it deletes more than ten pages and more than half of a run, and goes on by "force"', async (t) => {
  const { pages, answers, told, get } = await startChanging(t);
  for (const path of paths(30)) answers.set(path, says('old'));
  await pages.publish(paths(30));
  for (const path of paths(11)) answers.delete(path);
  await t.throwsAsync(pages.publish(paths(21)), {
    code: 'PUBLISH_STOPPED',
    message: /Set the option "force" if they should go/,
  });
  for (const path of paths(30)) t.is((await get(path)).body.toString(), 'old', path);
  // Not more than half, and not more than ten.
  t.is((await pages.publish(paths(22))).results.filter(({ result }) => result === 'deleted').length, 11);
  for (const path of paths(30)) answers.delete(path);
  t.deepEqual(told(await pages.publish('/30', '/29')), ['deleted /29 GONE', 'deleted /30 GONE']);
  await pages.publish(paths(28), { force: true });
  t.is((await get('/28')).status, 404);
});

test('publish() does not count what was never stored among the pages that would be deleted', async (t) => {
  const { pages } = await startChanging(t);
  t.is((await pages.publish(paths(12))).results.length, 12);
});

test('publish() renders as many pages at a time as "renders" says, and tells how far it is', async (t) => {
  const { pages, answers } = await startChanging(t, { renders: 3 });
  let [running, most] = [0, 0];
  for (const path of paths(12))
    answers.set(path, (response) => {
      most = Math.max(most, (running += 1));
      setTimeout(() => {
        running -= 1;
        response.send(path);
      }, 5);
    });
  const told: string[] = [];
  await pages.publish(paths(12), '/missing', {
    onProgress: ({ done, total }) => told.push(`${done}/${total}`),
  });
  t.is(most, 3);
  t.deepEqual(
    told,
    Array.from({ length: 13 }, (_, index) => `${index + 1}/13`),
  );
});

test('publish() renders a page again when another process has outdated it meanwhile, five times at most', async (t) => {
  const { pages, answers, told, url, store, get } = await startChanging(t);
  const other = createPages({ sites: [url], urls: ['/*any'], store: fileStore({ folder: store.folder }) });
  t.teardown(() => other.close());
  let renders = 0;
  let outdates = 2;
  answers.set('/a', async (response) => {
    renders += 1;
    if (outdates > 0) await other.delete('/a');
    outdates -= 1;
    response.send(String(renders));
  });
  t.deepEqual(told(await pages.publish('/a')), ['published /a']);
  t.is((await get('/a')).body.toString(), '3');
  [renders, outdates] = [0, Infinity];
  t.deepEqual(told(await pages.publish('/a')), ['kept /a OVERTAKEN']);
  t.is(renders, 5);
});

test('delete() takes a page with the slash at its end and without, with its query alone, listed or not; what is missing is no error', async (t) => {
  const { pages, answers, told, url, store } = await startChanging(t, { query: ['page'] });
  const all = ['/', '/a', '/a/', '/a?page=2', '/ab', '/b'];
  for (const path of ['/', '/a', '/a/', '/ab', '/b']) answers.set(path, says(path));
  t.is((await pages.publish(all)).results.length, 6);
  t.deepEqual(told(await pages.delete('/a', '/none')), ['deleted /a', 'deleted /a/', 'missing /none']);
  t.deepEqual(told(await pages.delete('/a', '/a/')), ['missing /a', 'missing /a/']);
  t.deepEqual(told(await pages.delete('/')), ['deleted /']);
  const other = createPages({ sites: [url], urls: ['/new'], store: fileStore({ folder: store.folder }) });
  t.teardown(() => other.close());
  t.deepEqual(told(await other.delete({ getAbsoluteUrl: () => '/b/' })), ['deleted /b']);
  const left: string[] = [];
  for await (const { target } of pages.list()) left.push(target);
  t.deepEqual(left.toSorted(), ['/a?page=2', '/ab']);
});

test('delete() by "recursive" takes what is below a URL too, and clear() takes everything', async (t) => {
  const { pages, answers, told } = await startChanging(t, { query: ['page'] });
  const all = ['/', '/a', '/a/', '/a/b', '/a/b/c', '/a?page=2', '/ab'];
  for (const path of ['/', '/a', '/a/', '/a/b', '/a/b/c', '/ab']) answers.set(path, says(path));
  await pages.publish(all);
  t.deepEqual(told(await pages.delete('/a/', '/none', { recursive: true })), [
    'deleted /a',
    'deleted /a/',
    'deleted /a/b',
    'deleted /a/b/c',
    'deleted /a?page=2',
    'missing /none',
  ]);
  t.deepEqual(told(await pages.delete('/', { recursive: true })), ['deleted /', 'deleted /ab']);
  await pages.publish(all);
  await pages.clear();
  for await (const { target } of pages.list()) t.fail(target);
  await t.throwsAsync(pages.delete('/a', { recursiv: true } as never), { instanceOf: TypeError });
});
