import { createHash } from 'node:crypto';
import test from 'ava';
import { openChromium } from '../helpers/chromium.ts';
import { readEvents } from './event-reader.ts';
import { counter, openPage, reloaded, startLiveApp, styled, until, type LiveAppOptions } from './live-app.ts';

const LINK = '<link rel="stylesheet" href="STATIC/app.css">';
const RED = 'rgb(255, 0, 0)';
const BLUE = 'rgb(0, 0, 255)';
const GREEN = 'rgb(0, 128, 0)';

async function open(t: Parameters<typeof startLiveApp>[0], options: LiveAppOptions) {
  const app = await startLiveApp(t, { head: LINK, ...options });
  const browser = await openChromium(t);
  return { app, page: await openPage(await browser.newContext(), app) };
}

test.serial('an edited stylesheet changes the page, which keeps its state', async (t) => {
  const { app, page } = await open(t, { files: { 'app.css': 'body { color: red }' } });
  await styled(page, 'color', RED);
  app.write('app.css', 'body { color: blue }');
  await styled(page, 'color', BLUE);
  app.write('app.css', 'body { color: green }');
  await styled(page, 'color', GREEN);
  t.is(await counter(page), 41);
  await until(async () => (await page.locator('link').count()) === 1);
});

test.serial(
  'an edited import changes the page, however deep, and stays when what imports it is edited',
  async (t) => {
    const { app, page } = await open(t, {
      files: {
        'app.css': '@import "parts/theme.css" layer(theme) screen; body { margin: 1px }',
        'parts/theme.css': '@import url(colours%20of%20it.css); body { padding: 1px }',
        'parts/colours of it.css': 'body { color: red }',
      },
    });
    await styled(page, 'color', RED);
    app.write('parts/colours of it.css', 'body { color: blue }');
    await styled(page, 'color', BLUE);
    app.write('parts/theme.css', '@import url(colours%20of%20it.css); body { padding: 2px }');
    await styled(page, 'padding', '2px');
    await styled(page, 'color', BLUE);
    app.write('app.css', '@import "parts/theme.css" layer(theme) screen; body { margin: 2px }');
    await styled(page, 'margin', '2px');
    await styled(page, 'padding', '2px');
    await styled(page, 'color', BLUE);
    app.write('parts/colours of it.css', 'body { color: green }');
    await styled(page, 'color', GREEN);
    t.is(await counter(page), 41);
  },
);

test.serial('an import keeps its layer, its condition and its place in the cascade', async (t) => {
  const { app, page } = await open(t, {
    files: {
      'app.css':
        '@import "a.css" layer(a) supports(color: red); @import "b.css" layer(b); @import "p.css" print;',
      'a.css': 'body { color: red; padding: 1px }',
      'b.css': 'body { color: blue }',
      'p.css': 'body { color: green }',
    },
  });
  await styled(page, 'padding', '1px');
  app.write('a.css', 'body { color: red; padding: 2px }');
  await styled(page, 'padding', '2px');
  app.write('p.css', 'body { color: green; padding: 5px }');
  app.write('a.css', 'body { color: red; padding: 3px }');
  await styled(page, 'padding', '3px');
  await styled(page, 'color', BLUE);
  t.deepEqual(
    await page.evaluate(
      '[...document.styleSheets[0].cssRules].map((rule) => rule.cssText.replace(/url\\S+/, ""))',
    ),
    ['@import  layer(a) supports(color: red);', '@import  layer(b);', '@import  print;'],
  );
});

test.serial('an import in an inline stylesheet is swapped', async (t) => {
  const { app, page } = await open(t, {
    files: { 'app.css': 'body { color: red }' },
    head: '<style>@import "STATIC/app.css"; body { padding: 1px }</style>',
    policy: "default-src 'self'; style-src 'self' 'unsafe-inline'",
  });
  await styled(page, 'color', RED);
  app.write('app.css', 'body { color: blue }');
  await styled(page, 'color', BLUE);
  t.is(await counter(page), 41);
});

test.serial('stylesheets are new although the app lets browsers cache them for ever', async (t) => {
  const { app, page } = await open(t, {
    files: { 'app.css': '@import "a.css";', 'a.css': 'body { color: red }' },
    router: { maxAge: '1y', immutable: true },
  });
  await styled(page, 'color', RED);
  app.write('a.css', 'body { color: blue }');
  await styled(page, 'color', BLUE);
  app.write('app.css', '@import "a.css"; body { padding: 1px }');
  await styled(page, 'padding', '1px');
  await styled(page, 'color', BLUE);
  t.is(await counter(page), 41);
});

test.serial('a link with integrity is swapped, and one that found no file', async (t) => {
  const content = 'body { color: red }';
  const integrity = `sha256-${createHash('sha256').update(content).digest('base64')}`;
  const { app, page } = await open(t, {
    files: { 'app.css': content },
    head: `<link rel="stylesheet" href="/static/app.css?v=1" integrity="${integrity}"><link rel="stylesheet" href="STATIC/new.css">`,
  });
  await styled(page, 'color', RED);
  app.write('app.css', 'body { color: blue }');
  await styled(page, 'color', BLUE);
  app.write('new.css', 'body { color: green }');
  await styled(page, 'color', GREEN);
  t.is(await counter(page), 41);
});

test.serial('a swap is never seen half done, and keeps the scroll position', async (t) => {
  const held: (() => void)[] = [];
  const { app, page } = await open(t, {
    files: {
      'app.css': '@import "a.css"; body { height: 9000px }',
      'a.css': 'body { color: red }',
    },
    before: (request, _response, next) => {
      if ('live-reload' in request.query) held.push(next);
      else next();
    },
  });
  await page.evaluate(`{
    globalThis.frameCount = 0;
    globalThis.seen = [];
    const look = () => {
      const { color, height } = getComputedStyle(document.body);
      const looks = color + ' ' + height + ' ' + scrollY;
      if (looks !== seen.at(-1)) seen.push(looks);
      frameCount += 1;
      requestAnimationFrame(look);
    };
    scrollTo(0, 3000);
    look();
  }`);
  async function someFrames(): Promise<void> {
    const before = Number(await page.evaluate('frameCount'));
    await until(async () => Number(await page.evaluate('frameCount')) > before + 5);
  }
  app.write('a.css', 'body { color: blue }');
  // Once asked for to see that it is there, once imported.
  for (let count = 0; count < 2; count += 1) {
    await until(() => held.length > count);
    await someFrames();
    held[count]?.();
  }
  await styled(page, 'color', BLUE);
  await someFrames();
  t.deepEqual(await page.evaluate('seen'), [`${RED} 9000px 3000`, `${BLUE} 9000px 3000`]);
});

test.serial('edits faster than the server leave one link, with the newest', async (t) => {
  let release: (() => void) | undefined;
  let held = 0;
  const { app, page } = await open(t, {
    files: { 'app.css': 'body { color: red }' },
    before: (request, _response, next) => {
      if (!('live-reload' in request.query) || held++ > 0) next();
      else release = next;
    },
  });
  app.write('app.css', 'body { color: blue }');
  await until(() => held > 0);
  const { message } = await readEvents(t, `${app.url}/static/@live-reload/events`);
  await message();
  app.write('app.css', 'body { color: green }');
  t.like(await message(), { kind: 'css' });
  release?.();
  await styled(page, 'color', GREEN);
  await until(async () => (await page.locator('link').count()) === 1);
  t.is(await counter(page), 41);
});

test.serial('a stylesheet that cannot be had leaves the old one, until the next edit', async (t) => {
  let failures = 0;
  const { app, page } = await open(t, {
    files: { 'app.css': '@import "a.css"; body { color: red }', 'a.css': 'body { padding: 1px }' },
    before: (request, response, next) => {
      if (!('live-reload' in request.query) || failures > 1) next();
      else {
        failures += 1;
        response.sendStatus(500);
      }
    },
  });
  await styled(page, 'color', RED);
  app.write('a.css', 'body { padding: 2px }');
  await until(() => failures === 1);
  app.write('app.css', '@import "a.css"; body { color: blue }');
  await until(() => failures === 2);
  await until(async () => (await page.locator('link').count()) === 1);
  await styled(page, 'color', RED);
  await styled(page, 'padding', '1px');
  app.write('app.css', '@import "a.css"; body { color: green }');
  await styled(page, 'color', GREEN);
  await styled(page, 'padding', '2px');
  t.is(await counter(page), 41);
});

test.serial("another page's stylesheet leaves the page alone", async (t) => {
  const { app, page } = await open(t, { files: { 'app.css': 'body { color: red }', 'other.css': '' } });
  const { message } = await readEvents(t, `${app.url}/static/@live-reload/events`);
  t.like(await message(), { kind: 'ready' });
  app.write('other.css', 'body { color: green }');
  t.like(await message(), { kind: 'css', assets: ['other.css'] });
  app.write('app.css', 'body { color: blue }');
  await styled(page, 'color', BLUE);
  t.is(await counter(page), 41);
});

test.serial('a stylesheet that only a module imports reloads', async (t) => {
  const { app, page } = await open(t, {
    files: {
      'app.css': 'body { color: red }',
      'app.js': "import sheet from './app.css' with { type: 'css' }; document.adoptedStyleSheets = [sheet];",
    },
    head: '<script type="module" src="STATIC/app.js"></script>',
  });
  await styled(page, 'color', RED);
  app.write('app.css', 'body { color: blue }');
  await reloaded(page);
  await styled(page, 'color', BLUE);
  t.is(app.loads(), 2);
});
