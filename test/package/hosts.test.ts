import test from 'ava';
import { freePort } from '../helpers/free-port.ts';
import { listen } from '../helpers/listen.ts';
import { startNginx } from '../helpers/nginx.ts';
import { codeBlocks, readPage } from './documentation.ts';

/** What visitors ask for, and the key that a bucket has for it. */
const KEYS = {
  '/': '/index.html',
  '/posts/a%20b': '/posts/a%20b/index.html',
  '/posts/a%20b/': '/posts/a%20b/index.html',
  '/css/app.css': '/css/app.css',
  '/v1.2/notes': '/v1.2/notes/index.html',
};

test("the documentation's function for CloudFront makes keys of paths", async (t) => {
  const text = await blockOf('docs/hosts/aws-s3.md', 'js', 'cloudfront-function.js');
  // oxlint-disable-next-line typescript/no-implied-eval
  const handler = new Function(`${text}; return handler;`)() as (event: {
    readonly request: { readonly uri: string };
  }) => { readonly uri: string };
  for (const [path, key] of Object.entries(KEYS)) t.is(handler({ request: { uri: path } }).uri, key);
});

test("the documentation's nginx before a bucket without website mode makes keys of paths, and has a 404 page", async (t) => {
  const bucket = await listen(t, ({ url = '' }, response) => {
    if (!`${Object.values(KEYS).join(' ')} /404.html`.split(' ').includes(url.replace('/www', '')))
      response.statusCode = 403;
    response.end(url);
  });
  const port = await freePort();
  const text = await blockOf('docs/hosts/own-s3.md', 'nginx', 'unrun');
  const server = text
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replace('127.0.0.1:9000', `127.0.0.1:${bucket.port}`);
  await startNginx(t, '', server);
  for (const [path, key] of Object.entries(KEYS)) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' });
    t.is(answer.status, 200, path);
    t.is(await answer.text(), `/www${key}`);
  }
  for (const path of ['/none', '/none.css']) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    t.is(answer.status, 404, path);
    t.is(await answer.text(), '/www/404.html');
  }
});

async function blockOf(path: string, language: string, word: string): Promise<string> {
  const blocks = codeBlocks((await readPage(path)).markdown);
  return blocks.find((block) => block.language === language && block.word === word)?.text ?? '';
}
