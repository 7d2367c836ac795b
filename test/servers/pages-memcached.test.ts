import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { pagesHttp, pagesLocation } from '../../src/nginx.ts';
import { createPages, memcachedStore, pageTags, type Pages } from '../../src/pages.ts';
import { contentType, STORED_TYPES, type StoredType } from '../../src/pages/rules/index.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { freePort } from '../helpers/free-port.ts';
import { startMemcached } from '../helpers/memcached.ts';
import { startNginx } from '../helpers/nginx.ts';
import { request, type Answer } from '../helpers/request.ts';

const SITE = 'http://www.example.com';
const HOST = { host: 'www.example.com' };

// The types' names are the keys.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const TYPES = Object.entries(STORED_TYPES) as [StoredType, string][];
const FEEDS = TYPES.filter(([type]) => type !== 'text/html');

/** Long enough to be worth compressing. */
function textOf(target: string): string {
  return `page ${target} `.repeat(200);
}

function answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const [, end] = /^\/feed\/([a-z-]+)$/.exec(url) ?? [];
  const type = FEEDS.find(([, each]) => each === end)?.[0] ?? 'text/html';
  response.setHeader('Content-Type', contentType(type));
  response.end(textOf(url));
}

interface Site {
  readonly pages: Pages;
  readonly folder: string;
  readonly ask: (target: string, headers?: Record<string, string>) => Promise<Answer>;
}

/** A site that publishes into three servers; nginx before it finds no app that listens. */
async function startSite(t: ExecutionContext): Promise<Site> {
  const servers = await Promise.all([1, 2, 1].map(() => startMemcached(t)));
  const store = memcachedStore({
    servers: servers.map(({ server }, index) => `${server} weight=${index + 1}`),
    ttlSeconds: 3600,
    types: FEEDS.map(([type, end]) => ({ urls: `/feed/${end}`, type })),
    deadlineMilliseconds: 60_000,
  });
  const gate = { sites: [SITE], urls: ['/posts/*rest', '/feed/:type'], query: ['page'] };
  const folder = await temporaryFolder(t);
  const preload = { folder };
  const pages: Pages = createPages({
    ...gate,
    store,
    app(incoming, response) {
      if (incoming.url?.startsWith('/posts/')) pages.tag('post');
      answer(incoming, response);
    },
    preload,
  });
  t.teardown(() => pages.close());
  const options = {
    ...gate,
    preload,
    memcached: store.options,
    upstream: `127.0.0.1:${await freePort()}`,
  };
  const { url } = await startNginx(t, pagesLocation(options), pagesHttp(options));
  return {
    pages,
    folder,
    ask: (target, headers = {}) => request(url, target, { headers: { ...HOST, ...headers } }),
  };
}

test('300 pages published into memcached are 300 hits of nginx with the app stopped, until they are invalidated', async (t) => {
  const { pages, ask } = await startSite(t);
  const targets = Array.from(
    { length: 300 },
    (_, index) => `/posts/${index}${index % 2 === 0 ? '' : `/%C3%A9?page=${index}`}`,
  );
  const { results } = await pages.publish(targets);
  t.true(results.every(({ result }) => result === 'published'));
  const answers = await Promise.all(targets.map((target) => ask(target)));
  t.deepEqual(
    answers.map(({ body }) => body.toString()),
    targets.map(textOf),
  );
  t.true(answers.every(({ headers }) => headers['cache-status'] === 'static-url; hit'));
  await pages.delete(targets[0]!);
  t.is((await ask(targets[0]!)).status, 502);
  await pages.invalidate({ tags: ['post'] });
  const gone = await Promise.all(targets.map((target) => ask(target)));
  t.true(gone.every(({ status }) => status === 502));
});

test('pages of every type, published into memcached, come from nginx with their type, compressed or not', async (t) => {
  const { pages, ask } = await startSite(t);
  const targets = [...FEEDS.map(([, end]) => `/feed/${end}`), '/posts/node.js'];
  await pages.publish(targets);
  for (const target of targets) {
    const type = FEEDS.find(([, end]) => target === `/feed/${end}`)?.[0] ?? 'text/html';
    const plain = await ask(target);
    t.is(plain.body.toString(), textOf(target));
    t.is(plain.headers['content-type'], contentType(type), target);
    const compressed = await ask(target, { 'accept-encoding': 'gzip' });
    t.is(compressed.headers['content-encoding'], 'gzip');
    t.true(compressed.body.length < gzipSync(textOf(target)).length + 50);
  }
});

test('a page whose key is too long for memcached is refused by name as it is published, and nginx asks the app', async (t) => {
  const { pages, ask } = await startSite(t);
  const room = 250 - 'pages:www.example.com/posts/'.length;
  const [fits, tooLong] = [`/posts/${'a'.repeat(room - 5)}%C3`, `/posts/${'a'.repeat(room - 4)}%C3`];
  const { results } = await pages.publish([fits, tooLong]);
  const codeOf = (target: string): unknown => results.find(({ url }) => url.endsWith(target))?.code ?? 'none';
  t.deepEqual([codeOf(fits), codeOf(tooLong)], ['none', 'KEY_LENGTH']);
  t.is((await ask(fits)).status, 200);
  t.is((await ask(tooLong)).status, 502);
});

test('a preloaded view is answered by nginx from its folder, for a year', async (t) => {
  const { pages, ask } = await startSite(t);
  const url = await pages.preload('/feed/json');
  t.regex(url, /^\/preloaded\/[0-9a-f]{16}\.json$/);
  const { status, headers, body } = await ask(url);
  t.is(status, 200);
  t.is(body.toString(), textOf('/feed/json'));
  t.like(headers, {
    'content-type': 'application/json',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  t.is(pageTags(pages).staticPreload('/feed/json'), url);
});
