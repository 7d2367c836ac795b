import { createHash } from 'node:crypto';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import express from 'express';
import { assetTags, openAssets, writeRelease } from '../../src/assets.ts';
import { until } from '../helpers/descriptors.ts';
import { openChromium } from '../helpers/chromium.ts';
import { temporaryFolder, writeFiles, type Files } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';

const FILES: Files = {
  'js/app.js': `import { three } from 'three';
    import { x } from 'three/addons/x.js?v=1';
    import { own } from 'three/addons/own.js';
    const { y } = await import('three/addons/deep/y.js');
    globalThis.ran = [three, x, own, y];`,
  'v/three.js': 'globalThis.threes = (globalThis.threes ?? 0) + 1; export const three = "three";',
  'v/addons/x.js':
    "import { three } from 'three'; import { part } from './x-part.js'; export const x = part + three;",
  'v/addons/x-part.js': "import '../three.js'; export const part = 'part';",
  'v/addons/deep/y.js': "import { part } from 'three/addons/x-part.js'; export const y = part;",
  'v/addons/own.js': 'shadowed',
  'v/addons/unused.js': '',
  'js/own.js': 'export const own = "own";',
};
const IMPORTS = {
  three: 'v/three.js',
  'three/addons/': 'v/addons/',
  'three/addons/own.js': 'js/own.js',
};
const MODES = ['group', 'importmap'] as const;

function bareNames(html: string): Record<string, string> {
  const map: { imports: Record<string, string> } = JSON.parse(html.replaceAll(/<[^>]*>/g, ''));
  return Object.fromEntries(Object.entries(map.imports).filter(([name]) => !name.startsWith('/')));
}

for (const modules of MODES)
  test(`importMap() writes out the name of a folder for each module below it (modules: ${modules})`, async (t) => {
    const roots = await temporaryFolder(t, FILES);
    const assets = await openAssets({ prefix: '/static/', roots, modules, imports: IMPORTS });
    const { importMap } = assetTags(assets);
    const used = {
      three: assets.url('v/three.js'),
      'three/addons/own.js': assets.url('js/own.js'),
      'three/addons/deep/y.js': assets.url('v/addons/deep/y.js'),
      'three/addons/x-part.js': assets.url('v/addons/x-part.js'),
      'three/addons/x.js': assets.url('v/addons/x.js'),
      'three/addons/x.js?v=1': assets.url('v/addons/x.js'),
    };
    t.deepEqual(bareNames(importMap({ entries: ['js/app.js'] })), used);
    t.deepEqual(bareNames(importMap()), {
      ...used,
      'three/addons/unused.js': assets.url('v/addons/unused.js'),
    });
  });

interface Place {
  readonly root: string;
  readonly releases: string;
  readonly manifest: string;
}

async function releaseFiles(t: ExecutionContext, modules: 'group' | 'importmap'): Promise<Place> {
  const folder = await temporaryFolder(t);
  const place = {
    root: join(folder, 'public'),
    releases: join(folder, 'releases'),
    manifest: join(folder, 'assets.json'),
  };
  await writeFiles(place.root, FILES);
  const { root: roots, releases, manifest } = place;
  await writeRelease({ roots, releases, manifest, modules, imports: IMPORTS });
  return place;
}

test('tags of a release are those of its sources, bare names included', async (t) => {
  for (const modules of MODES) {
    const { root: roots, releases, manifest } = await releaseFiles(t, modules);
    const sources = assetTags(await openAssets({ prefix: '/static/', roots, modules, imports: IMPORTS }));
    const released = assetTags(await openAssets({ prefix: '/static/', releases, manifest }));
    t.is(released.importMap(), sources.importMap());
    t.is(released.importMapHash(), sources.importMapHash());
    t.is(released.modulePreload('js/app.js'), sources.modulePreload('js/app.js'));
  }
});

test('Chromium runs the bare names of a release once each, under a policy', async (t) => {
  const browser = await openChromium(t);
  for (const modules of MODES) {
    const { releases, manifest } = await releaseFiles(t, modules);
    const assets = await openAssets({ prefix: '/static/', releases, manifest });
    const { importMap, importMapHash, modulePreload, moduleScript } = assetTags(assets);
    const inline = "import { x } from 'three/addons/x.js'; globalThis.inline = x;";
    const hash = createHash('sha256').update(inline).digest('base64');
    const requested: string[] = [];
    const app = express()
      .get('/', (_request, response) => {
        response.set(
          'Content-Security-Policy',
          `default-src 'none'; img-src data:; script-src 'self' ${importMapHash()} 'sha256-${hash}'`,
        );
        response.send(
          `<!doctype html><link rel="icon" href="data:,">${importMap()}${modulePreload('js/app.js')}${moduleScript('js/app.js')}<script type="module">${inline}</script>`,
        );
      })
      .use((request, _response, next) => {
        requested.push(request.path);
        next();
      })
      .use(assets.handler());
    const { url } = await listen(t, app);
    const page = await (await browser.newContext()).newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => problems.push(message.text()));
    await page.goto(url, { waitUntil: 'load' });
    // Not by waitForFunction(), which the policy does not let look twice.
    await until(() => page.evaluate<boolean>('Boolean(globalThis.ran && globalThis.inline)'));
    t.deepEqual(await page.evaluate('globalThis.ran'), ['three', 'partthree', 'own', 'part'], modules);
    t.is(await page.evaluate('globalThis.inline'), 'partthree');
    t.is(await page.evaluate('globalThis.threes'), 1, modules);
    t.is(new Set(requested).size, requested.length, modules);
    t.is(requested.length, 6);
    t.deepEqual(problems, []);
  }
});
