import test from 'ava';
import type { RequestHandler } from 'express';
import type { BrowserContext, Page } from 'playwright-core';
import { openChromium } from '../helpers/chromium.ts';
import { freePort } from '../helpers/free-port.ts';
import { readEvents } from './event-reader.ts';
import { counter, openPage, reloaded, startLiveApp, styled, until, type LiveApp } from './live-app.ts';

const FILES = { 'app.css': 'body { color: red }', 'app.js': '' };
const HEAD =
  '<link rel="stylesheet" href="STATIC/app.css"><script type="module" src="STATIC/app.js"></script>';
const BLUE = 'rgb(0, 0, 255)';
const GREEN = 'rgb(0, 128, 0)';

async function openPages(context: BrowserContext, app: LiveApp, count: number): Promise<Page[]> {
  const pages: Page[] = [];
  for (let opened = 0; opened < count; opened += 1) pages.push(await openPage(context, app));
  return pages;
}

test.serial('a module edit reloads', async (t) => {
  const app = await startLiveApp(t, { files: FILES, head: HEAD });
  const browser = await openChromium(t);
  const page = await openPage(await browser.newContext(), app);
  app.write('app.js', 'document.body.style.color = "blue";');
  await reloaded(page);
  await styled(page, 'color', BLUE);
  t.is(app.loads(), 2);
});

test.serial(
  'seven tabs load over HTTP/1.1 and share one connection, which reaches all of them',
  async (t) => {
    const app = await startLiveApp(t, { files: FILES, head: HEAD });
    const browser = await openChromium(t);
    const pages = await openPages(await browser.newContext(), app, 7);
    app.write('app.css', 'body { color: blue }');
    await Promise.all(pages.map((page) => styled(page, 'color', BLUE)));
    for (const page of pages) t.is(await counter(page), 41);
    t.is(app.streams(), 1);
    t.is(app.loads(), 7);
  },
);

test.serial('without Web Locks each tab has a connection of its own', async (t) => {
  const app = await startLiveApp(t, { files: FILES, head: HEAD });
  const browser = await openChromium(t);
  const context = await browser.newContext();
  await context.addInitScript("Object.defineProperty(navigator, 'locks', { value: undefined })");
  const pages = await openPages(context, app, 3);
  app.write('app.css', 'body { color: blue }');
  await Promise.all(pages.map((page) => styled(page, 'color', BLUE)));
  t.is(app.streams(), 3);
});

test.serial(
  'without Web Locks ten tabs load, for those out of sight are not connected; seen again they catch up',
  async (t) => {
    const app = await startLiveApp(t, { files: FILES, head: HEAD });
    const browser = await openChromium(t);
    const context = await browser.newContext();
    // Headless tabs are all visible, so the tab is told what it would be.
    await context.addInitScript(`
    Object.defineProperty(navigator, 'locks', { value: undefined });
    let seen = 'visible';
    Object.defineProperty(document, 'visibilityState', { get: () => seen });
    globalThis.show = (state) => { seen = state; document.dispatchEvent(new Event('visibilitychange')); };`);
    const pages: Page[] = [];
    for (let opened = 0; opened < 10; opened += 1) {
      await pages.at(-1)?.evaluate("globalThis.show('hidden')");
      pages.push(await openPage(context, app));
    }
    const [first, last] = [pages[0], pages[9]];
    if (!first || !last) throw new Error('there are ten');
    app.write('app.css', 'body { color: blue }');
    await styled(last, 'color', BLUE);
    t.not(await first.evaluate('getComputedStyle(document.body).color'), BLUE);
    await first.evaluate("globalThis.show('visible')");
    await styled(first, 'color', BLUE);
    t.is(await counter(first), 41);
  },
);

test.serial('a tag of the app with a nonce works under a policy that trusts nothing else', async (t) => {
  const app = await startLiveApp(t, {
    files: FILES,
    head: '<link rel="stylesheet" href="STATIC/app.css">',
    policy:
      "default-src 'none'; connect-src 'self'; style-src 'self'; script-src 'nonce-n0nce' 'strict-dynamic'",
    tag: ({ liveReloadUrl }) => `<script type="module" nonce="n0nce" src="${liveReloadUrl}"></script>`,
  });
  const browser = await openChromium(t);
  const page = await openPage(await browser.newContext(), app);
  app.write('app.css', 'body { color: blue }');
  await styled(page, 'color', BLUE);
  t.is(await counter(page), 41);
});

test.serial('a page whose visitor chooses to stay goes on listening', async (t) => {
  const app = await startLiveApp(t, { files: FILES, head: HEAD });
  const browser = await openChromium(t);
  const page = await openPage(await browser.newContext(), app);
  await page.mouse.click(5, 5); // browsers ask only whom somebody has touched
  await page.evaluate("addEventListener('beforeunload', (event) => event.preventDefault())");
  const asked = new Promise<void>((resolve) => {
    page.on('dialog', (dialog) => void dialog.dismiss().then(resolve));
  });
  app.write('app.js', '// changed');
  await asked;
  app.write('app.css', 'body { color: blue }');
  await styled(page, 'color', BLUE);
  t.is(await counter(page), 41);
});

test.serial('when the tab that is connected closes, another one connects', async (t) => {
  const app = await startLiveApp(t, { files: FILES, head: HEAD });
  const browser = await openChromium(t);
  const [first, ...others] = await openPages(await browser.newContext(), app, 3);
  await until(() => app.streams() === 1);
  await first?.close();
  app.write('app.css', 'body { color: blue }');
  await Promise.all(others.map((page) => styled(page, 'color', BLUE)));
  t.is(app.streams(), 2);
  for (const page of others) t.is(await counter(page), 41);
});

test.serial('after a restart on the same port every tab reloads once', async (t) => {
  const app = await startLiveApp(t, { files: FILES, head: HEAD, port: await freePort() });
  const browser = await openChromium(t);
  const pages = await openPages(await browser.newContext(), app, 3);
  await until(() => app.streams() === 1);
  await app.close();
  const again = await startLiveApp(t, { root: app.root, head: HEAD, port: app.port });
  await Promise.all(pages.map((page) => reloaded(page)));
  again.write('app.css', 'body { color: green }');
  await Promise.all(pages.map((page) => styled(page, 'color', GREEN)));
  t.is(again.loads(), 3);
});

test.serial(
  'after restarts into a broken app and out of it every tab shows the page, and goes on',
  async (t) => {
    const app = await startLiveApp(t, { files: FILES, head: HEAD, port: await freePort() });
    const browser = await openChromium(t);
    const pages = await openPages(await browser.newContext(), app, 3);
    await until(() => app.streams() === 1);
    const { root, port } = app;
    await app.close();
    const refused = new Set<Page>();
    for (const page of pages) {
      page.on('response', (response) => response.status() === 500 && refused.add(page));
    }
    const broken = await startLiveApp(t, {
      root,
      port,
      before: (request, response, next) => {
        if (request.path !== '/') next();
        else response.status(500).send('an error page, without live reload');
      },
    });
    // A tab asks twice if it connects before the server watches: when it hears of the restart, and when it may rely on it.
    await until(() => refused.size === 3);
    for (const page of pages) t.is(await counter(page), 41);
    await broken.close();
    const mended = await startLiveApp(t, { root, port, head: HEAD });
    await Promise.all(pages.map((page) => reloaded(page)));
    mended.write('app.css', 'body { color: green }');
    await Promise.all(pages.map((page) => styled(page, 'color', GREEN)));
    t.is(mended.loads(), 3);
  },
);

test.serial("a proxy's error while the server restarts ends nothing", async (t) => {
  let refused = 0;
  const app = await startLiveApp(t, { files: FILES, head: HEAD, before: refuseStreams() });
  function refuseStreams(): RequestHandler {
    return (request, response, next) => {
      if (!('since' in request.query) || refused > 0) next();
      else {
        refused += 1;
        response.sendStatus(502);
      }
    };
  }
  const browser = await openChromium(t);
  const page = await openPage(await browser.newContext(), app);
  app.write('app.css', 'body { color: blue }');
  await styled(page, 'color', BLUE);
  t.is(refused, 1);
  t.is(await counter(page), 41);
});

test.serial('a change between the page and its connection is not missed', async (t) => {
  const held: (() => void)[] = [];
  const app = await startLiveApp(t, {
    files: FILES,
    head: HEAD,
    before: (request, _response, next) => {
      if ('since' in request.query) held.push(next);
      else next();
    },
  });
  const { message } = await readEvents(t, `${app.url}/static/@live-reload/events`);
  t.like(await message(), { kind: 'ready' });
  const browser = await openChromium(t);
  const page = await openPage(await browser.newContext(), app);
  await until(() => held.length === 1);
  app.write('app.css', 'body { color: blue }');
  t.like(await message(), { kind: 'css' });
  for (const next of held) next();
  await styled(page, 'color', BLUE);
  t.is(await counter(page), 41);
});

test.serial('a tab that has missed something another tab was told reloads', async (t) => {
  const app = await startLiveApp(t, { files: FILES, head: HEAD });
  const browser = await openChromium(t);
  const context = await browser.newContext();
  const leader = await openPage(context, app);
  const early = await fetch(`${app.url}/static/@live-reload/client.js`).then((response) => response.text());
  app.write('app.css', 'body { color: blue }');
  await styled(leader, 'color', BLUE);
  const late = await context.newPage();
  let served = 0;
  await late.route('**/client.js', (route) =>
    served++ === 0 ? route.fulfill({ contentType: 'text/javascript', body: early }) : route.continue(),
  );
  await late.goto(app.url);
  await until(() => served === 2);
  t.is(app.loads(), 3);
  t.is(app.streams(), 1);
});

test.serial('two servers behind one address never reload a page for ever', async (t) => {
  const other = await startLiveApp(t, { files: FILES });
  const app = await startLiveApp(t, {
    files: FILES,
    head: HEAD,
    before: (request, response, next) => {
      if ('since' in request.query) other.router(request, response, next);
      else next();
    },
  });
  const browser = await openChromium(t);
  const page = await browser.newPage();
  // However slow the machine is, the second doubt comes right after the first.
  await page.addInitScript('Date.now = () => 1e12');
  await page.goto(app.url);
  await until(() => app.loads() === 2);
  await until(() => app.streams() === 2);
  app.write('app.css', 'body { color: blue }');
  other.write('app.css', '');
  await styled(page, 'color', BLUE);
  t.is(app.loads(), 2);
});

test.serial('a page that comes back from the cache of whole pages reloads', async (t) => {
  const app = await startLiveApp(t, { files: FILES, head: HEAD });
  const browser = await openChromium(t);
  const page = await openPage(await browser.newContext(), app);
  // Not before this is answered: nothing is, of a page that is being replaced.
  await page.evaluate(
    "void setTimeout(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))",
  );
  await reloaded(page);
  t.is(app.loads(), 2);
});
