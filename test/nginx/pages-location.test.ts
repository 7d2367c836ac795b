import { rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { StaticUrlError } from '../../src/index.ts';
import { pagesHttp, pagesLocation, staticLocation, type PagesLocationOptions } from '../../src/nginx.ts';
import { contentType, STORED_TYPES, type StoredType } from '../../src/pages/rules/index.ts';
import { freePort } from '../helpers/free-port.ts';
import { temporaryFolder, type Files } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { startNginx, type Nginx } from '../helpers/nginx.ts';
import { request } from '../helpers/request.ts';

const HOST = { host: 'www.example.com' };
const GATE = { sites: ['http://www.example.com'], urls: ['/', '/posts/:slug', '/feed.:type'] };

interface Site extends Nginx {
  readonly folder: string;
}

/** A page's file below the folder of the store. */
const fileOf = (target: string, end = 'html', generation = 'current'): string =>
  `${generation}/pages/www.example.com${target}@.${end}`;

interface Setting {
  readonly files?: Files;
  readonly options?: Partial<PagesLocationOptions>;
  /** What stands in the server beside the location. */
  readonly server?: string;
}

/** Nginx with stored pages before an app, which is down unless its address is given. */
async function startSite(
  t: ExecutionContext,
  upstream: string | undefined,
  { files = { [fileOf('/posts/a')]: 'stored' }, options = {}, server = '' }: Setting = {},
): Promise<Site> {
  const folder = await temporaryFolder(t, files);
  const all = { ...GATE, folder, upstream: upstream ?? `127.0.0.1:${await freePort()}`, ...options };
  return { ...(await startNginx(t, pagesLocation(all) + server, pagesHttp(all))), folder };
}

/** An app that tells what it was asked. */
async function startApp(t: ExecutionContext, status = 200): Promise<string> {
  const { url } = await listen(t, (incoming, response) => {
    const pieces: Buffer[] = [];
    incoming
      .on('data', (piece: Buffer) => pieces.push(piece))
      .on('end', () => {
        const { method, url: target, headers } = incoming;
        response.statusCode = status;
        response.end(JSON.stringify({ method, target, body: Buffer.concat(pieces).toString(), headers }));
      });
  });
  return url;
}

test('pagesLocation() answers with the stored page, its headers also on 304, and nothing of a date', async (t) => {
  const { url, folder } = await startSite(t, undefined, {
    options: { headers: { 'X-Frame-Options': 'DENY', 'X-Content-Type-Options': 'nosniff' } },
  });
  const { status, headers, body } = await request(url, '/posts/a', { headers: HOST });
  const { etag = '' } = headers;
  t.is(status, 200);
  t.is(body.toString(), 'stored');
  const repeated = {
    'cache-control': 'no-cache',
    'cache-status': 'static-url; hit',
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
  };
  t.like(headers, { ...repeated, 'content-type': 'text/html; charset=utf-8', 'content-length': '6' });
  t.deepEqual(
    [headers['last-modified'], headers['accept-ranges'], headers.expires],
    [undefined, undefined, undefined],
  );
  const again = await request(url, '/posts/a', { headers: { ...HOST, 'if-none-match': etag } });
  t.is(again.status, 304);
  t.like(again.headers, { ...repeated, etag });
  const { mtime } = await stat(join(folder, fileOf('/posts/a')));
  const dated = { ...HOST, 'if-modified-since': mtime.toUTCString() };
  t.is((await request(url, '/posts/a', { headers: dated })).status, 200);
});

test('pagesLocation() answers HEAD as GET, without the body', async (t) => {
  const { url } = await startSite(t, undefined);
  const answer = await request(url, '/posts/a', { method: 'HEAD', headers: HOST });
  t.is(answer.status, 200);
  t.is(answer.headers['content-length'], '6');
  t.is(answer.body.length, 0);
});

test('pagesLocation() gives another tag to another time of a page, whatever its size', async (t) => {
  const { url, folder } = await startSite(t, undefined);
  const tag = async (time: number): Promise<string | undefined> => {
    await utimes(join(folder, fileOf('/posts/a')), time, time);
    return (await request(url, '/posts/a', { headers: HOST })).headers.etag;
  };
  t.not(await tag(1_000_000_000), await tag(2_000_000_000));
});

test('pagesLocation() sends each media type by the end of its file, with its charset', async (t) => {
  const types = Object.entries(STORED_TYPES) as [StoredType, string][];
  const files = Object.fromEntries(types.map(([, end]) => [fileOf(`/feed.${end}`, end), 'x']));
  const { url } = await startSite(t, undefined, { files });
  for (const [type, end] of types) {
    const { headers } = await request(url, `/feed.${end}`, { headers: HOST });
    t.is(headers['content-type'], contentType(type));
  }
});

test('pagesLocation() sends the compressed copy to who accepts it', async (t) => {
  const page = 'stored '.repeat(100);
  const files = { [fileOf('/posts/a')]: page, [fileOf('/posts/a', 'html.gz')]: gzipSync(page) };
  const { url } = await startSite(t, undefined, { files });
  const zipped = await request(url, '/posts/a', { headers: { ...HOST, 'accept-encoding': 'gzip' } });
  t.is(gunzipSync(zipped.body).toString(), page);
  t.like(zipped.headers, { 'content-encoding': 'gzip', 'content-type': 'text/html; charset=utf-8' });
  const plain = await request(url, '/posts/a', { headers: HOST });
  t.is(plain.body.toString(), page);
  t.is(zipped.headers.vary, 'Accept-Encoding');
  t.is(plain.headers.vary, 'Accept-Encoding');
});

test('pagesLocation() sends for each header the value of the first URLs that fit', async (t) => {
  const files = { [fileOf('/posts/a')]: 'a', [fileOf('/posts/b')]: 'b', [fileOf('/')]: '/' };
  const { url } = await startSite(t, undefined, {
    files,
    options: {
      browserCacheControl: 'public, max-age=60',
      headers: [
        { urls: ['/posts/a', /^\/x$/], headers: { 'X-A': 'one "a"; \\', 'X-B': 'b' } },
        { urls: '/posts/:slug', headers: { 'x-a': 'many' } },
        { headers: { 'X-A': 'else', 'X-C': 'c' } },
        { urls: '/', headers: { 'X-C': 'never' } },
      ],
    },
  });
  const headersOf = async (path: string): Promise<unknown[]> => {
    const { headers } = await request(url, path, { headers: HOST });
    return [headers['x-a'], headers['x-b'], headers['x-c'], headers['cache-control']];
  };
  t.deepEqual(await headersOf('/posts/a'), ['one "a"; \\', 'b', 'c', 'public, max-age=60']);
  t.deepEqual(await headersOf('/posts/b'), ['many', undefined, 'c', 'public, max-age=60']);
  t.deepEqual(await headersOf('/'), ['else', undefined, 'c', 'public, max-age=60']);
});

test('pagesLocation() hands the app the method, the body, the raw URI and the Host with its port', async (t) => {
  const { url, port } = await startSite(t, await startApp(t), {
    options: { sites: ['http://www.example.com:8080'] },
  });
  const target = '/posts/%41//b/../c%2fd?x=1&utm_source=y&&';
  const headers = {
    host: 'www.example.com:8080',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-for': '9.9.9.9',
  };
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const body = `body of ${method}`;
    const socket = connect(port, '127.0.0.1');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(
      `${method} ${target} HTTP/1.1\r\n${lines.join('')}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    const pieces: Buffer[] = [];
    socket.on('data', (piece) => pieces.push(piece));
    await once(socket, 'close');
    const answer = Buffer.concat(pieces).toString();
    const said = JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)) as Record<
      string,
      unknown
    >;
    t.like(said, {
      method,
      target,
      body,
      headers: {
        host: 'www.example.com:8080',
        'x-forwarded-host': 'www.example.com:8080',
        'x-forwarded-proto': 'http',
        'x-forwarded-for': '9.9.9.9, 127.0.0.1',
      },
    });
  }
  const miss = JSON.parse((await request(url, '/posts/b', { headers })).body.toString()) as object;
  t.like(miss, { method: 'GET', target: '/posts/b' });
});

test('pagesLocation() passes on what the app answers, and nginx its own error page where there is none', async (t) => {
  for (const status of [404, 418, 500, 502, 503]) {
    const { url } = await startSite(t, await startApp(t, status), {
      server:
        'proxy_intercept_errors on; error_page 404 418 500 502 503 /error; location = /error { return 200 "an error page"; }',
    });
    const answer = await request(url, '/posts/b', { headers: { ...HOST, cookie: 'a=b' } });
    t.is(answer.status, status);
    t.regex(answer.body.toString(), /"method":"GET"/);
  }
  const { url } = await startSite(t, undefined, {
    server: 'error_page 502 =502 /error; location = /error { internal; return 502 "come back later"; }',
  });
  for (const cookie of ['_ga=1', 'session=1']) {
    const answer = await request(url, '/posts/b', { headers: { ...HOST, cookie } });
    t.is(answer.status, 502);
    t.is(answer.body.toString(), 'come back later', cookie);
  }
  t.is((await request(url, '/posts/a', { headers: HOST })).body.toString(), 'stored', 'the app is down');
});

test('pagesLocation() lets a WebSocket through to the app', async (t) => {
  const { server, url: app } = await listen(t, (_request, response) => void response.end('no upgrade'));
  server.on('upgrade', (_request, socket) => {
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello');
  });
  const { port } = await startSite(t, app);
  const socket = connect(port, '127.0.0.1');
  const pieces: Buffer[] = [];
  socket.on('data', (piece) => pieces.push(piece));
  socket.write(
    'GET /posts/a HTTP/1.1\r\nHost: www.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  );
  await once(socket, 'close');
  t.regex(Buffer.concat(pieces).toString(), /^HTTP\/1\.1 101 [^]*hello$/);
});

test("pagesLocation() with symlinks: 'refuse' follows none among the pages", async (t) => {
  const { url, folder } = await startSite(t, await startApp(t), {
    files: { 'secret/x@.html': 'secret', [fileOf('/posts/a')]: 'stored', [fileOf('/')]: 'home' },
    options: { symlinks: 'refuse' },
  });
  await symlink(join(folder, 'secret/x@.html'), join(folder, fileOf('/posts/x')));
  await rm(join(folder, 'current/pages/www.example.com/posts/a@.html'));
  await symlink(join(folder, fileOf('/')), join(folder, fileOf('/posts/a')));
  for (const path of ['/posts/x', '/posts/a'])
    t.regex((await request(url, path, { headers: HOST })).body.toString(), /"method"/, path);
  t.is((await request(url, '/', { headers: HOST })).body.toString(), 'home');
});

test('pagesLocation() leaves links to the store unless told, which spares nginx the look at each folder', async (t) => {
  const { url, folder } = await startSite(t, undefined, {
    files: { 'elsewhere.html': 'linked', [fileOf('/posts/a')]: 'stored' },
  });
  await symlink(join(folder, 'elsewhere.html'), join(folder, fileOf('/posts/x')));
  t.is((await request(url, '/posts/x', { headers: HOST })).body.toString(), 'linked');
});

test('pagesLocation() serves a new generation at once when the link is renamed over, also for what is gone', async (t) => {
  const { url, folder } = await startSite(t, await startApp(t), {
    files: {
      [fileOf('/posts/a', 'html', 'one')]: 'old',
      [fileOf('/posts/b', 'html', 'one')]: 'old',
      [fileOf('/posts/a', 'html', 'two')]: 'new',
    },
    server: 'open_file_cache max=100; open_file_cache_valid 1h; open_file_cache_min_uses 1;',
  });
  const ask = async (path: string): Promise<string> =>
    (await request(url, path, { headers: HOST })).body.toString();
  await symlink('one', join(folder, 'current'));
  t.deepEqual([await ask('/posts/a'), await ask('/posts/b')], ['old', 'old']);
  await symlink('two', join(folder, 'next'));
  await rename(join(folder, 'next'), join(folder, 'current'));
  t.is(await ask('/posts/a'), 'new');
  t.regex(await ask('/posts/b'), /"method"/);
  await writeFile(join(folder, 'newer'), 'newest');
  await rename(join(folder, 'newer'), join(folder, fileOf('/posts/a', 'html', 'two')));
  t.is(await ask('/posts/a'), 'newest');
});

test('pagesLocation() lets static locations and those of the site stand beside it, and its headers are its own', async (t) => {
  const folder = await temporaryFolder(t, { 'app.css': 'css' });
  const { url } = await startSite(t, await startApp(t), {
    server: `${staticLocation({ prefix: '/static/', root: folder })} add_header X-Server 1; expires 1d; gzip on; error_page 404 /nowhere;`,
  });
  t.is((await request(url, '/static/app.css', { headers: HOST })).body.toString(), 'css');
  const { headers } = await request(url, '/posts/a', { headers: HOST });
  t.deepEqual(
    [headers['cache-control'], headers['x-server'], headers.expires],
    ['no-cache', undefined, undefined],
  );
});

test('pagesHttp() and pagesLocation() of two sites stand in one nginx', async (t) => {
  const folder = await temporaryFolder(t, {
    [fileOf('/posts/a')]: 'one',
    'current/pages/shop-a.example.com/posts/a@.html': 'two',
  });
  const upstream = await startApp(t);
  const [one, two] = [
    { ...GATE, folder, upstream },
    { sites: ['http://shop-a.example.com'], urls: ['/posts/:slug'], bypassCookies: ['s'], folder, upstream },
  ];
  const port = await freePort();
  const { url } = await startNginx(
    t,
    pagesLocation(one),
    `${pagesHttp(one)}${pagesHttp(two)} server { listen 127.0.0.1:${port}; ${pagesLocation(two)} }`,
  );
  t.is((await request(url, '/posts/a', { headers: HOST })).body.toString(), 'one');
  const headers = { host: 'shop-a.example.com', cookie: 'a=b' };
  t.is((await request(`http://127.0.0.1:${port}`, '/posts/a', { headers })).body.toString(), 'two');
});

test('pagesLocation() passes to an upstream block and to a socket, too', async (t) => {
  const app = await startApp(t);
  const options = { ...GATE, folder: '/nonexistent', upstream: 'my_app' };
  const upstream = `upstream my_app { server ${app.slice('http://'.length)}; keepalive 8; }`;
  const { url } = await startNginx(t, pagesLocation(options), upstream + pagesHttp(options));
  t.regex((await request(url, '/posts/a', { headers: HOST })).body.toString(), /"method"/);
  for (const [given, written] of [
    ['unix:/run/app.sock', 'http://unix:/run/app.sock'],
    ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000'],
    ['127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['https://[::1]:8443', 'https://[::1]:8443'],
  ] as const)
    t.true(pagesLocation({ ...options, upstream: given }).includes(`proxy_pass ${written};`), given);
});

test('pagesHttp() says what nginx cannot take, and what to do', (t) => {
  const options = { ...GATE, folder: '/srv/pages', upstream: 'app' };
  const wrong: readonly (readonly [options: Partial<PagesLocationOptions>, message: RegExp])[] = [
    [
      { headers: { 'X-A': 'US$ 5' } },
      /^Nginx cannot take the header "X-A" of the option "headers" as "US\$ 5": "\$" starts/,
    ],
    [{ browserCacheControl: 'max-age=$x' }, /^Nginx cannot take the option "browserCacheControl"/],
    [{ folder: '/srv/$x' }, /^Nginx cannot take the option "folder"/],
    [{ urls: Array.from({ length: 1 }, () => `/${'x'.repeat(4000)}`) }, /^Nginx cannot take "~\^.*4000 fit/],
  ];
  for (const [each, message] of wrong)
    t.throws(() => pagesHttp({ ...options, ...each }), {
      instanceOf: StaticUrlError,
      code: 'NGINX_INEXPRESSIBLE',
      message,
    });
  const mistaken: readonly (readonly [options: object, message: RegExp])[] = [
    [{ folder: 'pages' }, /The option "folder" is "pages", a relative path/],
    [{ upstream: 'http://app/path' }, /The option "upstream" is where the app listens/],
    [{ upstream: 3000 }, /The option "upstream" is where the app listens.*not 3000/],
    [{ headers: { 'Set-Cookie': 'a=b' } }, /The option "headers" has "Set-Cookie", which is decided anew/],
    [{ headers: { 'X A': 'b' } }, /no name of a header/],
    [{ headers: [{ urls: '/:', headers: {} }] }, /The option "headers" has the pattern "\/:"/],
    [{ headers: 'X' }, /The option "headers" is an object of names and values/],
    [{ hosts: [] }, /pagesHttp\(\) has no option "hosts"/],
  ];
  for (const [each, message] of mistaken)
    t.throws(() => pagesHttp({ ...options, ...each }), { instanceOf: TypeError, message });
});
