import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { until } from '../dev/live-app.ts';
import { openChromium } from '../helpers/chromium.ts';
import { copyBlog, runCommand, startBlog, type RunningBlog } from './blog-process.ts';

const FOR_A_YEAR = 'public, max-age=31536000, immutable';
const HIT = 'static-url; hit';
const POST = '/posts/the-width-of-a-line';
/** The pages that show the title of the post: its own, the index, the feed, and that of the post before it. */
const PAGES_WITH_TITLE = [POST, '/', '/feed.xml', '/posts/a-new-name-for-every-change'];
const MODES = {
  development: { parameters: [], bypass: 'static-url; fwd=bypass; detail=COOKIE' },
  production: { parameters: ['--nginx'], bypass: 'static-url; fwd=bypass' },
  memcached: { parameters: ['--nginx', '--memcached'], bypass: 'static-url; fwd=bypass' },
};

interface Started {
  readonly blog: RunningBlog;
  readonly folder: string;
  readonly password: string;
}

async function startCopy(t: ExecutionContext, ...parameters: string[]): Promise<Started> {
  const folder = await copyBlog(t);
  const blog = await startBlog(t, folder, ...parameters);
  const [, password = ''] = /with the password (\S+)/.exec(blog.printed()) ?? [];
  t.not(password, '');
  return { blog, folder, password };
}

/** On a busy machine the app may answer before the page is stored. */
async function untilStored(url: string): Promise<void> {
  await until(async () => (await visit(url)).status === HIT);
}

/** What somebody without a cookie gets. */
async function visit(url: string): Promise<{ status: string | null; text: string }> {
  const response = await fetch(url);
  return { status: response.headers.get('cache-status'), text: await response.text() };
}

for (const [mode, { parameters, bypass }] of Object.entries(MODES)) {
  test(`the example in ${mode}: a comment renews its page, a title every page that shows it, and the author's bar is the author's`, async (t) => {
    const { blog, folder, password } = await startCopy(t, ...parameters);
    for (const path of PAGES_WITH_TITLE) await untilStored(blog.url + path);
    const chromium = await openChromium(t);

    const visitor = await chromium.newPage();
    await visitor.goto(blog.url + POST);
    await visitor.fill('[name=name]', 'Ann');
    await visitor.fill('[name=text]', 'On <seventy> letters');
    await visitor.click('#comments button');
    await visitor.waitForURL(`${blog.url}${POST}#comments`);
    t.is(await visitor.textContent('.comment-text'), 'On <seventy> letters');
    const commented = await visit(blog.url + POST);
    t.is(commented.status, HIT);
    t.regex(commented.text, /On &lt;seventy&gt; letters/);

    const author = await chromium.newPage();
    await author.goto(`${blog.url}/login`);
    await author.fill('[name=password]', password);
    await author.click('main button');
    await author.waitForURL(`${blog.url}/`);
    const seen = await author.goto(blog.url + POST);
    t.is(await seen?.headerValue('cache-status'), bypass);
    await author.click('.author >> text=Edit');
    await author.fill('[name=title]', 'Seventy letters');
    await author.click('main button');
    await author.waitForURL(blog.url + POST);
    t.is(await author.textContent('h1'), 'Seventy letters');
    for (const path of PAGES_WITH_TITLE) {
      const { status, text } = await visit(blog.url + path);
      t.is(status, HIT, path);
      t.regex(text, /Seventy letters/);
      t.notRegex(text, /The width of a line|Log out/);
    }
    if (mode === 'memcached') {
      const { stdout } = await runCommand(folder, blog, 'pages', 'list');
      for (const path of PAGES_WITH_TITLE) t.true(stdout.includes(` ${blog.url}${path} `), path);
    } else {
      const site = `127.0.0.1+${new URL(blog.url).port}`;
      const file = join(folder, '.pages', mode, 'current/pages', site, `${POST}@.html`);
      t.regex(await readFile(file, 'utf8'), /<h1[^>]*>Seventy letters</);
    }

    await author.click('.author >> text=Log out');
    await author.waitForURL(`${blog.url}/`);
    await author.goto(blog.url + POST);
    t.is(await author.locator('.author').count(), 0);
    t.is(await author.textContent('h1'), 'Seventy letters');
    t.is(await blog.end(), 0);
  });
}

test('the example: the foot of a page tells how long it took to make, and what a visit is answered with', async (t) => {
  const { blog } = await startCopy(t);
  const page = await (await openChromium(t)).newPage();
  const { status } = await visit(`${blog.url}${POST}`);
  t.regex(status ?? '', /^static-url; fwd=uri-miss/);
  await untilStored(`${blog.url}${POST}`);
  const first = await page.goto(`${blog.url}${POST}`);
  t.is(await first?.headerValue('cache-status'), HIT);
  await page.waitForSelector('[data-visit]:not(:empty)');
  const told = (await page.textContent('.visit')) ?? '';
  t.regex(told, /This page took \d+\.\d ms to make\.\s+It came after \d+\.\d ms\./);
  t.regex(told, /its Cache-Status is “static-url; hit”\./);
});

test('the example: a field finds notes in a list that is a preloaded view', async (t) => {
  const { blog } = await startCopy(t, '--nginx');
  const page = await (await openChromium(t)).newPage();
  const listed = page.waitForResponse(/\/preloaded\/[0-9a-f]{16}\.json$/);
  await page.goto(blog.url + POST);
  await page.focus('.bar-find input');
  const list = await listed;
  t.is(await list.headerValue('cache-control'), 'public, max-age=31536000, immutable');
  t.is(((await list.json()) as unknown[]).length, 4);
  await page.fill('.bar-find input', 'The same walk twice');
  await page.waitForURL(`${blog.url}/posts/the-same-walk-twice`);
  t.pass();
});

test('the example: an edited note shows at the next visit, though its page was stored', async (t) => {
  const { blog, folder } = await startCopy(t);
  await untilStored(blog.url + POST);
  await appendFile(join(folder, 'views', `${POST}.ejs`), '<p>Just edited.</p>');
  t.regex((await visit(blog.url + POST)).text, /Just edited/);
  await untilStored(blog.url + POST);
  t.regex((await visit(blog.url + POST)).text, /Just edited/);
});

test('the example: a form that another site sent, or nobody knows who, saves nothing', async (t) => {
  const { blog, password } = await startCopy(t);
  const send = async (path: string, fields: Record<string, string>, headers: Record<string, string>) =>
    fetch(blog.url + path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers,
      redirect: 'manual',
    });
  const comment = { name: 'Eve', text: 'from elsewhere' };
  const own = { Origin: blog.url };
  for (const headers of [
    { Origin: 'https://elsewhere.example' },
    { Origin: 'null' },
    { ...own, 'Sec-Fetch-Site': 'cross-site' },
    { ...own, 'Sec-Fetch-Site': 'same-site' },
    {},
  ])
    t.is((await send(`${POST}/comments`, comment, headers)).status, 403, JSON.stringify(headers));
  t.is((await send('/login', { password }, {})).status, 403);
  t.is((await send('/login', { password: `${password}.` }, own)).status, 403);
  t.is((await send(`${POST}/comments`, { ...comment, text: ' ' }, own)).status, 400);
  t.is((await send('/posts/nowhere/comments', comment, own)).status, 404);
  const edit = await send(`${POST}/edit`, { title: 'Stolen' }, { ...own, Cookie: 'session=1' });
  t.is(edit.headers.get('location'), '/login');
  t.notRegex((await visit(blog.url + POST)).text, /from elsewhere|Stolen/);
});

test('the example: all its pages are published when it starts behind nginx, and commands in its folder look after them', async (t) => {
  const { blog, folder } = await startCopy(t, '--nginx');
  const run = async (...parameters: string[]) => runCommand(folder, blog, 'pages', ...parameters);
  const listed = JSON.parse((await run('list', '--json')).stdout) as { url: string }[];
  const paths = listed.map(({ url }) => new URL(url).pathname);
  t.deepEqual(paths.toSorted(), [
    '/',
    '/feed.xml',
    '/notes.json',
    '/posts/a-new-name-for-every-change',
    '/posts/the-same-walk-twice',
    POST,
    '/posts/what-a-tide-table-promises',
  ]);
  for (const { url } of listed) t.is((await visit(url)).status, HIT, url);
  t.regex((await run('why', '/')).stdout, /rule\s+it may be stored\n.*stored since/);
  t.regex((await run('verify', POST)).stdout, /same for/);

  await run('invalidate', 'post:the-width-of-a-line');
  t.is((await visit(`${blog.url}${POST}`)).status, 'static-url; fwd=uri-miss');
  // The list of all notes, which it preloads, has the tag too.
  t.is((await visit(`${blog.url}/posts/the-same-walk-twice`)).status, 'static-url; fwd=uri-miss');
  await run('publish', '/');
  t.is((await visit(`${blog.url}/`)).status, HIT);

  t.is((await run('renew', '--dry-run')).stdout, 'No page was affected.\n');
  const stylesheet = async (): Promise<string | undefined> =>
    /\/static\/\w+\/css\/site\.css/.exec((await visit(`${blog.url}/`)).text)?.[0];
  const before = await stylesheet();
  await appendFile(join(folder, 'public/css/site.css'), 'p { margin: 1px }');
  await runCommand(folder, blog, 'release');
  t.regex((await run('renew')).stdout, /^\d pages published\.\n$/);
  t.not(await stylesheet(), before);
  t.is((await fetch(blog.url + String(await stylesheet()))).headers.get('cache-control'), FOR_A_YEAR);
});
