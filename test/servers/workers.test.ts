import { join } from 'node:path';
import test from 'ava';
import type { Page } from 'playwright-core';
import { assetTags, openAssets, pruneReleases, writeRelease, type Assets } from '../../src/assets.ts';
import { openChromium } from '../helpers/chromium.ts';
import { temporaryFolder, writeFiles, type Files } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';

const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Workers that answer with the deploys that all they import is of. */
function filesOf(deploy: string): Files {
  return {
    'js/app.js': `import { deploy } from './lib/d.js';
      globalThis.startOwn = () => new Worker(new URL('./own.js', import.meta.url), { type: 'module' });
      document.body.dataset.deploy = deploy;`,
    // The same in each deploy, so that only what they import tells whether their URLs cover it.
    'js/own.js': "import { deploy } from './lib/d.js'; onmessage = () => postMessage(deploy);",
    'js/w.js': `import { deploy } from './lib/d.js';
      onmessage = async () => postMessage([deploy, (await import('./lib/later.js')).later].join(' '));`,
    'js/shared.js': `import { deploy } from './lib/d.js';
      onconnect = ({ ports: [port] }) => { port.onmessage = () => port.postMessage(deploy); };`,
    'js/lib/d.js': `import './deep.js'; export const deploy = '${deploy}' + globalThis.deep;`,
    'js/lib/deep.js': `globalThis.deep = '${deploy}';`,
    'js/lib/later.js': `export const later = '${deploy}';`,
  };
}

const START = `
  globalThis.ask = (port) => new Promise((resolve, reject) => {
    port.onerror = () => reject(new Error('The worker failed.'));
    port.onmessage = ({ data }) => resolve(data);
    port.postMessage('');
  });`;

function pageOf(assets: Assets): string {
  const { importMap, moduleScript, worker } = assetTags(assets);
  const data = `data-worker="${worker('js/w.js')}" data-shared="${worker('js/shared.js')}"`;
  return `<!doctype html><link rel="icon" href="data:,">${importMap()}<body ${data}>${moduleScript('js/app.js')}<script>${START}</script>`;
}

/** What the workers of a page say, started anew. */
async function askWorkers(page: Page): Promise<unknown> {
  return page.evaluate(`Promise.all([
    ask(new Worker(document.body.dataset.worker, { type: 'module' })),
    ask(startOwn()),
    ask(new SharedWorker(document.body.dataset.shared, { type: 'module' }).port),
  ])`);
}

for (const modules of ['group', 'importmap'] as const)
  test(`a worker that an old page starts after a deploy imports what it did before, all of it immutable (modules: '${modules}')`, async (t) => {
    const folder = await temporaryFolder(t);
    const [root, releases, manifest] = [
      join(folder, 'public'),
      join(folder, 'releases'),
      join(folder, 'assets.json'),
    ];
    const deploy = async (name: string): Promise<Assets> => {
      await writeFiles(root, filesOf(name));
      await writeRelease({ roots: root, releases, manifest, modules });
      return openAssets({ prefix: '/static/', releases, manifest });
    };
    let assets = await deploy('A');
    let handler = assets.handler();
    // Not by events of the browser: it tells of no requests of shared workers.
    const asked = new Set<string>();
    const { url } = await listen(t, (request, response) => {
      if (request.url === '/') {
        response.setHeader('Content-Type', 'text/html; charset=utf-8').end(pageOf(assets));
        return;
      }
      asked.add(request.url ?? '');
      handler(request, response);
    });
    const context = await (await openChromium(t)).newContext();
    const open = async (): Promise<Page> => {
      const page = await context.newPage();
      await page.goto(url, { waitUntil: 'load' });
      await page.locator('body[data-deploy]').waitFor({ state: 'attached' });
      return page;
    };
    const old = await open();
    assets = await deploy('B');
    handler = assets.handler();
    t.deepEqual(await askWorkers(old), ['AA A', 'AA', 'AA']);
    const fresh = await open();
    t.deepEqual(await askWorkers(fresh), ['BB B', 'BB', 'BB']);
    for (const path of asked) {
      const { status, headers } = await fetch(url + path);
      t.deepEqual([status, headers.get('cache-control')], [200, IMMUTABLE], path);
    }
    // Nothing that a worker needs is pruned with it.
    await pruneReleases({ releases, keep: 1 });
    handler = (await openAssets({ prefix: '/static/', releases, manifest })).handler();
    t.deepEqual(await askWorkers(await open()), ['BB B', 'BB', 'BB']);
  });
