import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import express, { type RequestHandler } from 'express';
import type { BrowserContext, Page } from 'playwright-core';
import { devStaticRouter, type DevStaticRouter, type DevStaticRouterOptions } from '../../src/express.ts';
import { temporaryFolder, type Files } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { readEvents } from './event-reader.ts';

const VERSION = '0123456789abcdef';

/** An app with live reload that serves one page, as strict as a Content-Security-Policy can ask. */
export interface LiveApp {
  readonly url: string;
  readonly root: string;
  readonly port: number;
  readonly router: DevStaticRouter;
  /** The requests for the event stream so far. */
  readonly streams: () => number;
  /** How often a browser has loaded the page so far. */
  readonly loads: () => number;
  /** Writes a file in place, in one go: no batch of events ends between its truncation and its bytes. */
  readonly write: (name: string, content: string) => void;
  readonly close: () => Promise<void>;
}

/** What differs between the apps of the tests. */
export interface LiveAppOptions {
  readonly files?: Files;
  /** An existing root instead. */
  readonly root?: string;
  /** The page's head; `STATIC` stands for the static URL. */
  readonly head?: string;
  /** For an app that restarts one of `freePort()`, which no other program is given while it is down. */
  readonly port?: number;
  readonly policy?: string;
  readonly router?: DevStaticRouterOptions;
  /** How the page gets live reload. */
  readonly tag?: (router: DevStaticRouter) => string;
  /** Comes before the router. */
  readonly before?: RequestHandler;
}

/** Starts the app; no change is missed from then on. */
export async function startLiveApp(
  t: ExecutionContext,
  {
    files = {},
    root,
    head = '',
    port,
    policy = "default-src 'self'",
    router: options,
    tag = ({ liveReloadTag }) => liveReloadTag,
    before,
  }: LiveAppOptions = {},
): Promise<LiveApp> {
  const folder = root ?? (await temporaryFolder(t, files));
  const router = devStaticRouter('/static/', folder, { liveReload: true, ...options });
  t.teardown(() => router.close());
  let streams = 0;
  let loads = 0;
  const app = express();
  app.use((request, response, next) => {
    if (request.method === 'GET' && request.path.endsWith('/@live-reload/events')) streams += 1;
    response.set('Content-Security-Policy', policy);
    next();
  });
  if (before) app.use(before);
  app.use(router);
  app.get('/', (request, response) => {
    if (isNavigation(request)) loads += 1;
    const html = head.replaceAll('STATIC', `/static/${VERSION}`);
    response.send(`<!doctype html><html><head>${html}${tag(router)}</head><body>page</body></html>`);
  });
  const { url, server, port: itsPort } = await listen(t, app, port);
  await watching(t, url);
  streams = 0;
  return {
    url,
    root: folder,
    port: itsPort,
    router,
    streams: () => streams,
    loads: () => loads,
    write: (name, content) => writeFileSync(join(folder, name), content),
    close: async () => {
      await router.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Whether a browser shows the answer to whoever looks at it: live reload asks for the page too, before it does so. */
export function isNavigation({ headers }: IncomingMessage): boolean {
  return headers['sec-fetch-dest'] === 'document';
}

/** Waits until no change is missed any more. */
async function watching(t: ExecutionContext, url: string): Promise<void> {
  const events = await readEvents(t, `${url}/static/@live-reload/events`);
  await events.message();
  events.close();
}

/** Opens the app's page in a tab, with a counter that only a reload loses. */
export async function openPage(context: BrowserContext, app: LiveApp): Promise<Page> {
  const page = await context.newPage();
  await page.goto(app.url);
  await page.evaluate('globalThis.counter = 41');
  return page;
}

/** What became of the counter: 41, or `undefined` after a reload. */
export function counter(page: Page): Promise<unknown> {
  return page.evaluate('globalThis.counter');
}

/** Waits until the page was reloaded. */
export async function reloaded(page: Page): Promise<void> {
  await until(
    async () => (await evaluate(page, 'document.readyState + globalThis.counter')) === 'completeundefined',
  );
}

/** Waits until a style of the page's body has a value. */
export async function styled(page: Page, property: string, value: string): Promise<void> {
  await until(async () => (await evaluate(page, `getComputedStyle(document.body).${property}`)) === value);
}

/** What an expression is in the page, or `undefined` while the page is being replaced. */
async function evaluate(page: Page, expression: string): Promise<unknown> {
  try {
    return await page.evaluate(expression);
  } catch (error) {
    if (page.isClosed()) throw error;
    return undefined;
  }
}

/** Waits until something holds; in vain for a minute means never. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`This never came true: ${holds.toString()}`);
    await pause(10);
  }
}
