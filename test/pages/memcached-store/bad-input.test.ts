import { ADDRCONFIG } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { memcachedStore, type MemcachedStore } from '../../../src/pages/memcached-store/index.ts';
import { until } from '../../helpers/descriptors.ts';
import { startMemcached } from '../../helpers/memcached.ts';
import { html, keyOf, SETTING, store, targetsIn, textOf } from '../stored-pages.ts';
import { openStore, startServers } from './cluster.ts';

const SERVER_ANSWERS: Readonly<Record<string, readonly [answer: string, RegExp, isOld?: boolean]>> = {
  'speaks HTTP': [
    'HTTP/1.1 400 Bad Request\r\n\r\n',
    /answered "HTTP\/1\.1 400 Bad Request", as no memcached does/,
  ],
  'speaks Redis': [
    "-ERR unknown command 'get'\r\n",
    /answered "-ERR unknown command 'get'", as no memcached does/,
  ],
  'answers garbage': ['\0\u0001\u0002garbage\n', /as no memcached does/],
  'answers without an end': ['x'.repeat(10_000), /as no memcached does/],
  'is an old memcached': [
    'STAT version 1.5.22\r\nEND\r\nSTAT item_size_max 1048576\r\nEND\r\n',
    /has the version "1\.5\.22", and pages need 1\.6 or later/,
    true,
  ],
};

for (const [what, [answer, message, isOld]] of Object.entries(SERVER_ANSWERS))
  test(`open() names a server that ${what}`, async (t) => {
    const port = await serve(t, (socket) =>
      socket.on('data', (asked) => {
        socket.write(isOld && asked.toString().startsWith('get ') ? 'END\r\n' : answer);
      }),
    );
    const pages = memcachedStore({
      servers: [`127.0.0.1:${port}`],
      ttlSeconds: 60,
      deadlineMilliseconds: 10_000,
    });
    const warnings: string[] = [];
    const opening = pages.open({ ...SETTING, onWarning: (error) => warnings.push(error.message) });
    await t.throwsAsync(opening, { code: 'STORE_UNREACHABLE', message });
  });

test('open() refuses a server name with several addresses, and says what to write', async (t) => {
  const pages = memcachedStore({ servers: ['localhost:1'], ttlSeconds: 60, deadlineMilliseconds: 10_000 });
  const addresses = new Set(
    (await lookup('localhost', { all: true, hints: ADDRCONFIG })).map(({ address }) => address),
  );
  const opening = pages.open({ ...SETTING, onWarning: () => {} });
  if (addresses.size > 1)
    await t.throwsAsync(opening, {
      code: 'STORE_UNREACHABLE',
      message:
        /"localhost:1" has several addresses, which nginx would use in turn: write "[\d.:]+" or "[\d.:]+" in place/,
    });
  else await t.notThrowsAsync(opening);
  await pages.close();
});

interface Tampered {
  readonly pages: MemcachedStore;
  /** What becomes of the server's answers from now on; the connection ends behind one that is shorter. */
  readonly tamper: (change: Change) => void;
}

type Change = (bytes: Buffer) => Buffer | undefined;
const unchanged: Change = (bytes) => bytes;

/** A store on one server, behind somebody who can change what it answers. */
async function startTampered(t: ExecutionContext): Promise<Tampered> {
  const real = await startMemcached(t);
  let change = unchanged;
  const port = await serve(t, (socket) => {
    const server = connect(real.port, real.host).on('error', () => {});
    socket.pipe(server);
    socket.on('close', () => server.destroy());
    server.on('data', (bytes) => {
      const changed = change(bytes);
      if (changed === undefined) socket.destroy();
      else if (changed.length < bytes.length) socket.end(changed);
      else socket.write(changed);
    });
  });
  const pages = memcachedStore({
    servers: [`127.0.0.1:${port}`],
    ttlSeconds: 60,
    deadlineMilliseconds: 10_000,
  });
  t.teardown(() => pages.close());
  await pages.open({ ...SETTING, onWarning: () => {} });
  return { pages, tamper: (next) => (change = next) };
}

async function serve(t: ExecutionContext, answer: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    answer(socket.on('error', () => {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.');
  return address.port;
}

const TAMPERED: Readonly<Record<string, Change>> = {
  'closes in the middle of an item': (bytes) => bytes.subarray(0, bytes.length >> 1),
  'closes at once': () => undefined,
  'answers garbage': () => Buffer.from('garbage\r\n'),
  'answers for another key': (bytes) =>
    Buffer.from(bytes.toString('latin1').replaceAll('pages:', 'other:'), 'latin1'),
  'gives an item that is longer than it says': (bytes) =>
    Buffer.from(bytes.toString('latin1').replace(/\r\nEND/, 'more\r\nEND'), 'latin1'),
};

for (const [what, change] of Object.entries(TAMPERED))
  test(`read(), begin() and delete() reject while a server ${what}, and go on afterwards`, async (t) => {
    const { pages, tamper } = await startTampered(t);
    t.true(await store(pages, '/a', html('a')));
    const pending = await pages.begin(keyOf('/b'), { fence: false });
    tamper(change);
    await t.throwsAsync(pages.read(keyOf('/a')), { code: 'STORE_UNREACHABLE' });
    await t.throwsAsync(pages.begin(keyOf('/a'), { fence: false }), { code: 'STORE_UNREACHABLE' });
    await t.throwsAsync(pages.delete([keyOf('/c')]), { code: 'STORE_UNREACHABLE' });
    await t.throwsAsync(async () => pending?.land(html('b')), { code: 'STORE_UNREACHABLE' });
    tamper(unchanged);
    await until(async () => (await textOf(pages, '/a').catch(() => undefined)) === '<h1>a</h1>\n');
    t.is(await textOf(pages, '/b'), undefined);
  });

test('a page whose key takes 250 bytes is kept, and one of 251 is not', async (t) => {
  const [one, other] = await Promise.all([1, 2].map(async () => openStore(t, await startServers(t, 1))));
  if (one === undefined || other === undefined) throw new Error('Two stores are needed.');
  const fits = `/${'a'.repeat(250 - 'pages:www.example.com/'.length)}`;
  t.true(await store(one, fits, html('long', ['all'])));
  t.is(await textOf(one, fits), '<h1>long</h1>\n');
  t.deepEqual(await targetsIn(one), [fits]);
  t.is(await one.begin(keyOf(`${fits}b`), { fence: true }), undefined);
  t.is(await one.read(keyOf(`${fits}b`)), undefined);
  t.deepEqual(await one.delete([keyOf(`${fits}b`)]), []);
  // An escape takes three bytes more: nginx writes a percent sign as "%25".
  const escaped = `${fits.slice(0, -5)}%20`;
  t.true(await store(other, escaped, html('escaped', ['all'])));
  t.deepEqual(await targetsIn(other), [escaped]);
  t.is(await other.begin(keyOf(`${fits.slice(0, -4)}%20`), { fence: true }), undefined);
  t.deepEqual(
    (await other.invalidate(['all'])).map(({ target }) => target),
    [escaped],
  );
});

test('pages with escapes, quotes and other signs in their URLs are told apart, listed and removed', async (t) => {
  const pages = await openStore(t, await startServers(t, 2));
  const targets = [
    '/%C3%A9',
    '/%E2%82%AC%20x',
    "/it's",
    '/a?b=%22c%22',
    '/a?b="c"',
    '/a?b=%2525',
    '/a?b=%25',
    '/a?c=%0D%0Aget%20x',
    '/(a)!*;,',
  ];
  const kept: string[] = [];
  for (const target of targets) if (await store(pages, target, html(target, ['all']))) kept.push(target);
  t.true(kept.length >= 8, kept.join(' '));
  for (const target of kept) t.is(await textOf(pages, target), `<h1>${target}</h1>\n`);
  t.deepEqual(await targetsIn(pages), kept.toSorted());
  t.deepEqual((await pages.invalidate(['all'])).map(({ target }) => target).toSorted(), kept.toSorted());
  t.deepEqual(await targetsIn(pages), []);
});

test('a target with a line break, or a blank, sends no command of its own', async (t) => {
  const pages = await openStore(t, await startServers(t, 1));
  t.true(await store(pages, '/a', html('a')));
  for (const target of [
    '/b\r\nflush_all',
    '/b flush_all',
    '/a?b=c\r\nflush_all\r\n',
    '/\ud800',
    '/é?a=\u2028',
  ]) {
    await store(pages, target, html('b')).catch(() => false);
    await pages.read(keyOf(target));
    await pages.delete([keyOf(target)]);
  }
  t.is(await textOf(pages, '/a'), '<h1>a</h1>\n');
});

for (const jump of [-400 * 86_400_000, 400 * 86_400_000])
  test.serial(`a clock that jumps ${jump < 0 ? 'back' : 'ahead'} decides nothing`, async (t) => {
    const pages = await openStore(t, await startServers(t, 1));
    t.true(await store(pages, '/a', html('old', ['all'])));
    const before = await pages.begin(keyOf('/b'), { fence: false });
    const now = Date.now.bind(Date);
    Date.now = () => now() + jump;
    t.teardown(() => (Date.now = now));
    const behind = await pages.begin(keyOf('/c'), { fence: false });
    t.is((await pages.invalidate(['all'])).length, 1);
    t.false(await before?.land(html('old', ['all'])));
    t.true(await behind?.land(html('other', ['else'])));
    t.true(await store(pages, '/a', html('new', ['all'])));
    t.is(await textOf(pages, '/a'), '<h1>new</h1>\n');
    Date.now = now;
    t.true(await store(pages, '/a', html('newer', ['all'])));
    t.is(await textOf(pages, '/a'), '<h1>newer</h1>\n');
  });
