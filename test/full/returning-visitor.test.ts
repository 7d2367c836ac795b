import { join } from 'node:path';
import test from 'ava';
import { assetTags, openAssets, type Manifest } from '../../src/assets.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { releasesLocation } from '../../src/nginx.ts';
import { openWindow } from '../helpers/chromium.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { startNginx } from '../helpers/nginx.ts';
import { ENTRIES, visitedPage, visitedSite } from '../helpers/visited-site.ts';

const PREFIX = '/static/';
const CHANGED = ['css/parts/3-4.css', 'img/photo-150.svg', 'js/parts/5-2.js'];
/** A stylesheet with its nine parts and their images; the image; a module, with its group or alone. */
const RENEWED = { group: 19 + 1 + 10, importmap: 19 + 1 + 1 } as const;

for (const modules of ['group', 'importmap'] as const) {
  test(`a returning visitor, modules: '${modules}': Chromium transfers exactly the URLs whose fingerprint changed, of 500 files`, async (t) => {
    const folder = await temporaryFolder(t);
    const [root, releases] = [join(folder, 'public'), join(folder, 'releases')];
    const site = visitedSite();
    t.is(Object.keys(site).length, 500);
    await writeFiles(root, site);

    let page = '';
    const { url: app } = await listen(t, (_request, response) => {
      response.setHeader('Content-Type', 'text/html').setHeader('Cache-Control', 'no-store').end(page);
    });
    const nginx = await startNginx(
      t,
      `location / { proxy_pass ${app}; }\n${releasesLocation({ prefix: PREFIX, root, releases })}`,
    );
    const context = await openWindow(t);
    const transferred = async (): Promise<string[]> => {
      const before = (await nginx.requests()).length;
      const tab = await context.newPage();
      await tab.goto(nginx.url, { waitUntil: 'load' });
      t.is(await tab.evaluate('Object.keys(document.body.dataset).length'), ENTRIES.modules.length);
      await tab.close();
      const lines = (await nginx.requests()).slice(before).filter((line) => line.includes(` ${PREFIX}`));
      return lines.toSorted();
    };
    const deploy = async (): Promise<{ manifest: Manifest; refetched: number }> => {
      const file = join(folder, 'manifest.json');
      const { refetched } = await writeRelease({ roots: root, releases, modules, manifest: file });
      const assets = await openAssets({ prefix: PREFIX, manifest: file, releases });
      page = visitedPage((asset) => assets.url(asset), assetTags(assets).importMap());
      t.teardown(() => assets.close());
      return { manifest: assets.manifest(), refetched: refetched.length };
    };

    const first = await deploy();
    const urls = requestedUrls(first.manifest);
    t.deepEqual(await transferred(), asLogged(urls), 'first visit');
    t.deepEqual(await transferred(), [], 'second visit');

    for (const name of CHANGED) await writeFiles(root, { [name]: `${String(site[name])}/* changed */\n` });
    const second = await deploy();
    const renewed = requestedUrls(second.manifest).filter((url) => !urls.includes(url));
    t.is(renewed.length, RENEWED[modules]);
    t.is(second.refetched, renewed.length, 'what the release has reported');
    t.deepEqual(await transferred(), asLogged(renewed), 'first visit after the deploy');
    t.deepEqual(await transferred(), [], 'second visit after the deploy');
  });
}

/** The URLs that a browser asks for on the page, told from a manifest alone. */
function requestedUrls({ modules, assets }: Manifest): string[] {
  const urls = new Set<string>();
  const request = (fingerprint: string, name: string): void => {
    const url = `${PREFIX}${fingerprint}/${name}`;
    if (urls.has(url)) return;
    urls.add(url);
    for (const { kind, target } of assets[name]?.references ?? []) {
      const own = kind === 'import' && modules === 'importmap' ? assets[target]?.fingerprint : undefined;
      request(own ?? fingerprint, target);
    }
  };
  for (const name of Object.values(ENTRIES).flat()) request(assets[name]?.fingerprint ?? '', name);
  return [...urls];
}

function asLogged(urls: readonly string[]): string[] {
  return urls.map((url) => `200 GET ${url} HTTP/1.1`).toSorted();
}
