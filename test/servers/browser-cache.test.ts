import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import express from 'express';
import { getStaticUrlFile } from '../../src/index.ts';
import { staticLocation } from '../../src/nginx.ts';
import { markCurrent } from '../../src/version/marker.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { freePort } from '../helpers/free-port.ts';
import { startNginx } from '../helpers/nginx.ts';

const FILES = {
  'css/site.css': "@import './type.css'; body { background: url(../img/dot.svg) }",
  'css/type.css': 'body { color: teal }',
  'img/dot.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
  'js/site.js': "import { word } from './word.js'; document.body.dataset.word = word;",
  'js/word.js': "export const word = 'ready';",
};

for (const withMarkers of [true, false]) {
  const title = withMarkers ? 'with markers of the current version' : 'without markers';
  test(`Chromium through nginx, ${title}: a second visit requests no versioned file; after touch and restart each once`, async (t) => {
    const folder = await temporaryFolder(t, { deployed: '' });
    const [root, current, sentinel] = [
      join(folder, 'public'),
      join(folder, 'current'),
      join(folder, 'deployed'),
    ];
    await writeFiles(root, FILES);
    const appPort = await freePort();

    const startApp = async (): Promise<{ staticUrl: string; stop: () => Promise<void> }> => {
      const staticUrl = getStaticUrlFile('/static/', sentinel, { time: 'mtime' });
      markCurrent(current, staticUrl.slice(-17, -1));
      const page = `<!doctype html><title>page</title><link rel=stylesheet href="${staticUrl}css/site.css"><body><script type=module src="${staticUrl}js/site.js"></script>`;
      const app = express().get(
        '/',
        (_request, response) => void response.set('Cache-Control', 'no-store').send(page),
      );
      const { server } = await listen(t, app, appPort);
      return {
        staticUrl,
        stop: () =>
          new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      };
    };
    const nginx = await startNginx(
      t,
      `location / { proxy_pass http://127.0.0.1:${appPort}; }
       ${staticLocation({ prefix: '/static/', root, ...(withMarkers && { current }) })}`,
    );
    const context = await (await launchChromium(t)).newContext();
    const visit = async (): Promise<string[]> => {
      const before = (await nginx.requests()).length;
      const page = await context.newPage();
      await page.goto(nginx.url, { waitUntil: 'load' });
      await page.waitForSelector('body[data-word=ready]', { state: 'attached' });
      t.is(await page.evaluate('getComputedStyle(document.body).color'), 'rgb(0, 128, 128)');
      await page.close();
      return (await nginx.requests())
        .slice(before)
        .filter((line) => line.includes(' /static/'))
        .toSorted();
    };
    const eachOnce = (staticUrl: string): string[] =>
      Object.keys(FILES)
        .map((asset) => `200 GET ${staticUrl}${asset} HTTP/1.1`)
        .toSorted();

    const first = await startApp();
    t.deepEqual(await visit(), eachOnce(first.staticUrl), 'first visit');
    t.deepEqual(await visit(), [], 'second visit');

    await writeFile(join(root, 'css/type.css'), 'body { color: teal; margin: 0 }');
    await utimes(sentinel, new Date(), new Date());
    await first.stop();
    const second = await startApp();
    t.not(second.staticUrl, first.staticUrl);
    t.deepEqual(await visit(), eachOnce(second.staticUrl), 'first visit after the deploy');
    t.deepEqual(await visit(), [], 'second visit after the deploy');
  });
}
