import { gunzipSync, gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { MemcachedNode, Ring, set } from '../../src/memcached/index.ts';
import { parseServers } from '../../src/memcached/options.ts';
import { pagesHttp, pagesLocation, type PagesLocationOptions } from '../../src/nginx.ts';
import { memcachedStore } from '../../src/pages.ts';
import {
  contentType,
  isShortKey,
  LONG_KEY_PATTERN,
  memcachedKey,
  STORED_TYPES,
  type StoredType,
} from '../../src/pages/rules/index.ts';
import fc from '../helpers/fast-check.ts';
import { freePort } from '../helpers/free-port.ts';
import { listen } from '../helpers/listen.ts';
import { startMemcached, type Memcached } from '../helpers/memcached.ts';
import { startNginx, type Nginx } from '../helpers/nginx.ts';
import { request } from '../helpers/request.ts';
import { SETTING, store } from '../pages/stored-pages.ts';

const SITE = 'http://www.example.com';
const HOST = { host: 'www.example.com' };
const GATE = { sites: [SITE], urls: ['/', '/posts/:slug', '/feed.:type', '/p/*rest'] };
/** Where no deadline is meant. */
const LONG = 60_000;

interface Cluster {
  readonly servers: readonly string[];
  readonly memcached: readonly Memcached[];
  /** Which of them has the page of a path. */
  readonly memcachedOf: (target: string) => Memcached;
  readonly putOn: (memcached: Memcached | undefined, target: string, body: string) => Promise<void>;
  readonly put: (target: string, body: Buffer | string, flags?: number) => Promise<void>;
}

function keyOf(target: string): string {
  return memcachedKey('pages:', { site: SITE, target });
}

async function startCluster(t: ExecutionContext, weights: readonly number[] = [1]): Promise<Cluster> {
  const memcached = await Promise.all(weights.map(() => startMemcached(t)));
  const servers = memcached.map(({ server }, index) => `${server} weight=${weights[index]}`);
  const parsed = parseServers(servers, 'servers');
  const nodes = parsed.map((server) => new MemcachedNode(server, { deadlineMilliseconds: LONG }));
  t.teardown(() => Promise.all(nodes.map((node) => node.close())));
  const ring = new Ring(parsed);
  const indexOf = (key: string): number => parsed.indexOf(ring.serverOf(key));
  const putAt = async (index: number, target: string, body: Buffer | string, flags = 0): Promise<void> => {
    const command = set(keyOf(target), Buffer.from(body), { ttlSeconds: 600, flags });
    t.deepEqual(await nodes[index]?.run(command), ['stored'], target);
  };
  return {
    servers,
    memcached,
    memcachedOf(target) {
      const found = memcached[indexOf(keyOf(target))];
      if (found === undefined) throw new Error('no such server');
      return found;
    },
    putOn: (server, target, body) => putAt(server ? memcached.indexOf(server) : -1, target, body),
    put: (target, body, flags) => putAt(indexOf(keyOf(target)), target, body, flags),
  };
}

interface Setting {
  readonly options?: Partial<PagesLocationOptions>;
  readonly types?: readonly { urls: string; type: StoredType }[];
  readonly deadlineMilliseconds?: number;
  /** What stands in the server beside the location. */
  readonly server?: string;
}

/** Nginx with pages in memcached before an app, which is down unless its address is given. */
async function startSite(
  t: ExecutionContext,
  servers: readonly string[],
  upstream: string | undefined,
  { options = {}, types = [], deadlineMilliseconds = LONG, server = '' }: Setting = {},
): Promise<Nginx> {
  const all = {
    ...GATE,
    memcached: { servers, types, deadlineMilliseconds },
    upstream: upstream ?? `127.0.0.1:${await freePort()}`,
    ...options,
  };
  return startNginx(t, pagesLocation(all) + server, pagesHttp(all));
}

/** An app that tells what it was asked. */
async function startApp(t: ExecutionContext): Promise<string> {
  const { url } = await listen(t, ({ method, url: target, headers }, response) => {
    response.end(`app ${method} ${target} ${headers.host}`);
  });
  return url;
}

async function textOf(url: string, target: string): Promise<string> {
  return (await request(url, target, { headers: HOST })).body.toString();
}

function mediaTypeOf(target: string): StoredType {
  return target.startsWith('/p/feeds/') ? 'application/rss+xml' : 'text/html';
}

/** Long enough for some to be compressed. */
function textOfPage(target: string): string {
  return `page ${target} `.repeat(target.length);
}

test('300 pages that memcachedStore() has put on three servers are 300 hits of nginx, with the app down', async (t) => {
  const { servers } = await startCluster(t, [1, 2, 1]);
  const options = {
    servers,
    ttlSeconds: 600,
    types: [{ urls: '/p/feeds/*rest', type: 'application/rss+xml' }],
    deadlineMilliseconds: LONG,
  } as const;
  const pages = memcachedStore(options);
  await pages.open({ ...SETTING, sites: [SITE] });
  t.teardown(() => pages.close());
  const targets = Array.from({ length: 300 }, (_, index) =>
    index % 3 === 0 ? `/p/feeds/${index}` : `/p/${index}%C3%A9?tag=${index}`,
  );
  for (const target of targets) {
    const page = { body: Buffer.from(textOfPage(target)), mediaType: mediaTypeOf(target), tags: [] };
    t.true(await store(pages, { site: SITE, target }, page));
  }
  const { url } = await startSite(t, servers, undefined, {
    options: { memcached: options, query: ['tag'] },
  });
  for (const target of targets) {
    const { status, body, headers } = await request(url, target, { headers: HOST });
    t.deepEqual(
      [status, headers['cache-status'], headers['content-type'], body.toString()],
      [200, 'static-url; hit', contentType(mediaTypeOf(target)), textOfPage(target)],
    );
  }
});

test('pagesLocation() answers from memcached with the headers of the pages, under the URL without trackers', async (t) => {
  const { servers, put } = await startCluster(t);
  await put('/posts/a', 'stored');
  const { url } = await startSite(t, servers, undefined, {
    options: {
      browserCacheControl: 'public, max-age=60',
      headers: [
        { urls: '/posts/:slug', headers: { 'X-A': 'post' } },
        { headers: { 'X-A': 'else', 'X-B': 'b' } },
      ],
    },
    server: 'add_header X-Server 1; expires 1d; etag on; gzip on; gzip_vary on; error_page 404 502 /nowhere;',
  });
  for (const target of ['/posts/a', '/posts/a?utm_source=x']) {
    const { status, headers, body } = await request(url, target, { headers: HOST });
    t.is(status, 200);
    t.is(body.toString(), 'stored');
    t.like(headers, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': '6',
      'cache-control': 'public, max-age=60',
      'cache-status': 'static-url; hit',
      vary: 'Accept-Encoding',
      'x-a': 'post',
      'x-b': 'b',
    });
    t.deepEqual(
      ['etag', 'last-modified', 'accept-ranges', 'expires', 'x-server'].map((name) => headers[name]),
      [undefined, undefined, undefined, undefined, undefined],
    );
  }
  const again = await request(url, '/posts/a', { headers: { ...HOST, 'if-none-match': '"x"' } });
  t.deepEqual([again.status, again.body.toString()], [200, 'stored']);
});

test('pagesLocation() answers HEAD from memcached as GET, without the body', async (t) => {
  const { servers, put } = await startCluster(t);
  await put('/posts/a', 'stored');
  await put('/posts/z', gzipSync('stored'), 2);
  const { url } = await startSite(t, servers, undefined);
  for (const target of ['/posts/a', '/posts/z', '/posts/a']) {
    const { status, headers, body } = await request(url, target, { method: 'HEAD', headers: HOST });
    t.deepEqual([status, headers['cache-status'], body.length], [200, 'static-url; hit', 0]);
  }
});

const TYPES = Object.entries(STORED_TYPES) as [StoredType, string][];

test('pagesLocation() sends each media type from memcached by the first URLs that fit, compressed or not', async (t) => {
  const { servers, put } = await startCluster(t);
  const page = 'stored '.repeat(100);
  // Upper bits are the store's own.
  for (const [, end] of TYPES) {
    await put(`/feed.${end}`, gzipSync(page), 0xab_cd_00_02);
    await put(`/p/${end}`, page, 0xab_cd_00_00);
  }
  const types = TYPES.flatMap(([type, end]) =>
    type === 'text/html'
      ? []
      : [
          { urls: `/feed.${end}`, type },
          { urls: `/p/${end}`, type },
        ],
  );
  const { url } = await startSite(t, servers, undefined, {
    types: [...types, { urls: '/feed.:any', type: 'text/plain' }],
    server: 'gzip_vary on;',
  });
  for (const [type, end] of TYPES) {
    const expected = type === 'text/html' ? 'text/plain; charset=utf-8' : contentType(type);
    const plain = await request(url, `/feed.${end}`, { headers: HOST });
    t.is(plain.body.toString(), page);
    t.like(plain.headers, { 'content-type': expected, vary: 'Accept-Encoding' });
    t.is(plain.headers['content-encoding'], undefined);
    const zipped = await request(url, `/feed.${end}`, { headers: { ...HOST, 'accept-encoding': 'gzip' } });
    t.is(gunzipSync(zipped.body).toString(), page);
    t.like(zipped.headers, { 'content-encoding': 'gzip', 'content-type': expected, vary: 'Accept-Encoding' });
    const other = await request(url, `/p/${end}`, { headers: { ...HOST, 'accept-encoding': 'gzip' } });
    t.is(other.body.toString(), page);
    t.like(other.headers, { 'content-type': contentType(type), vary: 'Accept-Encoding' });
  }
});

test('pagesLocation() takes no type from the end of a URL', async (t) => {
  const { servers, put } = await startCluster(t);
  await put('/posts/node.js', 'stored');
  const { url } = await startSite(t, servers, undefined);
  t.is(
    (await request(url, '/posts/node.js', { headers: HOST })).headers['content-type'],
    'text/html; charset=utf-8',
  );
});

test('pagesLocation() sends a long page from memcached whole', async (t) => {
  const { servers, put } = await startCluster(t);
  const page = Buffer.alloc(900 * 1024, 'long page ');
  await put('/posts/a', page);
  await put('/posts/z', gzipSync(page), 2);
  const { url } = await startSite(t, servers, undefined);
  for (const target of ['/posts/a', '/posts/z'])
    t.true((await request(url, target, { headers: HOST })).body.equals(page), target);
});

test('pagesLocation() asks the app, with URI, Host and method kept, where memcached has no page', async (t) => {
  const { servers } = await startCluster(t, [1, 1]);
  const { url } = await startSite(t, servers, await startApp(t), {
    options: { query: ['page'] },
    types: [{ urls: '/feed.:any', type: 'text/plain' }],
  });
  for (const target of ['/posts/a', '/posts/a?page=2&utm_source=x', '/feed.txt', '/posts/%C3%A9'])
    t.is(await textOf(url, target), `app GET ${target} www.example.com`);
  const head = await request(url, '/posts/a', { method: 'HEAD', headers: HOST });
  t.deepEqual([head.status, head.headers['cache-status']], [200, undefined]);
});

test('pagesLocation() leaves the error page of an app that does not answer to the server', async (t) => {
  const { servers } = await startCluster(t);
  const { url } = await startSite(t, servers, undefined, {
    server: 'error_page 502 =502 /error; location = /error { internal; return 502 "come back later"; }',
  });
  for (const cookie of ['_ga=1', 'session=1']) {
    const answer = await request(url, '/posts/b', { headers: { ...HOST, cookie } });
    t.deepEqual([answer.status, answer.body.toString()], [502, 'come back later'], cookie);
  }
});

test('pagesLocation() asks the app for the pages of a server that is stopped or gone, and the others go on', async (t) => {
  const { servers, put, putOn, memcachedOf, memcached } = await startCluster(t, [1, 1, 1]);
  const [stopped, killed, well] = memcached;
  const targets = Array.from({ length: 40 }, (_, index) => `/posts/${index}`);
  for (const target of targets) await put(target, 'stored');
  const { url } = await startSite(t, servers, await startApp(t), { deadlineMilliseconds: 1000 });
  // On a machine under load one that is well may seem to hang, too.
  const untilStored = async (target: string): Promise<void> => {
    while ((await textOf(url, target)) !== 'stored');
  };
  const pagesOf = (server: Memcached | undefined): string[] =>
    targets.filter((target) => memcachedOf(target) === server);
  for (const target of targets) await untilStored(target);
  // What stands on a server that is not the page's is none.
  for (const target of pagesOf(killed)) await putOn(well, target, 'stray');
  stopped?.pause();
  await killed?.kill();
  // A server that hangs costs the deadline each time.
  for (const target of [...pagesOf(stopped).slice(0, 2), ...pagesOf(killed)])
    t.is(await textOf(url, target), `app GET ${target} www.example.com`);
  for (const target of pagesOf(well)) await untilStored(target);
  // Nobody was given up: who goes on is asked.
  stopped?.resume();
  for (const target of pagesOf(stopped)) await untilStored(target);
  t.true(pagesOf(stopped).length > 0 && pagesOf(killed).length > 0);
});

test('nginx finds the keys too long that we find too long', async (t) => {
  const { url } = await startNginx(
    t,
    'location / { return 200 $is_long; }',
    `map $arg_key $is_long { default 0; "~${LONG_KEY_PATTERN}" 1; }`,
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 52 }),
      fc.integer({ min: -3, max: 3 }),
      async (escaped, excess) => {
        const key = `${'%C3'.repeat(escaped)}${'a'.repeat(Math.max(0, 250 + excess - 5 * escaped))}`;
        const { body } = await request(url, `/?key=${key}`);
        return body.toString() === (isShortKey(key) ? '0' : '1');
      },
    ),
    { numRuns: 300 },
  );
  t.is((await request(url, `/?key=${'%'.repeat(8000)}`)).body.toString(), '1');
});

test('pagesHttp() and pagesLocation() of two sites in memcached stand in one nginx', async (t) => {
  const { servers, put } = await startCluster(t, [1, 1]);
  await put('/posts/a', 'one');
  const upstream = await startApp(t);
  const memcached = { servers, deadlineMilliseconds: LONG };
  const one = { ...GATE, memcached, upstream };
  const two = {
    ...GATE,
    sites: ['http://shop-a.example.com'],
    memcached: { ...memcached, keyPrefix: 'x/' },
    upstream,
  };
  const port = await freePort();
  const { url } = await startNginx(
    t,
    pagesLocation(one),
    `${pagesHttp(one)}${pagesHttp(two)} server { listen 127.0.0.1:${port}; ${pagesLocation(two)} }`,
  );
  t.is(await textOf(url, '/posts/a'), 'one');
  const headers = { host: 'shop-a.example.com' };
  t.is(
    (await request(`http://127.0.0.1:${port}`, '/posts/a', { headers })).body.toString(),
    'app GET /posts/a shop-a.example.com',
  );
});

function text(memcached: NonNullable<PagesLocationOptions['memcached']>): string {
  return pagesHttp({ ...GATE, upstream: 'app', memcached });
}

test('pagesHttp() writes the servers as nginx hashes them, one server without a ring, and the prefix of keys', (t) => {
  const ring = text({ servers: ['cache-1:11211', '[::1]:11212  weight=3'], keyPrefix: 'site/' });
  t.regex(ring, /\{\n {4}hash \$memcached_key consistent;\n {4}server cache-1:11211 max_fails=0;\n/);
  t.regex(ring, /\n {4}server \[::1\]:11212 weight=3 max_fails=0;\n/);
  t.regex(ring, /"site\/\$\{pages_www_example_com_folder\}/);
  t.notRegex(text({ servers: ['127.0.0.1:11211'] }), /hash \$memcached_key/);
});

test('pagesHttp() says which store to name, and what is wrong with its options', (t) => {
  const options = { ...GATE, upstream: 'app' };
  const memcached = { servers: ['127.0.0.1:11211'] };
  const wrong: readonly (readonly [options: object, message: RegExp])[] = [
    [{}, /^Nginx has to know where the pages are\. Give the option "folder".*or the option "memcached"/],
    [{ folder: '/srv', memcached }, /^The option "folder" and the option "memcached" are both given.*Keep/],
    [{ memcached: 'x' }, /^The option "memcached" is what memcachedStore\(\) is given, an object, not "x"/],
    [{ memcached: {} }, /^The option "memcached" needs the option "servers"/],
    [{ memcached: { servers: ['x'] } }, /^The option "memcached" has "x"\. Write a server as "HOST:PORT"/],
    [{ memcached: { ...memcached, port: 1 } }, /^The option "memcached" has no option "port"/],
    [{ memcached: { ...memcached, keyPrefix: 'a b' } }, /^The option "keyPrefix"/],
  ];
  for (const [each, message] of wrong)
    t.throws(() => pagesHttp({ ...options, ...each }), { instanceOf: TypeError, message });
  const servers = ['127.0.0.1:99999'];
  t.throws(() => pagesHttp({ ...options, memcached: { servers } }), { instanceOf: RangeError });
});
