import test, { type ExecutionContext } from 'ava';
import type { Request, Response } from 'express';
import type { Page } from 'playwright-core';
import { openChromium } from '../helpers/chromium.ts';
import {
  counter,
  isNavigation,
  openPage,
  reloaded,
  startLiveApp,
  styled,
  until,
  type LiveApp,
} from './live-app.ts';

const BLUE = 'rgb(0, 0, 255)';

/** A page with live reload. */
function withTag(text: string): string {
  return `<!doctype html><script type="module" src="/static/@live-reload/client.js"></script><p>${text}</p>`;
}

/** What answers when live reload asks for the page, or whether the server is there; `undefined` lets the app answer. */
type Instead = ((response: Response) => void) | undefined;

/** A page whose server can be made to fail. */
async function openFailing(t: ExecutionContext): Promise<{
  readonly app: LiveApp;
  readonly page: Page;
  readonly fail: (instead: Instead) => void;
  /** How often live reload has asked for the page so far. */
  readonly asked: () => number;
  /** How often nobody has answered, neither for the page nor for live reload. */
  readonly refused: () => number;
  readonly warnings: readonly string[];
  /** Ends the stream, as a proxy may do; browsers connect again. */
  readonly disconnect: () => void;
}> {
  let instead: Instead;
  let asked = 0;
  let stream: Response | undefined;
  const app = await startLiveApp(t, {
    files: { 'app.css': '', 'app.js': '' },
    head: '<link rel="stylesheet" href="STATIC/app.css">',
    before: (request: Request, response, next) => {
      const isStream = request.path.endsWith('/events');
      if (isStream && request.method === 'GET') stream = response;
      const isForPage = request.path === '/' && !isNavigation(request);
      if (isForPage) asked += 1;
      if (instead && (isForPage || (isStream && request.method === 'HEAD'))) instead(response);
      else next();
    },
  });
  const browser = await openChromium(t);
  const page = await openPage(await browser.newContext(), app);
  const warnings: string[] = [];
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  let refused = 0;
  page.on('requestfailed', (request) => {
    if (request.method() === 'HEAD') refused += 1;
  });
  await until(() => app.streams() === 1);
  return {
    app,
    page,
    fail: (by) => {
      instead = by;
    },
    asked: () => asked,
    refused: () => refused,
    warnings,
    disconnect: () => stream?.end(),
  };
}

test.serial('a page that the server cannot give stays, with a warning, until the next change', async (t) => {
  const { app, page, fail, asked, warnings } = await openFailing(t);
  fail((response) => void response.status(500).send('an error page, without live reload'));
  app.write('app.js', '1');
  await until(() => warnings.length === 1);
  t.deepEqual(warnings, ['Live reload: "/" answers 500, so this page stays until the next change.']);
  app.write('app.css', 'body { color: blue }');
  await styled(page, 'color', BLUE);
  await until(() => warnings.length === 2);
  t.is(await counter(page), 41);
  fail(undefined);
  app.write('app.css', 'body { color: red }');
  await reloaded(page);
  t.is(asked(), 3);
  t.is(app.loads(), 2);
});

test.serial('a change that mends the page while the server is being asked is not missed', async (t) => {
  const { app, page, fail, asked, warnings } = await openFailing(t);
  fail(() => {}); // it never answers
  app.write('app.js', '1');
  await until(() => asked() === 1);
  fail(undefined);
  app.write('app.css', 'body { color: blue }');
  await styled(page, 'color', BLUE);
  await reloaded(page);
  t.is(asked(), 2);
  t.deepEqual(warnings, []);
});

test.serial(
  'a page that nobody answers for waits for the connection, and does not ask meanwhile',
  async (t) => {
    const { app, page, fail, asked, refused, warnings, disconnect } = await openFailing(t);
    fail((response) => void response.socket?.destroy());
    app.write('app.js', '1');
    await until(() => refused() === 1);
    disconnect();
    // The browser waits for a second before it connects again.
    await until(() => app.streams() === 2);
    await until(() => refused() === 2);
    t.is(await counter(page), 41);
    fail(undefined);
    const then = asked();
    disconnect();
    await reloaded(page);
    t.is(asked(), then + 1);
    await until(() => app.streams() === 4); // one more, and that of the new page
    t.deepEqual(warnings, []);
  },
);

test.serial('an error page with live reload gives way to the newest one that has it too', async (t) => {
  let answer = { status: 500, html: withTag('first') };
  const app = await startLiveApp(t, {
    files: { 'app.js': '' },
    before: (request, response, next) => {
      if (request.path !== '/') next();
      else response.status(answer.status).send(answer.html);
    },
  });
  const page = await openPage(await (await openChromium(t)).newContext(), app);
  await until(() => app.streams() === 1);
  const warned = page.waitForEvent('console', (message) => message.text().includes('answers 503'));
  answer = { status: 503, html: 'without live reload' };
  app.write('app.js', '1');
  await warned;
  t.is(await page.textContent('p'), 'first');
  for (const [text, status] of [
    ['second', 502],
    ['mended', 200],
  ] as const) {
    const streams = app.streams();
    answer = { status, html: withTag(text) };
    app.write('app.js', text);
    await until(async () => (await page.textContent('p').catch(() => '')) === text);
    await until(() => app.streams() > streams);
  }
  t.pass();
});

test.serial('a page that may not fetch itself is loaded unasked', async (t) => {
  const policy = "default-src 'self'; connect-src http://127.0.0.1:*/static/";
  const app = await startLiveApp(t, { files: { 'app.js': '' }, policy });
  const page = await openPage(await (await openChromium(t)).newContext(), app);
  await until(() => app.streams() === 1);
  app.write('app.js', '1');
  await reloaded(page);
  t.is(app.loads(), 2);
});

test.serial('a page that leads to another origin by now is loaded, as a visitor would', async (t) => {
  const { app, page, fail } = await openFailing(t);
  fail((response) => response.redirect('http://login.example.com/'));
  app.write('app.js', '1');
  await reloaded(page);
  t.is(app.loads(), 2);
});
