import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runNode } from '../../helpers/run-node.ts';

const source = (name: string): string =>
  JSON.stringify(new URL(`../../../src/${name}`, import.meta.url).href);

const program = (folder: string, end: string): string => `
  const { default: express } = await import(${JSON.stringify(import.meta.resolve('express'))});
  const { createPages, fileStore } = await import(${source('pages.ts')});
  const { pageCache } = await import(${source('express.ts')});
  const app = express();
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = 'http://127.0.0.1:' + server.address().port;
  const pages = createPages({ sites: [url], urls: ['/:page'], store: fileStore({ folder: ${JSON.stringify(folder)} }), app, waitSeconds: 600 });
  app.use(pageCache(pages));
  app.get('/:page', ({ params: { page } }, response) => response.send('<p>' + page));
  const headers = { Connection: 'close' };
  const answers = [];
  for (const more of [{}, {}, { Cookie: 'session=1' }]) {
    const answer = await fetch(url + '/a', { headers: { ...headers, ...more } });
    answers.push(answer.headers.get('cache-status'));
    await answer.text();
  }
  const { results } = await pages.publish('/b');
  process.stdout.write(answers.join() + ' ' + results[0].result);
  ${end}
`;

for (const [how, end] of [
  ['its server', 'server.close();'],
  ['its server and its pages', 'server.close(); await pages.close();'],
] as const) {
  test(`a process that has rendered and closed ${how} ends by itself`, async (t) => {
    const ended = await runNode(program(join(await temporaryFolder(t), 'store'), end));
    t.deepEqual(ended, {
      code: 0,
      stdout:
        'static-url; fwd=uri-miss; stored,static-url; hit,static-url; fwd=bypass; detail=COOKIE published',
      stderr: '',
    });
  });
}
