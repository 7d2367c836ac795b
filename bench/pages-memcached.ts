import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, get, IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { MemcachedNode, remove, set } from '../src/memcached/index.ts';
import { parseServers } from '../src/memcached/options.ts';
import { pagesHttp, pagesLocation } from '../src/nginx.ts';
import { createPages, fileStore, memcachedStore, type PageStore } from '../src/pages.ts';
import { startMemcached, type Memcached } from '../test/helpers/memcached.ts';
import { alternate, type Candidate } from './alternate.ts';
import { temporaryFolder } from './folder.ts';
import { LOAD, requestsPerSecond, target } from './load.ts';
import { startNginx } from './nginx-server.ts';
import { landAll, measureMilliseconds, PAGE_BODY } from './page-load.ts';
import { comparisonRows, row, type BenchContext, type Report, type ReportTable } from './report.ts';
import { requireTools } from './tools.ts';
import { versionsOf } from './versions.ts';

const SITE = 'http://www.example.com';
const PATH = '/posts/hello';
const BROWSER = { Host: 'www.example.com', Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const BYTES = 20_000;
const SERVERS = 3;
const DEADLINE_MILLISECONDS = 200;
const TTL_SECONDS = 3600;
const MISSES = 200;
const PAGES = 100_000;
const TAGGED = 10;

/** Pages in memcached: hits by nginx, a server that has stopped, and the invalidation of a tag. */
export async function benchPagesMemcached(context: BenchContext): Promise<Report> {
  const tools = requireTools(['nginx', 'wrk', 'memcached']);
  const rounds = context.rounds ?? 15;
  return {
    name: 'pages-memcached',
    title: `${SERVERS} memcached servers, one nginx worker each, ${LOAD}, ${rounds} rounds of ${context.seconds} s`,
    versions: { ...versionsOf([]), ...tools },
    tables: [
      await measureHits(context, rounds, true),
      await measureHits(context, rounds, false),
      await measureStopped(context),
      await measureInvalidate(context),
    ],
    notes: [
      'The store in files has the compressed page ready beside the plain one. memcached has one item for a page, compressed unless "gzip" is off.',
      'proxy_cache keeps what a visitor got, for a time; it has no gate but its key.',
    ],
  };
}

async function startServers(context: BenchContext, parameters: readonly string[] = []): Promise<Memcached[]> {
  return Promise.all(Array.from({ length: SERVERS }, () => startMemcached(context, { parameters })));
}

async function startApp(context: BenchContext, app: Server): Promise<string> {
  app.listen(0, '127.0.0.1');
  await once(app, 'listening');
  context.teardown(async () => {
    app.closeAllConnections();
    app.close();
  });
  const address = app.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : ''}`;
}

async function measureHits(context: BenchContext, rounds: number, takesGzip: boolean): Promise<ReportTable> {
  const folder = await temporaryFolder(context);
  const html = Buffer.from(`<!doctype html><p>${'Some words of a page. '.repeat(BYTES / 22)}`);
  const body = takesGzip ? gzipSync(html) : html;
  const headers = takesGzip ? { ...BROWSER, 'Accept-Encoding': 'gzip' } : BROWSER;
  const app = createServer((request, response) => {
    const isCompressed = takesGzip && request.headers.host === 'proxied';
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': isCompressed ? body.length : html.length,
      ...(isCompressed ? { 'Content-Encoding': 'gzip' } : {}),
    });
    response.end(isCompressed ? body : html);
  });
  const upstream = await startApp(context, app);
  const servers = await startServers(context);
  const memcached = {
    servers: servers.map(({ server }) => server),
    ttlSeconds: TTL_SECONDS,
    gzip: takesGzip,
  };
  const spec = { sites: [SITE], urls: ['/posts/:slug'] };
  const stores: readonly PageStore[] = [
    fileStore({ folder: join(folder, 'store') }),
    memcachedStore(memcached),
  ];
  for (const store of stores) {
    const pages = createPages({ ...spec, app, store });
    await pages.publish(PATH);
    await pages.close();
  }
  await mkdir(join(folder, 'cache'));
  const inFiles = { ...spec, upstream, folder: join(folder, 'store') };
  const inMemcached = { ...spec, upstream, memcached };
  const files = await startNginx(
    context,
    `${pagesLocation(inFiles)}
    location ^~ /proxied/ {
      proxy_cache pages; proxy_cache_valid 200 1h; proxy_cache_key $http_host$request_uri;
      proxy_set_header Host proxied; proxy_pass ${upstream};
    }`,
    `${pagesHttp(inFiles)} proxy_cache_path ${folder}/cache keys_zone=pages:10m;`,
  );
  const items = await startNginx(context, pagesLocation(inMemcached), pagesHttp(inMemcached));
  const measured = async (name: string, url: string): Promise<Candidate> => {
    // The first answer of proxy_cache is the app's.
    await target(url, body, headers);
    const asked = await target(url, body, headers);
    await requestsPerSecond(asked, 1);
    return { name, measure: () => requestsPerSecond(asked, context.seconds) };
  };
  const comparison = await alternate(
    await measured('a hit from files', files + PATH),
    [
      await measured('a hit from memcached', items + PATH),
      await measured('a hit of proxy_cache', `${files}/proxied/hello`),
    ],
    rounds,
    context.progress,
  );
  return {
    title: `a page of ${BYTES} bytes${takesGzip ? ', kept and sent as gzip' : ', kept and sent as it is'}`,
    unit: 'requests/s',
    rows: comparisonRows(comparison),
  };
}

/** Pages that nobody has stored are asked for one after the other while one of the servers stands still. */
async function measureStopped(context: BenchContext): Promise<ReportTable> {
  const app = createServer();
  const servers = await startServers(context);
  const memcached = {
    servers: servers.map(({ server }) => server),
    ttlSeconds: TTL_SECONDS,
    deadlineMilliseconds: DEADLINE_MILLISECONDS,
  };
  const spec = { sites: [SITE], urls: ['/posts/:slug'] };
  const pages = createPages({ ...spec, store: memcachedStore(memcached) });
  context.teardown(() => pages.close());
  app.on('request', (request, response) => {
    void pages.answer(request, response).then((isAnswered) => {
      if (!isAnswered) response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>From the app.');
    });
  });
  const upstream = await startApp(context, app);
  const options = { ...spec, upstream, memcached };
  const origin = await startNginx(context, pagesLocation(options), pagesHttp(options));
  const misses = async (name: string): Promise<number> => {
    const times: number[] = [];
    for (let index = 0; index < MISSES; index += 1) times.push(await ask(`${origin}/posts/${name}-${index}`));
    return times.toSorted((one, other) => one - other)[Math.ceil(MISSES * 0.99) - 1] ?? 0;
  };
  await misses('warm-up');
  const before = await misses('before');
  servers[0]?.pause();
  context.teardown(async () => servers[0]?.resume());
  const stopped = await misses('stopped');
  servers[0]?.resume();
  return {
    title: `${MISSES} pages that nobody has stored, through nginx: 99 of 100 answers took no longer`,
    unit: 'ms',
    rows: [
      row('all servers answer', before),
      row(`one of ${SERVERS} servers is stopped (SIGSTOP)`, stopped, { atMost: DEADLINE_MILLISECONDS + 50 }),
    ],
  };
}

/** How long the app's answer takes, in milliseconds. */
async function ask(url: string): Promise<number> {
  return measureMilliseconds(async () => {
    const response = await fetchAs(url);
    if (!response.includes('From the app')) throw new Error(`${url} answers ${response}`);
  });
}

/** As a browser of the site, which `fetch` cannot be: it sets Host itself. */
async function fetchAs(url: string): Promise<string> {
  const [response]: unknown[] = await once(get(url, { headers: BROWSER }), 'response');
  if (!(response instanceof IncomingMessage)) throw new TypeError(`${url} gave no response.`);
  return Buffer.concat(await response.toArray()).toString();
}

/** invalidate() of a tag that ten of many pages have, against removing ten items one after the other. */
async function measureInvalidate(context: BenchContext): Promise<ReportTable> {
  const servers = await startServers(context, ['-m', '512']);
  const names = servers.map(({ server }) => server);
  const store = memcachedStore({ servers: names, ttlSeconds: TTL_SECONDS, deadlineMilliseconds: 10_000 });
  await store.open({
    sites: [SITE],
    deadlineMilliseconds: 10_000,
    environment: 'production',
    onWarning: (error) => console.error(error),
  });
  context.teardown(() => store.close());
  for (let first = 0; first < PAGES; first += 1000) {
    context.progress(`storing pages: ${first} of ${PAGES}`);
    const numbers = Array.from({ length: 1000 }, (_, index) => first + index);
    await landAll(store, SITE, numbers, (number) => [`author:${number % 1000}`, `section:${number % 20}`]);
  }
  const [server] = parseServers(names, 'servers');
  if (server === undefined) throw new Error('There is no server.');
  const node = new MemcachedNode(server, { deadlineMilliseconds: 10_000 });
  context.teardown(() => node.close());
  const keys = Array.from({ length: TAGGED }, (_, index) => `bench:${index}`);
  const comparison = await alternate(
    {
      name: `delete, ${TAGGED} items one after the other`,
      measure: async () => {
        for (const key of keys) await node.run(set(key, PAGE_BODY, { ttlSeconds: 60 }));
        return measureMilliseconds(async () => {
          for (const key of keys) await node.run(remove(key));
        });
      },
    },
    [
      {
        name: `invalidate(), ${TAGGED} of ${PAGES} pages`,
        measure: async () => {
          const numbers = Array.from({ length: TAGGED }, (_, index) => index * (PAGES / TAGGED));
          await landAll(store, SITE, numbers, (number) => [`author:${number % 1000}`, 'tagged']);
          return measureMilliseconds(async () => {
            const removed = await store.invalidate(['tagged']);
            if (removed.length !== TAGGED) throw new Error(`${removed.length} pages were removed.`);
          });
        },
      },
    ],
    context.rounds ?? 101,
    context.progress,
  );
  return {
    title: `${PAGES} pages of two tags each`,
    unit: 'ms',
    rows: comparisonRows(comparison),
  };
}
