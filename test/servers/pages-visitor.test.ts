import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import express, { type Request } from 'express';
import type { BrowserContext, Page } from 'playwright-core';
import { pageCache } from '../../src/express.ts';
import { pagesHttp, pagesLocation } from '../../src/nginx.ts';
import { createPages, fileStore, type Pages } from '../../src/pages.ts';
import { openChromium } from '../helpers/chromium.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { freePort } from '../helpers/free-port.ts';
import { listen } from '../helpers/listen.ts';
import { startNginx, type Nginx } from '../helpers/nginx.ts';

interface Blog {
  readonly site: string;
  readonly pages: Pages;
  readonly nginx: Nginx;
  /** The posts, which can be changed. */
  readonly posts: Map<string, string>;
  /** The requests that reached the app, with their cookies. */
  readonly asked: string[];
}

function userOf({ headers }: Request): string | undefined {
  return /session=(\w+)/.exec(headers.cookie ?? '')?.[1];
}

/** A blog with a login behind nginx, which serves what is stored. */
async function startBlog(t: ExecutionContext): Promise<Blog> {
  const folder = join(await temporaryFolder(t), 'store');
  const port = await freePort();
  const site = `http://127.0.0.1:${port}`;
  const spec = { sites: [site], urls: ['/', '/posts/:slug'], bypassCookies: ['session'] };
  const pages = createPages({ ...spec, store: fileStore({ folder }), waitSeconds: 60, deadlineSeconds: 60 });
  t.teardown(() => pages.close());
  const posts = new Map([
    ['one', 'First text'],
    ['two', 'Second text'],
  ]);
  const asked: string[] = [];
  const app = express().disable('x-powered-by');
  app.use(pageCache(pages));
  app.use((request, response, next) => {
    const user = userOf(request);
    asked.push(`${user ?? 'nobody'} ${request.method} ${request.originalUrl}`);
    // What is one visitor's is kept by nobody, his browser's history included.
    if (user !== undefined) response.set('Cache-Control', 'no-store');
    next();
  });
  app.post('/login/:user', ({ params }, response) =>
    response.cookie('session', params.user).redirect(303, '/'),
  );
  app.post('/logout', (_request, response) => response.clearCookie('session').redirect(303, '/'));
  const html = (user: string | undefined, body: string): string => `<!doctype html><title>Blog</title>
    <p id=bar>${user === undefined ? 'Guest' : `Hello ${user}`}</p><main>${body}</main>
    ${[...posts.keys()].map((slug) => `<a id=${slug} href=/posts/${slug}>${slug}</a>`).join(' ')} <a id=home href=/>Home</a>
    <form id=login method=post action=/login/Alice><button>Log in</button></form>
    <form id=other method=post action=/login/Bob><button>Log in as Bob</button></form>
    <form id=logout method=post action=/logout><button>Log out</button></form>`;
  app.get('/', (request, response) => response.send(html(userOf(request), [...posts.values()].join(', '))));
  app.get('/posts/:slug', (request, response) => {
    response.send(html(userOf(request), String(posts.get(request.params.slug))));
  });
  const { url: upstream } = await listen(t, app);
  const options = { ...spec, folder, upstream };
  const nginx = await startNginx(
    t,
    `listen 127.0.0.1:${port}; ${pagesLocation(options)}`,
    pagesHttp(options),
  );
  return { site, pages, nginx, posts, asked };
}

/** What a visitor sees. */
async function seen(page: Page): Promise<string> {
  return `${await page.textContent('#bar')}: ${await page.textContent('main')}`;
}

async function click(page: Page, selector: string): Promise<void> {
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(selector)]);
}

async function visitor(t: ExecutionContext): Promise<{ context: BrowserContext; page: Page }> {
  const context = await (await openChromium(t)).newContext();
  return { context, page: await context.newPage() };
}

test('Chromium through nginx: a visitor sees stored pages, logs in, sees the personal bar, logs out, and sees stored pages', async (t) => {
  const { site, asked } = await startBlog(t);
  const { page } = await visitor(t);
  await page.goto(site);
  t.is(await seen(page), 'Guest: First text, Second text');
  await click(page, '#one');
  t.is(await seen(page), 'Guest: First text');
  asked.length = 0;
  await click(page, '#home');
  await click(page, '#one');
  t.is(await seen(page), 'Guest: First text');
  t.deepEqual(asked, [], 'nginx serves what is stored');

  await click(page, '#login button');
  t.is(await seen(page), 'Hello Alice: First text, Second text');
  await click(page, '#one');
  t.is(await seen(page), 'Hello Alice: First text');
  t.deepEqual(asked.splice(0), ['nobody POST /login/Alice', 'Alice GET /', 'Alice GET /posts/one']);

  // Somebody else, meanwhile.
  const { page: guest } = await visitor(t);
  await guest.goto(`${site}/posts/one`);
  t.is(await seen(guest), 'Guest: First text');
  t.deepEqual(asked, []);

  await click(page, '#logout button');
  t.is(await seen(page), 'Guest: First text, Second text');
  await page.goBack();
  t.is(await seen(page), 'Guest: First text', "the way back does not lead to Alice's page");
  await click(page, '#other button');
  t.is(await seen(page), 'Hello Bob: First text, Second text');
  await page.goBack();
  t.is(await seen(page), 'Guest: First text', 'history shows what was seen, a public page');
  await page.reload();
  t.is(await seen(page), 'Hello Bob: First text');
  t.false(asked.some((line) => line === 'nobody GET /' || line === 'nobody GET /posts/one'));
});

test('Chromium through nginx: a post that is saved and refreshed is seen anew by reloading and by links', async (t) => {
  const { site, pages, posts, nginx, asked } = await startBlog(t);
  const { page } = await visitor(t);
  await page.goto(site);
  await click(page, '#one');
  // What the app has sent has another ETag than what nginx sends.
  await page.reload();
  await page.reload();
  t.is(
    (await nginx.requests()).at(-1),
    '304 GET /posts/one HTTP/1.1',
    'what has not changed is not sent again',
  );
  // Of the same length, and within the same second.
  posts.set('one', 'Third text');
  posts.set('one', 'Fresh text');
  await pages.refresh('/', '/posts/one');
  asked.length = 0;
  await page.reload();
  t.is(await seen(page), 'Guest: Fresh text');
  await click(page, '#home');
  t.is(await seen(page), 'Guest: Fresh text, Second text');
  await page.goBack();
  t.is(await seen(page), 'Guest: Fresh text');
  await page.goForward();
  t.is(await seen(page), 'Guest: Fresh text, Second text');
  posts.set('one', 'Later text');
  await pages.refresh('/', '/posts/one');
  await page.goBack();
  t.is(await seen(page), 'Guest: Fresh text', 'history shows what was seen');
  await page.reload();
  t.is(await seen(page), 'Guest: Later text');
  await page.goForward();
  await page.reload();
  t.is(await seen(page), 'Guest: Later text, Second text');
  t.deepEqual(asked.toSorted(), ['nobody GET /', 'nobody GET /posts/one'], 'our own renders alone');
});
