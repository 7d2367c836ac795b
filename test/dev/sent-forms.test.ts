import test, { type ExecutionContext } from 'ava';
import type { RequestHandler } from 'express';
import type { Page } from 'playwright-core';
import { openChromium } from '../helpers/chromium.ts';
import { counter, isNavigation, reloaded, startLiveApp, until, type LiveApp } from './live-app.ts';

const FORM = '<form method="post"><input name="order" value="1"><button>Send</button></form>';

function withTag(text: string): string {
  return `<!doctype html><script type="module" src="/static/@live-reload/client.js"></script><p>${text}</p>${FORM}`;
}

/** A page that is the answer to a form which was sent, and how often it was. */
async function sendForm(
  t: ExecutionContext,
  { get }: { readonly get?: RequestHandler } = {},
): Promise<{ readonly app: LiveApp; readonly page: Page; readonly sent: () => number }> {
  let sent = 0;
  const app = await startLiveApp(t, {
    files: { 'app.js': '' },
    before: (request, response, next) => {
      if (request.path !== '/form') next();
      else if (request.method === 'POST') {
        sent += 1;
        response.send(withTag('thank you'));
      } else if (sent > 0 && get) get(request, response, next);
      else response.send(withTag('please order'));
    },
  });
  const page = await (await openChromium(t)).newPage();
  await page.goto(`${app.url}/form`);
  await until(() => app.streams() === 1);
  await page.click('button');
  await page.waitForSelector('text=thank you');
  await until(() => app.streams() === 2);
  await page.evaluate('globalThis.counter = 41');
  return { app, page, sent: () => sent };
}

test.serial(
  'a page that was the answer to a form is loaded by GET, and the form not sent again',
  async (t) => {
    const { app, page, sent } = await sendForm(t);
    app.write('app.js', '1');
    await reloaded(page);
    t.is(await page.textContent('p'), 'please order');
    t.is(sent(), 1);
  },
);

for (const status of [404, 405]) {
  test.serial(`it stays, with a warning, where a GET of it is a ${status}`, async (t) => {
    const { app, page, sent } = await sendForm(t, {
      get: (request, response) => {
        if (isNavigation(request)) t.fail('it was left');
        response.status(status).send('no such page');
      },
    });
    const warned = page.waitForEvent('console', (message) => message.type() === 'warning');
    app.write('app.js', '1');
    t.is(
      (await warned).text(),
      `Live reload: "/form" answers ${status}, so this page stays until the next change.`,
    );
    t.is(await counter(page), 41);
    t.is(await page.textContent('p'), 'thank you');
    t.is(sent(), 1);
  });
}
