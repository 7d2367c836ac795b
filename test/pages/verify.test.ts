import { randomUUID } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import type { Express } from 'express';
import type { Verification } from '../../src/pages.ts';
import { startPages, type PagesApp } from './pages-app.ts';

async function startVerified(t: ExecutionContext, routes: (app: Express) => void): Promise<PagesApp> {
  const site: PagesApp = await startPages(t, routes, { app: () => site.app });
  return site;
}

/** Whose pages differ, and where. */
function told({ differences }: Verification): string[] {
  return differences.map(({ visitor, where }) => `${visitor}: ${where}`);
}

test('verify() finds no difference in a page that is the same for everybody, and stores nothing', async (t) => {
  const { pages, url, asked } = await startVerified(t, (app) => {
    app.get('/a', (_request, response) =>
      response.set('Date', new Date().toUTCString()).send('<p>a</p>\n<p>b</p>'),
    );
  });
  const { visitors, ...verification } = await pages.verify('/a');
  t.deepEqual(verification, { url: `${url}/a`, differences: [] });
  t.deepEqual(visitors, [
    'the same visitor again',
    'another language',
    'a right-to-left language',
    'a phone',
    'a crawler',
    'a visitor with a cookie',
  ]);
  t.is(asked.length, visitors.length + 1);
  for await (const { target } of pages.list()) t.fail(target);
});

test('verify() finds a CSRF token and shows it, although nothing in the headers tells of it', async (t) => {
  const { pages } = await startVerified(t, (app) => {
    app.get('/form', (_request, response) =>
      response.send(`<form>\n  <input name=_csrf value=${randomUUID()}>\n</form>`),
    );
  });
  t.is((await pages.why('/form')).isStorable, true);
  const verification = await pages.verify('/form');
  t.deepEqual(
    told(verification),
    verification.visitors.map((visitor) => `${visitor}: line 2`),
  );
  for (const { stored, theirs } of verification.differences) {
    t.regex(stored, /^<input name=_csrf value=[\w-]{36}>$/);
    t.regex(theirs, /^<input name=_csrf value=[\w-]{36}>$/);
    t.not(stored, theirs);
  }
});

test('verify() finds a nonce, in the policy and in the page', async (t) => {
  const { pages } = await startVerified(t, (app) => {
    app.get('/a', (_request, response) => {
      const nonce = randomUUID();
      response
        .set('Content-Security-Policy', `script-src 'nonce-${nonce}'`)
        .send(`<script nonce="${nonce}">1</script>`);
    });
  });
  const found = told(await pages.verify('/a')).filter((line) => line.startsWith('the same visitor again'));
  t.deepEqual(
    found.map((line) => line.toLowerCase()),
    ['the same visitor again: header content-security-policy', 'the same visitor again: line 1'],
  );
});

test('verify() finds a page in the language of the visitor, and one for phones and crawlers', async (t) => {
  const { pages } = await startVerified(t, (app) => {
    app.get('/language', ({ headers }, response) =>
      response.send(headers['accept-language']?.startsWith('de') === true ? 'Guten Tag' : 'Hello'),
    );
    app.get('/device', ({ headers: { 'user-agent': agent = '' } }, response) =>
      response.send(agent.includes('Mobile') ? 'small' : agent.includes('bot') ? 'plain' : 'large'),
    );
  });
  t.deepEqual((await pages.verify('/language')).differences, [
    { visitor: 'another language', where: 'line 1', stored: 'Hello', theirs: 'Guten Tag' },
  ]);
  t.deepEqual(told(await pages.verify('/device')), ['a phone: line 1', 'a crawler: line 1']);
});

test('verify() finds the bar of those who are logged in by the cookies that it is given', async (t) => {
  const { pages } = await startVerified(t, (app) => {
    app.get('/a', ({ headers: { cookie = '' } }, response) => {
      response.send(`<p>\n${/session=(\w+)/.exec(cookie)?.[1] ?? 'Log in'}\n</p>`);
    });
  });
  t.deepEqual((await pages.verify('/a')).differences, []);
  t.deepEqual((await pages.verify('/a', { cookies: ['theme=dark', 'session=alice'] })).differences, [
    { visitor: 'a visitor with a cookie', where: 'line 2', stored: 'Log in', theirs: 'alice' },
  ]);
  for (const options of [{ cookies: 'session=1' }, { cookie: ['a=1'] }])
    await t.throwsAsync(pages.verify('/a', options as never), { instanceOf: TypeError });
});

test('verify() finds another status and other headers, and shows five lines at most', async (t) => {
  const { pages } = await startVerified(t, (app) => {
    app.get('/a', ({ headers: { cookie } }, response) => {
      if (cookie === undefined) response.send('a\n'.repeat(20));
      else response.status(403).set('X-Role', 'none').send('b\n'.repeat(20));
    });
  });
  t.deepEqual(
    told(await pages.verify('/a')).map((line) => line.toLowerCase()),
    [
      'a visitor with a cookie: status',
      'a visitor with a cookie: header x-role',
      ...[1, 2, 3, 4, 5].map((line) => `a visitor with a cookie: line ${line}`),
    ],
  );
});

test('verify() refuses a URL whose pages are never stored', async (t) => {
  const { pages } = await startVerified(t, () => {});
  await t.throwsAsync(pages.verify('/a?b=1'), { instanceOf: TypeError, message: /QUERY/ });
});
