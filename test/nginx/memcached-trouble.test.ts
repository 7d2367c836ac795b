import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { MemcachedNode, set } from '../../src/memcached/index.ts';
import { parseServers } from '../../src/memcached/options.ts';
import { pagesHttp, pagesLocation } from '../../src/nginx.ts';
import { freePort } from '../helpers/free-port.ts';
import { listen } from '../helpers/listen.ts';
import { startMemcached } from '../helpers/memcached.ts';
import { startNginx, type Nginx } from '../helpers/nginx.ts';
import { request } from '../helpers/request.ts';

const HOST = { host: 'www.example.com' };
const LONG_MILLISECONDS = 60_000;

interface Setting {
  readonly server: string;
  /** The app is down unless its address is given. */
  readonly upstream?: string;
  readonly deadlineMilliseconds?: number;
  readonly http?: string;
  /** Where it listens too, with a system that takes little from it at a time. */
  readonly slowPort?: number;
}

async function startSite(
  t: ExecutionContext,
  { server, upstream, deadlineMilliseconds = LONG_MILLISECONDS, http = '', slowPort }: Setting,
): Promise<Nginx> {
  const options = {
    sites: ['http://www.example.com'],
    urls: ['/posts/:slug'],
    upstream: upstream ?? `127.0.0.1:${await freePort()}`,
    memcached: { servers: [server], deadlineMilliseconds },
  };
  const location = pagesLocation(options);
  const slow = slowPort === undefined ? '' : `server { listen 127.0.0.1:${slowPort} sndbuf=4k; ${location} }`;
  return startNginx(t, location, pagesHttp(options) + http + slow);
}

async function put(server: string, target: string, body: Buffer): Promise<void> {
  const [parsed] = parseServers([server], 'servers');
  const node = new MemcachedNode(parsed!, { deadlineMilliseconds: LONG_MILLISECONDS });
  await node.run(set(`pages:www.example.com${target}`, body, { ttlSeconds: 600, flags: 0 }));
  await node.close();
}

test('pagesLocation() says once that answers vary, where nginx compresses an item itself', async (t) => {
  const { server } = await startMemcached(t);
  const { url } = await startSite(t, { server, http: 'gzip on; gzip_vary on; gzip_min_length 1;' });
  await put(server, '/posts/a', Buffer.alloc(500, 'page '));
  const { headers, body } = await request(url, '/posts/a', {
    headers: { ...HOST, 'accept-encoding': 'gzip' },
  });
  t.like(headers, { 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
  t.is(gunzipSync(body).toString(), 'page '.repeat(100));
});

test('pagesLocation() sends a big page whole to a visitor who takes longer for it than memcached may', async (t) => {
  const { server } = await startMemcached(t);
  const app = await listen(t, (_incoming, response) => response.end('app'));
  const deadlineMilliseconds = 500;
  const port = await freePort();
  await startSite(t, { server, upstream: app.url, deadlineMilliseconds, slowPort: port });
  const page = Buffer.alloc(1_000_000, 'page ');
  await put(server, '/posts/big', page);
  const received = async (): Promise<Buffer> => {
    const socket = connect({ port, host: '127.0.0.1' });
    t.teardown(() => socket.destroy());
    socket.write('GET /posts/big HTTP/1.0\r\nHost: www.example.com\r\n\r\n');
    socket.once('data', () => {
      socket.pause();
      setTimeout(() => socket.resume(), 2 * deadlineMilliseconds);
    });
    const pieces: Buffer[] = [];
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    await once(socket, 'close');
    const answer = Buffer.concat(pieces);
    return answer.subarray(answer.indexOf('\r\n\r\n') + 4);
  };
  // On a machine under load memcached itself may be later than that.
  let body = await received();
  for (let tries = 1; tries < 5 && !body.equals(page); tries += 1) body = await received();
  t.true(body.equals(page));
});

/** A server that is no memcached. */
async function startOther(t: ExecutionContext, answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const other = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('data', () => answer(socket));
  });
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy();
    other.close();
    await once(other, 'close');
  });
  // Of a server that listens at a port.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return `127.0.0.1:${(other.address() as AddressInfo).port}`;
}

const BROKEN: Readonly<Record<string, (socket: Socket) => void>> = {
  'closes at once': (socket) => socket.end(),
  resets: (socket) => socket.resetAndDestroy(),
  'answers as a web server': (socket) =>
    socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno'),
  'answers with an error': (socket) => socket.write('SERVER_ERROR out of memory\r\n'),
  'answers with another key': (socket) => socket.write('VALUE pages:other 0 5\r\nother\r\nEND\r\n'),
  'names no length': (socket) => socket.write('VALUE pages:www.example.com/posts/a 0 x\r\nhello\r\nEND\r\n'),
  'sends one line without an end': (socket) => socket.write('x'.repeat(100_000)),
};

for (const [what, answer] of Object.entries(BROKEN))
  test(`the app answers where what should be memcached ${what}`, async (t) => {
    const app = await listen(t, ({ method, url, headers }, response) =>
      response.end(`${method} ${url} ${headers.host}`),
    );
    const { url } = await startSite(t, { server: await startOther(t, answer), upstream: app.url });
    const { status, headers, body } = await request(url, '/posts/a', { headers: HOST });
    t.deepEqual([status, body.toString()], [200, 'GET /posts/a www.example.com']);
    t.is(headers['cache-status'], undefined);
  });

test('a visitor is told that a page is not whole, where memcached closes in the middle of it', async (t) => {
  const server = await startOther(t, (socket) =>
    socket.end('VALUE pages:www.example.com/posts/a 0 1000\r\nthe beginning'),
  );
  const { url } = await startSite(t, { server });
  await t.throwsAsync(request(url, '/posts/a', { headers: HOST }), { code: 'ECONNRESET' });
});
