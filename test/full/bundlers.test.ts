import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { assetTags, openAssets, writeRelease, type AssetTags, type ModulesMode } from '../../src/assets.ts';
import { releasesLocation } from '../../src/nginx.ts';
import { openChromium } from '../helpers/chromium.ts';
import { until } from '../helpers/descriptors.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { startNginx } from '../helpers/nginx.ts';
import { buildApp, type BuiltApp } from './bundlers/build.ts';

// What the bundlers really write, released, served and used.

const PREFIX = '/static/';
const FOR_A_YEAR = 'public, max-age=31536000, immutable';

type Server = 'nginx' | 'the handler';

/** What a browser was answered under the prefix. */
interface Answer {
  /** The asset's name. */
  readonly asset: string;
  readonly path: string;
  readonly status: number;
  readonly isForAYear: boolean;
}

/** An app in a browser. */
interface Visit {
  readonly page: Page;
  readonly answers: readonly Answer[];
  /** What the page, its console and its requests complained of. */
  readonly complaints: readonly string[];
}

/** Releases an app and serves it, with a page that has its tags. */
async function deploy(
  t: ExecutionContext,
  { root, bundle }: BuiltApp,
  server: Server,
  modules: ModulesMode,
  write: (tags: AssetTags) => string,
): Promise<string> {
  const folder = await temporaryFolder(t);
  const [releases, manifest] = [join(folder, 'releases'), join(folder, 'assets.json')];
  await writeRelease({ roots: root, releases, manifest, modules, ...(bundle !== undefined && { bundle }) });
  const assets = await openAssets({ prefix: PREFIX, manifest, releases });
  t.teardown(() => assets.close());
  const tags = assetTags(assets);
  const html = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${tags.importMap()}${write(tags)}<div id="app"></div>`;
  const handler = assets.handler();
  const { url } = await listen(t, (request, response) => {
    if (request.url !== '/') handler(request, response);
    else response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html);
  });
  if (server === 'the handler') return url;
  const location = releasesLocation({ prefix: PREFIX, root, releases });
  return (await startNginx(t, `location = / { proxy_pass ${url}; }\n${location}`)).url;
}

async function visit(t: ExecutionContext, url: string): Promise<Visit> {
  const page = await (await openChromium(t)).newPage();
  const answers: Answer[] = [];
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('requestfailed', (request) => complaints.push(request.url()));
  page.on('response', (response) => {
    const path = new URL(response.url()).pathname;
    if (!path.startsWith(PREFIX)) return;
    const isForAYear = response.headers()['cache-control'] === FOR_A_YEAR;
    const asset = path.replace(/^\/static\/(?:[0-9a-f]{16}\/)?/, '');
    answers.push({ asset, path, status: response.status(), isForAYear });
  });
  await page.goto(url, { waitUntil: 'load' });
  return { page, answers, complaints };
}

const colorOf = (page: Page, selector: string): Promise<unknown> =>
  page.evaluate(`getComputedStyle(document.querySelector('${selector}')).color`);

/** Looks at both routes, with the answers of the worker and of WebAssembly. */
async function useApp(t: ExecutionContext, { page, complaints }: Visit): Promise<void> {
  await page.waitForSelector('#home');
  // The stylesheet of a lazy route comes with it, or a little later.
  await until(async () => (await colorOf(page, '#home')) === 'rgb(1, 1, 1)');
  t.is(await page.evaluate('getComputedStyle(document.querySelector(".card")).padding'), '7px');
  t.is(await page.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(9, 9, 9)');
  await page.click('text=Work');
  await page.waitForSelector('#work');
  await until(async () => (await colorOf(page, '#work')) === 'rgb(2, 2, 2)');
  t.is(await page.textContent('#work'), 'release 1');
  await until(async () => (await page.locator('output').count()) === 2);
  t.deepEqual((await page.locator('output').allTextContents()).toSorted(), [
    'wasm 7',
    'worker 4 of release 1',
  ]);
  await until(async () => (await page.evaluate('document.querySelector("img").naturalWidth')) === 2);
  t.deepEqual(complaints, []);
}

/**
 * All for a year; in a group also each script and stylesheet under one URL alone. A worker sees no import map, so that it has
 * its modules under URLs of its own there.
 */
function assertForAYear(t: ExecutionContext, { answers }: Visit, modules: ModulesMode): void {
  t.deepEqual(
    answers.filter(({ isForAYear }) => !isForAYear),
    [],
  );
  if (modules === 'importmap') return;
  const code = answers.filter(({ asset }) => /\.(?:js|css)$/.test(asset));
  const paths = new Set(code.map(({ path }) => path));
  t.is(paths.size, new Set(code.map(({ asset }) => asset)).size, [...paths].join('\n'));
}

/** All but what Vite asks for by text, which it takes for relative to the entry. */
function withoutVitesText({ answers, ...visited }: Visit): Visit {
  const [, entryFolder = ''] =
    /^(.*\/)main-/.exec(answers.find(({ asset }) => /\/main-.*\.js$/.test(asset))?.path ?? '') ?? [];
  return {
    ...visited,
    answers: answers.filter(({ path, isForAYear }) => isForAYear || !path.startsWith(entryFolder)),
  };
}

const WAYS = (['group', 'importmap'] as const).flatMap((modules) =>
  (['nginx', 'the handler'] as const).map((server) => ({ modules, server })),
);

/** Uses an app in every way that it can be served. */
async function everyWay(
  t: ExecutionContext,
  app: BuiltApp,
  write: (tags: AssetTags) => string,
  look: (visited: Visit, modules: ModulesMode) => void,
): Promise<void> {
  for (const { modules, server } of WAYS) {
    t.log(server, modules);
    const visited = await visit(t, await deploy(t, app, server, modules, write));
    await useApp(t, visited);
    look(visited, modules);
    await visited.page.close();
  }
}

for (const name of ['vue', 'react'] as const)
  test(`Vite's build of an app of ${name} needs the tags of its entry and no more, in both modes`, async (t) => {
    t.timeout(600_000);
    const app = await buildApp(t, name);
    await everyWay(
      t,
      app,
      (tags) => tags.bundle(app.entry),
      (visited, modules) => assertForAYear(t, withoutVitesText(visited), modules),
    );
  });

test("esbuild's build with splitting needs the tags of its entry, and of what is lazy for its styles, in both modes", async (t) => {
  t.timeout(600_000);
  const app = await buildApp(t, 'esbuild');
  await everyWay(
    t,
    app,
    (tags) => tags.bundle(app.entry, { lazy: ['src/home.js', 'src/work.js'] }),
    (visited, modules) => assertForAYear(t, visited, modules),
  );
});

test("Rollup's build has names of its own choice, so that ordinary tags do, in both modes", async (t) => {
  t.timeout(600_000);
  const app = await buildApp(t, 'rollup');
  const stylesheets = ['app.css', 'card.css', 'home.css', 'work.css'];
  await everyWay(
    t,
    app,
    (tags) => [...stylesheets.map((name) => tags.stylesheet(name)), tags.moduleScript(app.entry)].join('\n'),
    (visited, modules) => assertForAYear(t, visited, modules),
  );
});

for (const kind of ['script', 'module'] as const)
  test(`webpack's build as a ${kind} runs from the URLs of its entry, in both modes`, async (t) => {
    t.timeout(600_000);
    const app = await buildApp(t, `webpack, a ${kind}`);
    await everyWay(
      t,
      app,
      (tags) =>
        tags.stylesheet('main.css') +
        (kind === 'module' ? tags.moduleScript(app.entry) : tags.script(app.entry, { defer: true })),
      ({ answers }) => {
        for (const { asset, isForAYear } of answers) if (asset.startsWith('main.')) t.true(isForAYear, asset);
      },
    );
  });
