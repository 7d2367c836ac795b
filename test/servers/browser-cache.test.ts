import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import express from 'express';
import { getStaticUrlFile } from '../../src/index.ts';
import { staticLocation } from '../../src/nginx.ts';
import { markCurrent } from '../../src/version/marker.ts';
import { openWindow } from '../helpers/chromium.ts';
import { temporaryFolder, writeFiles } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
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

    let app = express();
    const { url: appUrl } = await listen(t, (incoming, response) => app(incoming, response));
    const startApp = (): string => {
      const staticUrl = getStaticUrlFile('/static/', sentinel, { time: 'mtime' });
      markCurrent(current, staticUrl.slice(-17, -1));
      const page = `<!doctype html><title>page</title><link rel=stylesheet href="${staticUrl}css/site.css"><body><script type=module src="${staticUrl}js/site.js"></script>`;
      app = express().get(
        '/',
        (_request, response) => void response.set('Cache-Control', 'no-store').send(page),
      );
      return staticUrl;
    };
    const nginx = await startNginx(
      t,
      `location / { proxy_pass ${appUrl}; }
       ${staticLocation({ prefix: '/static/', root, ...(withMarkers && { current }) })}`,
    );
    const context = await openWindow(t);
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

    const first = startApp();
    t.deepEqual(await visit(), eachOnce(first), 'first visit');
    t.deepEqual(await visit(), [], 'second visit');

    await writeFile(join(root, 'css/type.css'), 'body { color: teal; margin: 0 }');
    await utimes(sentinel, new Date(), new Date());
    const second = startApp();
    t.not(second, first);
    t.deepEqual(await visit(), eachOnce(second), 'first visit after the deploy');
    t.deepEqual(await visit(), [], 'second visit after the deploy');
  });
}
