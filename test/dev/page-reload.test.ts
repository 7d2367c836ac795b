import test, { type ExecutionContext } from 'ava';
import type { Request, Response } from 'express';
import type { Page } from 'playwright-core';
import { launchChromium } from '../helpers/chromium.ts';
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

/** What answers when live reload asks for the page, in place of the page; `undefined` lets the page answer. */
type Instead = ((response: Response) => void) | undefined;

/** A page whose server can be made to fail. */
async function openFailing(t: ExecutionContext): Promise<{
  readonly app: LiveApp;
  readonly page: Page;
  readonly fail: (instead: Instead) => void;
  /** How often live reload has asked for the page so far. */
  readonly asked: () => number;
  /** The same, when the last connection was made. */
  readonly askedAtConnection: () => number;
  readonly warnings: readonly string[];
  /** Ends the stream, as a proxy may do; browsers connect again. */
  readonly disconnect: () => void;
}> {
  let instead: Instead;
  let asked = 0;
  let askedAtConnection = 0;
  let stream: Response | undefined;
  const app = await startLiveApp(t, {
    files: { 'app.css': '', 'app.js': '' },
    head: '<link rel="stylesheet" href="STATIC/app.css">',
    before: (request: Request, response, next) => {
      if (request.path.endsWith('/events')) {
        askedAtConnection = asked;
        stream = response;
      }
      if (request.path !== '/' || isNavigation(request)) next();
      else {
        asked += 1;
        if (instead) instead(response);
        else next();
      }
    },
  });
  const browser = await launchChromium(t);
  const page = await openPage(await browser.newContext(), app);
  const warnings: string[] = [];
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  await until(() => app.streams() === 1);
  return {
    app,
    page,
    fail: (by) => {
      instead = by;
    },
    asked: () => asked,
    askedAtConnection: () => askedAtConnection,
    warnings,
    disconnect: () => stream?.end(),
  };
}

test.serial('a page that the server cannot give stays, with a warning, until the next change', async (t) => {
  const { app, page, fail, asked, warnings } = await openFailing(t);
  fail((response) => void response.status(500).send('an error page, without live reload'));
  await app.write('app.js', '1');
  await until(() => warnings.length === 1);
  t.deepEqual(warnings, ['Live reload: "/" answers 500, so this page stays until the next change.']);
  await app.write('app.css', 'body { color: blue }');
  await styled(page, 'color', BLUE);
  await until(() => warnings.length === 2);
  t.is(await counter(page), 41);
  fail(undefined);
  await app.write('app.css', 'body { color: red }');
  await reloaded(page);
  t.is(asked(), 3);
  t.is(app.loads(), 2);
});

test.serial('a change that mends the page while the server is being asked is not missed', async (t) => {
  const { app, page, fail, asked, warnings } = await openFailing(t);
  let held: Response | undefined;
  fail((response) => {
    held = response;
  });
  await app.write('app.js', '1');
  await until(() => held !== undefined);
  fail(undefined);
  await app.write('app.css', 'body { color: blue }');
  await styled(page, 'color', BLUE);
  held?.sendStatus(500);
  await reloaded(page);
  t.is(asked(), 2);
  t.is(warnings.length, 1);
});

test.serial(
  'a page that nobody answers for waits for the connection, and does not ask meanwhile',
  async (t) => {
    const { app, page, fail, asked, warnings, disconnect } = await openFailing(t);
    const failed = page.waitForEvent('requestfailed');
    fail((response) => void response.socket?.destroy());
    await app.write('app.js', '1');
    await failed;
    const before = asked();
    disconnect();
    // The browser waits for a second before it connects again.
    await until(() => app.streams() === 2);
    await until(() => asked() > before);
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

test.serial('a page that leads to another origin by now is loaded, as a visitor would', async (t) => {
  const { app, page, fail } = await openFailing(t);
  fail((response) => response.redirect('http://login.example.com/'));
  await app.write('app.js', '1');
  await reloaded(page);
  t.is(app.loads(), 2);
});
