import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runForValue } from '../../helpers/run-node.ts';

const source = (name: string): string =>
  JSON.stringify(new URL(`../../../src/${name}`, import.meta.url).href);

test('a promise of Express 4 that rejects, and so never answers, is refused as TIMEOUT', async (t) => {
  const folder = join(await temporaryFolder(t), 'store');
  // In a process of its own: nobody hears of such a promise but the process.
  const seen = await runForValue<{ said: string; text: string; lost: string[]; refused: string[] }>(`
    const { default: express } = await import(${JSON.stringify(import.meta.resolve('express4'))});
    const { createPages, fileStore, isRender } = await import(${source('pages.ts')});
    const { pageCache } = await import(${source('express.ts')});
    const [lost, refused] = [[], []];
    process.on('unhandledRejection', ({ message }) => lost.push(message));
    const app = express();
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = 'http://127.0.0.1:' + server.address().port;
    const store = fileStore({ folder: ${JSON.stringify(folder)} });
    const pages = createPages({ sites: [url], urls: ['/'], store, deadlineSeconds: 1, waitSeconds: 600 });
    pages.on('refused', ({ code }) => refused.push(code));
    app.use(pageCache(pages));
    app.get('/', async (request, response) => {
      if (isRender(request)) throw new Error('lost');
      response.send('<p>whole');
    });
    const answer = await fetch(url, { headers: { Connection: 'close' } });
    const said = answer.headers.get('cache-status');
    process.stdout.write(JSON.stringify({ said, text: await answer.text(), lost, refused }));
    server.close();
  `);
  t.deepEqual(seen, {
    said: 'static-url; fwd=uri-miss; detail=TIMEOUT',
    text: '<p>whole',
    lost: ['lost'],
    refused: ['TIMEOUT'],
  });
});
