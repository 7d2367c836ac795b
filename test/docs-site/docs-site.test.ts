import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import test from 'ava';
import type { Page } from 'playwright-core';
import { until } from '../dev/live-app.ts';
import { openChromium } from '../helpers/chromium.ts';
import { headingIds, readPages } from '../package/documentation.ts';
import { openDocumentation, readMarkup, sitePages, type Markup } from './site.ts';

const WIDTHS = [390, 1280];
const SCHEMES = ['light', 'dark'] as const;
const PALE_TEXTS = readFile(new URL('pale-texts.js', import.meta.url), 'utf8');

let url: string;
let close: (() => Promise<void>) | undefined;

test.before(async () => {
  const documentation = await openDocumentation();
  url = documentation.url;
  close = documentation.close;
});

test.after.always(() => close?.());

test('the documentation site has a page for all that is written for readers', async (t) => {
  const written = [...(await readPages()).map(({ path }) => path), 'CHANGELOG.md'];
  t.deepEqual((await sitePages()).map(({ file }) => file).toSorted(), written.toSorted());
});

test('each page of the documentation site has one title, one first heading, no inline script or style, and the ids of GitHub', async (t) => {
  const pages = await sitePages();
  const markups = await Promise.all(pages.map(({ name }) => visit(`${url}/${name}`)));
  for (const [index, { file }] of pages.entries()) {
    const { titles, firstHeadings, inline, ids = [] } = markups[index] ?? {};
    t.is(titles?.length, 1, file);
    t.is(firstHeadings, 1, file);
    t.deepEqual(inline, [], file);
    t.is(new Set(ids).size, ids.length, `${file} has an id twice`);
    const markdown = (await readPages()).find(({ path }) => path === file)?.markdown ?? '';
    t.deepEqual(
      [...headingIds(markdown)].filter((id) => !ids.includes(id)),
      [],
      file,
    );
  }
  t.is(new Set(markups.map(({ titles }) => titles[0])).size, pages.length);
});

test('every link, asset and #id of the documentation site leads somewhere on it', async (t) => {
  const visited = new Map<string, Promise<{ status: number; ids: readonly string[] }>>();
  const broken: string[] = [];
  for (const { name } of await sitePages()) {
    const page = `${url}/${name}`;
    for (const target of (await visit(page)).targets) {
      if (target.origin !== url) continue;
      const { status, ids } = await visitOnce(target.href.replace(/#.*/, ''), visited);
      const id = decodeURIComponent(target.hash.slice(1));
      if (status !== 200 || (id !== '' && !ids.includes(id))) broken.push(`${page}: ${target.href}`);
    }
  }
  t.deepEqual(broken, []);
  t.true(visited.size > 20);
});

test('the documentation site answers with its own page, and the status 404, where there is none', async (t) => {
  for (const path of ['/none', '/docs/pages.md', '/pages/none']) {
    const response = await fetch(url + path);
    t.is(response.status, 404);
    t.regex(await response.text(), /<h1>There is no page here<\/h1>/);
  }
});

test('no page of the documentation site scrolls sideways or has pale text, at 390 and 1,280 px, light and dark', async (t) => {
  const page = await (await openChromium(t)).newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  for (const { name } of await sitePages()) {
    await page.goto(`${url}/${name}`);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        const where = `${name} ${width} ${colorScheme}`;
        t.is(await page.evaluate('document.documentElement.scrollWidth'), width, where);
      }
      t.deepEqual(await paleTexts(page), [], `${name} ${colorScheme}`);
    }
  }
  t.deepEqual(complaints, []);
});

for (const width of WIDTHS) {
  test(`the search of the documentation site is used by keys alone, at ${width} px`, async (t) => {
    const page = await (await openChromium(t)).newPage({ viewport: { width, height: 800 } });
    const requested: string[] = [];
    page.on('request', (request) => requested.push(new URL(request.url()).pathname));
    const selected = page.locator('.find [aria-selected=true]');
    await page.goto(`${url}/choose`);
    t.false(requested.includes('/search.json'), 'nobody has searched yet');

    await page.keyboard.press('/');
    await page.keyboard.insertText('preloaded views');
    await selected.waitFor();
    t.is(await selected.getAttribute('href'), '/pages#preloaded-views');
    t.deepEqual(await paleTexts(page), []);
    await page.keyboard.press('ArrowDown');
    t.not(await selected.getAttribute('href'), '/pages#preloaded-views');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/pages#preloaded-views`);
    t.is(requested.filter((path) => path === '/search.json').length, 1);

    await page.keyboard.press('/');
    await page.keyboard.insertText('qqqq');
    await page.locator('.find-status', { hasText: 'Nothing found' }).waitFor();
    await page.keyboard.press('Escape');
    t.false(await page.locator('.find-panel').isVisible());
  });

  test(`a section that a link names is not behind the bar of the documentation site, at ${width} px`, async (t) => {
    const page = await (await openChromium(t)).newPage({ viewport: { width, height: 800 } });
    await page.goto(`${url}/pages#in-memcached`);
    const bar = await page.locator('.bar').boundingBox();
    const heading = await page.locator('#in-memcached').boundingBox();
    t.is(bar?.y, 0);
    t.true((heading?.y ?? 0) >= (bar?.height ?? 0));
    t.true((heading?.y ?? 800) < 400);
  });
}

test('the documentation site copies code as it is', async (t) => {
  const context = await (await openChromium(t)).newContext();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  await page.goto(url);
  await page
    .locator('figure', { has: page.locator('figcaption', { hasText: 'pages.js' }) })
    .getByRole('button', { name: 'Copy' })
    .click();
  let copied = '';
  await until(async () => (copied = String(await page.evaluate('navigator.clipboard.readText()'))) !== '');
  const readme = (await readPages())[0]?.markdown ?? '';
  const [, code = 'no such block'] = /^```js pages\.js\n(.*?)^```$/ms.exec(readme) ?? [];
  t.is(copied, code);
});

test('a phone reaches all pages of the documentation site, and the keyboard its text, without the bar in between', async (t) => {
  const page = await (await openChromium(t)).newPage({ viewport: { width: 390, height: 800 } });
  await page.goto(url);
  t.false(await page.locator('.pages').isVisible());
  await page.getByRole('button', { name: 'Pages' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Reference' }).click();
  await page.waitForURL(`${url}/reference`);
  await page.keyboard.press('Tab');
  t.is(await page.evaluate('document.activeElement.textContent'), 'Skip to the text');
});

test('the documentation site lives below the path of its origin, assets and search too', async (t) => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { createApp } from ${JSON.stringify(new URL('../../docs/site/app.js', import.meta.url).href)};
      const { app, close } = await createApp();
      const server = app.listen(0, '127.0.0.1', async () => {
        const response = await fetch('http://127.0.0.1:' + server.address().port + '/pages');
        process.stdout.write(await response.text());
        server.close();
        await close();
      });`,
    ],
    { env: { ...process.env, DOCS_ORIGIN: 'https://user.github.io/project' } },
  );
  const { targets } = readMarkup(stdout, 'https://user.github.io/project/pages');
  const own = targets.filter(({ host }) => host === 'user.github.io').map(({ pathname }) => pathname);
  t.true(own.length > 40);
  t.deepEqual(
    own.filter((path) => !path.startsWith('/project/')),
    [],
  );
  t.regex(stdout, /data-find="\/project\/search\.json"/);
});

/** The texts of a page that are hard to read. */
async function paleTexts(page: Page): Promise<unknown> {
  return page.evaluate(await PALE_TEXTS);
}

async function visit(page: string): Promise<Markup & { status: number }> {
  const response = await fetch(page);
  return { status: response.status, ...readMarkup(await response.text(), page) };
}

function visitOnce(
  page: string,
  visited: Map<string, Promise<{ status: number; ids: readonly string[] }>>,
): Promise<{ status: number; ids: readonly string[] }> {
  const visiting = visited.get(page) ?? visit(page);
  visited.set(page, visiting);
  return visiting;
}
