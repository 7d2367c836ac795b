import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readEvents } from '../dev/event-reader.ts';
import { counter, reloaded, styled, until } from '../dev/live-app.ts';
import { openChromium } from '../helpers/chromium.ts';
import { BLOG, copyBlog, startBlog } from './blog-process.ts';

const WAYS = {
  development: { lifetime: 'no-cache', isDictionary: false },
  // The next release sends what has changed since.
  'behind nginx': { lifetime: 'public, max-age=31536000, immutable', isDictionary: true },
};

for (const [way, { lifetime, isDictionary }] of Object.entries(WAYS)) {
  // One after the other: the first start writes the fonts, of which the other's live reload would tell.
  test.serial(
    `the example ${way}: every file of a page comes from a versioned URL, with the lifetime promised${isDictionary ? ', and is a dictionary for the next release' : ''}`,
    async (t) => {
      const blog = await startBlog(t, BLOG, ...(way === 'development' ? [] : ['--nginx']));
      t.regex(blog.printed(), way === 'development' ? /site\.css/ : /curl -I/);
      const page = await (await openChromium(t)).newPage();
      const files: {
        path: string;
        status: number;
        cacheControl: string | undefined;
        dictionary: string | undefined;
      }[] = [];
      const problems: string[] = [];
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('response', (response) => {
        const path = new URL(response.url()).pathname;
        if (!path.startsWith('/static/') || path.includes('/@live-reload/')) return;
        const { 'cache-control': cacheControl, 'use-as-dictionary': dictionary } = response.headers();
        files.push({ path, status: response.status(), cacheControl, dictionary });
      });
      await page.goto(blog.url, { waitUntil: 'load' });
      await page.evaluate('document.fonts.ready');
      t.deepEqual(problems, []);
      t.deepEqual(
        files.filter(
          ({ path, status, cacheControl, dictionary }) =>
            !/^\/static\/[0-9a-f]{16}\//.test(path) ||
            status !== 200 ||
            cacheControl !== lifetime ||
            (dictionary !== undefined) !== isDictionary,
        ),
        [],
      );
      for (const kind of ['css', 'js', 'svg', 'woff2']) {
        t.true(
          files.some(({ path }) => path.endsWith(`.${kind}`)),
          kind,
        );
      }
      const preloaded = files.map(({ path }) => path).filter((path) => /\.(?:js|woff2)$/.test(path));
      t.deepEqual(preloaded, [...new Set(preloaded)], 'what is preloaded is what the page uses');
      t.is((await fetch(`${blog.url}/nothing-here`)).status, 404);
      t.is(await blog.end(), 0);
    },
  );
}

/** Opens a note of a copy of the example, whose files are watched by now, with a counter that only a reload loses. */
async function openNote(t: ExecutionContext) {
  const folder = await copyBlog(t);
  const blog = await startBlog(t, folder);
  const events = await readEvents(t, `${blog.url}/static/@live-reload/events`);
  await events.message();
  events.close();
  const page = await (await openChromium(t)).newPage();
  await page.goto(`${blog.url}/posts/the-width-of-a-line`);
  await page.evaluate('globalThis.counter = 41');
  return { folder, blog, page };
}

/** Edits a file in one go: the example may look at it between its truncation and its bytes. */
async function replace(file: string, content: string): Promise<void> {
  await writeFile(`${file}.tmp`, content);
  await rename(`${file}.tmp`, file);
}

test('the example: an edit of its CSS changes the page, which keeps its applause; an edit of a note loads it again', async (t) => {
  const { folder, page } = await openNote(t);
  await page.click('#applaud');
  await page.click('#applaud');
  await appendFile(join(folder, 'public/css/post.css'), 'body { outline-color: rgb(1, 2, 3) }');
  await styled(page, 'outlineColor', 'rgb(1, 2, 3)');
  t.is(await page.textContent('[data-count]'), '2');
  t.is(await counter(page), 41);
  await appendFile(join(folder, 'views/posts/the-width-of-a-line.ejs'), '<p id="edited">Edited.</p>');
  await reloaded(page);
  t.is(await page.textContent('#edited'), 'Edited.');
  t.is(await page.textContent('[data-count]'), '0');
});

test('the example: a mistake in a note leaves the page, or shows itself to who comes then, until it is mended', async (t) => {
  const { folder, blog, page } = await openNote(t);
  const title = await page.title();
  const note = join(folder, 'views/posts/the-width-of-a-line.ejs');
  const text = await readFile(note, 'utf8');
  const warned = page.waitForEvent('console', (message) => message.text().includes('answers 500'));
  await replace(note, `<% if ( %>${text}`);
  await warned;
  t.is(await counter(page), 41);
  await page.reload();
  t.is(await page.title(), 'Run aground · Slack Water');
  t.regex((await page.textContent('pre')) ?? '', /the-width-of-a-line\.ejs/);
  await replace(note, text);
  await until(async () => (await page.title().catch(() => '')) === title);
  t.is(await blog.end(), 0);
});

test('the example: without its stylesheet it says so, until the stylesheet is back', async (t) => {
  const { folder, blog, page } = await openNote(t);
  const title = await page.title();
  const stylesheet = join(folder, 'public/css/site.css');
  const warned = page.waitForEvent('console', (message) => message.text().includes('answers 500'));
  await rename(stylesheet, join(folder, 'site.css'));
  await warned;
  await page.reload();
  t.is(await page.title(), 'Run aground · Slack Water');
  t.regex((await page.textContent('pre')) ?? '', /css\/site\.css/);
  await rename(join(folder, 'site.css'), stylesheet);
  await until(async () => (await page.title().catch(() => '')) === title);
  t.is(await blog.end(), 0);
});

test('the example: a request that is wrong is answered, and leaves no stack behind', async (t) => {
  const blog = await startBlog(t, await copyBlog(t));
  t.is((await fetch(`${blog.url}/posts/%E0%A4%A`)).status, 400);
  t.is(await blog.end(), 0);
  t.notRegex(blog.printed(), /URIError/);
});
