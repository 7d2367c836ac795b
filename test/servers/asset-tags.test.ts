import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import express from 'express';
import { assetTags, openAssets, type AssetTags, type AssetTagsOptions } from '../../src/assets.ts';
import type { AssetsOptions } from '../../src/assets/options.ts';
import { openChromium, type Chromium } from '../helpers/chromium.ts';
import { until } from '../helpers/descriptors.ts';
import { temporaryFolder, writeFiles, type Files } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';

const FONT = new URL(
  '../../node_modules/@fontsource-variable/newsreader/files/newsreader-latin-opsz-normal.woff2',
  import.meta.url,
);

const FILES: Files = {
  'css/app.css':
    '@font-face { font-family: news; src: url(../fonts/news.woff2) } body { font-family: news; color: rgb(1, 2, 3) }',
  'js/app.js': `import { part } from './part.js';
    import { lib } from 'lib';
    const { later } = await import('./later.js');
    globalThis.sum = [part, lib, later].join(' ');`,
  'js/part.js': "import { leaf } from './deep/leaf.js'; export const part = `part ${leaf}`;",
  'js/deep/leaf.js': "import '../part.js'; export const leaf = 'leaf';",
  'js/later.js': "import { leaf } from './deep/leaf.js'; export const later = `later ${leaf}`;",
  'js/old.js': 'globalThis.old = true;',
  'vendor/lib.js': "export const lib = 'lib';",
};

interface Visit {
  readonly requested: string[];
  readonly problems: string[];
  readonly evaluate: (expression: string) => Promise<unknown>;
}

/** Serves a page with tags in its head and looks at it as strictly as a Content-Security-Policy can ask. */
async function visit(
  t: ExecutionContext,
  browser: Chromium,
  {
    head,
    options = {},
    otherOrigin = false,
    tamper,
    link,
  }: {
    head: (tags: AssetTags) => string;
    options?: Partial<AssetsOptions> & AssetTagsOptions;
    otherOrigin?: boolean;
    /** A file that changes once the tags are written. */
    tamper?: string;
    link?: (tags: AssetTags) => string;
  },
): Promise<Visit> {
  const root = await temporaryFolder(t, { ...FILES, 'fonts/news.woff2': await readFile(FONT) });
  const app = express();
  const { url } = await listen(t, app);
  const cdn = express().use((_request, response, next) => {
    response.set('Access-Control-Allow-Origin', '*');
    next();
  });
  const { url: cdnUrl } = await listen(t, cdn);
  const { integrity = false, ...given } = options;
  const assets = await openAssets({
    prefix: otherOrigin ? `${cdnUrl}/static/` : '/static/',
    roots: root,
    ...given,
  });
  const tags = assetTags(assets, { integrity });
  const html = head(tags);
  const linkHeader = link?.(tags);
  if (tamper !== undefined) await writeFiles(root, { [tamper]: `/* ${'x'.repeat(99)} */` });
  const requested: string[] = [];
  for (const each of [app, cdn]) {
    each.get('/static/{*path}', (request, response) => {
      requested.push(request.path.replace(/^\/static\/[0-9a-f]{16}\//, ''));
      response.set('Cache-Control', 'public, max-age=31536000, immutable');
      response.sendFile(join(root, request.path.slice('/static/0123456789abcdef/'.length)));
    });
  }
  app.get('/', (_request, response) => {
    const source = `'self' ${otherOrigin ? cdnUrl : ''}`;
    response.set(
      'Content-Security-Policy',
      `default-src 'none'; img-src data:; style-src ${source}; font-src ${source}; script-src ${source} ${tags.importMapHash()}`,
    );
    if (linkHeader !== undefined) response.set('Link', linkHeader);
    response.send(
      `<!doctype html><html><head><link rel="icon" href="data:,">${html}</head><body>words</body></html>`,
    );
  });
  const page = await (await browser.newContext()).newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(url, { waitUntil: 'load' });
  await page.evaluate('document.fonts.ready.then(() => {})');
  // Chromium complains of unused preloads three seconds after the load event; a timer of the page comes after that.
  await page.evaluate('new Promise((resolve) => setTimeout(resolve, 4_000))');
  return { requested, problems, evaluate: (expression) => page.evaluate(expression) };
}

const SUM = 'part leaf lib later leaf';
const IMPORTS = { lib: 'vendor/lib.js' };

/** What the modules have made; the load event does not wait for what they import later. */
async function sumOf(evaluate: Visit['evaluate']): Promise<unknown> {
  await until(async () => (await evaluate('globalThis.sum')) !== undefined);
  return evaluate('globalThis.sum');
}

const page = (tags: AssetTags): string =>
  tags.importMap() +
  tags.modulePreload('js/app.js') +
  tags.preload('fonts/news.woff2', { from: 'css/app.css' }) +
  tags.preload('css/app.css') +
  tags.preload('js/old.js') +
  tags.stylesheet('css/app.css') +
  tags.script('js/old.js') +
  tags.moduleScript('js/app.js');

const EACH_ONCE = Object.keys({ ...FILES, 'fonts/news.woff2': '' }).toSorted();

test('Chromium takes all tags, under a policy, and fetches each file once', async (t) => {
  const browser = await openChromium(t);
  const ways = (['group', 'importmap'] as const).flatMap((modules) =>
    [false, true].flatMap((integrity) =>
      [false, true].map((otherOrigin) => ({ modules, integrity, otherOrigin })),
    ),
  );
  await Promise.all(
    ways.map(async ({ modules, integrity, otherOrigin }) => {
      const how = JSON.stringify({ modules, integrity, otherOrigin });
      const options = { modules, integrity, imports: IMPORTS };
      const { requested, problems, evaluate } = await visit(t, browser, { head: page, options, otherOrigin });
      t.deepEqual(problems, [], how);
      t.is(await sumOf(evaluate), SUM, how);
      t.is(await evaluate('getComputedStyle(document.body).color'), 'rgb(1, 2, 3)', how);
      t.true(await evaluate('[...document.fonts].every(({ status }) => status === "loaded")'), how);
      t.deepEqual(requested.toSorted(), EACH_ONCE, how);
    }),
  );
});

test('Chromium uses what a Link header has preloaded', async (t) => {
  const { requested, problems, evaluate } = await visit(t, await openChromium(t), {
    head: (tags) =>
      tags.importMap() +
      tags.stylesheet('css/app.css') +
      tags.script('js/old.js') +
      tags.moduleScript('js/app.js'),
    link: (tags) =>
      tags.linkHeader([
        'css/app.css',
        { path: 'fonts/news.woff2', from: 'css/app.css' },
        { path: 'js/old.js', as: 'script' },
        'js/app.js',
      ]),
    options: { imports: IMPORTS },
  });
  t.deepEqual(problems, []);
  t.is(await sumOf(evaluate), SUM);
  t.deepEqual(requested.toSorted(), EACH_ONCE);
});

test('Chromium fetches a font twice that is preloaded by its own URL, which is why preload() knows from', async (t) => {
  const { requested } = await visit(t, await openChromium(t), {
    head: (tags) => tags.preload('fonts/news.woff2') + tags.stylesheet('css/app.css'),
  });
  t.is(requested.filter((path) => path === 'fonts/news.woff2').length, 2);
});

test('Chromium refuses other bytes than those of the digest', async (t) => {
  const browser = await openChromium(t);
  await Promise.all(
    ['css/app.css', 'js/app.js', 'js/deep/leaf.js'].map(async (tamper) => {
      const { problems, evaluate } = await visit(t, browser, {
        head: (tags) => tags.importMap() + tags.stylesheet('css/app.css') + tags.moduleScript('js/app.js'),
        options: { integrity: true, imports: IMPORTS },
        tamper,
      });
      t.regex(problems.join('\n'), /integrity/, tamper);
      if (tamper.endsWith('.js')) t.is(await evaluate('globalThis.sum'), undefined, tamper);
      else t.is(await evaluate('getComputedStyle(document.body).color'), 'rgb(0, 0, 0)', tamper);
    }),
  );
});

test('Chromium refuses an import map that the policy does not name', async (t) => {
  const { problems, evaluate } = await visit(t, await openChromium(t), {
    head: (tags) => tags.importMap().replace('{"imports"', '{ "imports"') + tags.moduleScript('js/app.js'),
    options: { modules: 'importmap', imports: IMPORTS },
  });
  t.regex(problems.join('\n'), /Content Security Policy/);
  t.is(await evaluate('globalThis.sum'), undefined);
});
